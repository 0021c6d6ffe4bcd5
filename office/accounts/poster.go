package accounts

import (
	"time"

	"preau/account"
	"preau/core/i18n"
	"preau/core/paper"
	"preau/core/school"
	"preau/core/ui"
)

// poster draws the poster of a class: the QR code, one sentence, and the three
// things that a child does, in pictures. Its foot, a key, says until when it is good and
// who replaces it.
func (p printing) poster(poster account.Printed, site, foot string) ([]byte, error) {
	const qr = 120.0
	d := paper.New(p.say("accounts.poster-file", p.Class.Label), poster.Made)
	d.Page()
	width := paper.Width - 2*paper.Margin
	title := paper.Face{Size: 40, Bold: true}
	y := d.Write(paper.Margin, 18, width, d.Fits(width, title, p.Class.Label), paper.Centre, p.Class.Label)
	y = d.Write(paper.Margin, y+2, width, paper.Plain, paper.Centre, p.School.Name)
	d.QR((paper.Width-qr)/2, y+4, qr, site+poster.Link())
	y = d.Write(paper.Margin, y+qr+8, width, paper.Face{Size: 22, Bold: true}, paper.Centre, p.say("accounts.poster-sentence"))
	const side, between = 34.0, 22.0
	x := (paper.Width - 3*side - 2*between) / 2
	for i, picture := range []ui.Pictogram{ui.PictureCamera, "fox", "star"} {
		d.Picture(x, y+6, side, picture.PNG())
		d.Write(x, y+6+side+1, side, paper.Strong, paper.Centre, string(rune('1'+i)))
		x += side + between
	}
	y += side + 18
	y = d.Write(paper.Margin, y, width, paper.Small, paper.Centre, p.say("accounts.poster-code", site+"/class"))
	y = d.Write(paper.Margin, y, width, paper.Face{Size: 18, Bold: true}, paper.Centre, poster.Text)
	d.Write(paper.Margin, y+2, width, paper.Small, paper.Centre, p.say(foot, p.Words.Date(school.LastDay(poster.Expires))))
	return d.Bytes()
}

// card is what a child is given: their pictures.
type card struct {
	child
	Pictures account.Pictures
}

// animal names, on what a child is given, the animal of whoever has the name of another
// pupil of the class: a birth date is not for what is worn and lost.
func (p printing) animal(one child) string {
	if one.Mark == "" {
		return ""
	}
	return p.say("ui.picture-" + string(one.Animal))
}

// A sheet of cards has two columns of five.
const (
	cardHeight    = paper.Height / 5
	cardsPerSheet = 10
)

// cards draws the cards of children, with where to cut.
func (p printing) cards(cards []card, made time.Time) ([]byte, error) {
	const pad, side = 8.0, 26.0
	d := paper.New(p.say("accounts.cards-file", p.Class.Label), made)
	for i, one := range cards {
		if i%cardsPerSheet == 0 {
			d.Page()
			d.Cut(labelWidth, 0, labelWidth, paper.Height)
			for row := 1.0; row < 5; row++ {
				d.Cut(0, row*cardHeight, paper.Width, row*cardHeight)
			}
		}
		x, y, width := float64(i%2)*labelWidth+pad, float64(i%cardsPerSheet/2)*cardHeight+pad, labelWidth-2*pad
		at := d.Write(x, y, width, d.Fits(width, paper.Title, one.First), paper.Left, one.First)
		about := i18n.Dots(one.Usual, p.Class.Label, p.animal(one.child))
		at = d.Write(x, at, width, d.Fits(width, paper.Small, about), paper.Left, about) + 2
		for j, picture := range one.Pictures {
			left := x + float64(j)*(side+3)
			d.Frame(left, at, side, side)
			d.Picture(left+2, at+2, side-4, picture.PNG())
		}
		secret := p.say("accounts.cards-secret", one.First)
		d.Write(x, at+side+1.5, width, d.Fits(width, paper.Face{Size: 8}, secret), paper.Left, secret)
	}
	return d.Bytes()
}
