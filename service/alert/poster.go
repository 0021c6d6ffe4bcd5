package alert

import (
	"strings"
	"time"

	"preau/core/i18n"
	"preau/core/paper"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// poster gives a notice in big letters, for the gate. It is in French: anybody reads it.
func (s *Service) poster(r *web.Request) (web.Answer, error) {
	a, err := ofPath(r)
	if err != nil {
		return nil, err
	}
	if !a.mayCall(r) {
		if err := mayKeep(r, a); err != nil {
			return nil, err
		}
	}
	at, err := directory.StructureByID(r.Tx, a.School)
	if err != nil {
		return nil, err
	}
	say := i18n.Printer{Catalogue: r.Printer.Catalogue, Lang: i18n.French}
	class, err := a.class(r.Tx)
	sheet := posted{alert: a, At: at.Name, Class: class, Say: say}
	sheet.Day = dated(say, a.Last.At)
	if a.Ended.IsZero() {
		sheet.Until = say.Say("alert.poster-until", say.Date(school.LastDay(a.Until)))
		if a.lastHour() != "" {
			sheet.Until = say.Say("alert.poster-until", dated(say, a.Until))
		}
	}
	return web.PDF{Name: r.Say("alert.poster-file", at.Name), Draw: sheet.draw, Undrawn: "alert.poster-undrawn"}, err
}

// dated says an instant as a sheet does, which is read on any day.
func dated(say i18n.Printer, at time.Time) string {
	at = at.In(school.Paris)
	return say.Say("alert.poster-at", say.Date(at), at.Hour(), at.Format("04"))
}

// posted is what the sheet of the gate says.
type posted struct {
	alert
	At, Class, Day, Until string
	Say                   i18n.Printer
}

// Faces of the sheet: what a parent reads from the pavement.
var (
	facePlace = paper.Face{Size: 26, Bold: true}
	faceWhat  = paper.Face{Size: 60, Bold: true}
	faceText  = paper.Face{Size: 34}
	faceWhen  = paper.Face{Size: 20}
)

// draw makes the sheet: an A4 page.
func (p posted) draw() ([]byte, error) {
	const width = paper.Width - 2*paper.Margin
	title := strings.ToUpper(p.title(p.Say))
	d := paper.New(title, p.Last.At)
	d.Page()
	y := d.Write(paper.Margin, paper.Margin, width, d.Fits(width, facePlace, p.At), paper.Centre, p.At)
	if p.Class != "" {
		y = d.Write(paper.Margin, y, width, faceWhen, paper.Centre, p.Class)
	}
	y += 6
	d.Rule(paper.Margin, y, width)
	y = d.Write(paper.Margin, y+8, width, lined(d, width, faceWhat, title, 3), paper.Centre, title) + 8
	d.Rule(paper.Margin, y, width)
	text := faceText
	for float64(len(d.Lines(width, text, p.Last.Text)))*text.Height() > paper.Height-paper.Margin-40-y && text.Size > 12 {
		text.Size -= 2
	}
	d.Write(paper.Margin, y+10, width, text, paper.Left, p.Last.Text)
	foot := p.Day
	if p.Until != "" {
		foot += "\n" + p.Until
	}
	d.Write(paper.Margin, paper.Height-paper.Margin-2*faceWhen.Height(), width, faceWhen, paper.Centre, foot)
	return d.Bytes()
}

// lined is the largest face not above one in which a text has a few lines at most, and no
// word of it is cut.
func lined(d *paper.Document, width float64, face paper.Face, text string, most int) paper.Face {
	for _, word := range strings.Fields(text) {
		face = d.Fits(width, face, word)
	}
	for len(d.Lines(width, face, text)) > most && face.Size > 20 {
		face.Size -= 2
	}
	return face
}
