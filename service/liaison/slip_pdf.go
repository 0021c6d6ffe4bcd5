package liaison

import (
	"strings"
	"time"

	"preau/core/i18n"
	"preau/core/paper"
	"preau/core/school"
	"preau/core/seal"
	"preau/core/talon"
)

// A talon is a part of a sheet, across it: above, what it is about; below, the strip of
// core/talon, whose places never change for a word. In millimetres.
const (
	answersAt  = talon.CodeSide + 6 // where the boxes begin
	secondAt   = 112.0              // where the second column begins, or the signature
	fewChoices = 4                  // leave room for a signature
	rowHeight  = 8.0
)

// ticks are the boxes of the word's talons.
func (w word) ticks() []talon.Box {
	switch w.Asks {
	case toRead:
		return []talon.Box{{Answer: seen, X: answersAt, Y: 2}}
	case toSign:
		return []talon.Box{{Answer: signed, X: answersAt, Y: 2}}
	case toAccept:
		return []talon.Box{{Answer: yes, X: answersAt, Y: 2}, {Answer: no, X: answersAt + 35, Y: 2}}
	case toChoose:
		all := make([]talon.Box, len(w.Choices))
		for i, choice := range w.Choices {
			x, row := answersAt, i
			if i >= fewChoices {
				x, row = secondAt, i-fewChoices
			}
			all[i] = talon.Box{Answer: choice, X: x, Y: 0.5 + float64(row)*rowHeight}
		}
		return all
	}
	return nil
}

// printed is a talon on its way to paper.
type printed struct {
	slip
	Child, Guardian, Class string // Guardian is empty where one answer is enough
}

// printing is a word of which talons are printed.
type printing struct {
	word
	Key   *seal.Key
	Say   i18n.Printer // French: what is printed is the school's
	Made  time.Time
	Slips []printed
}

// The faces of a talon.
var (
	slipName  = paper.Face{Size: 13, Bold: true}
	slipWords = paper.Face{Size: 9.5}
	slipSmall = paper.Face{Size: 8}
)

// Where a talon has its text, the white before its strip and at its ends, and the ends of a
// sheet, where printers do not print.
const (
	textAt   = 17.5
	slipGap  = 2.0
	slipEnd  = 4.0
	sheetEnd = 5.0
)

// slipHeight is that of a talon, so many a sheet; slipRoom, that of its text.
func slipHeight(number int) float64 { return (paper.Height - 2*sheetEnd) / float64(number) }
func slipRoom(number int) float64 {
	return slipHeight(number) - textAt - slipGap - talon.Height - slipEnd
}

// draw makes the document: four talons a sheet where the text is short, else three, or two
// for a long one, which is cut after a paragraph when it is longer still.
func (p printing) draw() ([]byte, error) {
	d := paper.New(p.Say.Say("liaison.slips-file", p.Title), p.Made)
	text := strings.TrimSpace(p.Facts.text(p.Say, p.Made) + "\n" + p.Body.Plain())
	number, lines := 4, []string(nil)
	for ; number >= 2; number-- {
		if lines = fit(d, text, slipRoom(number)); lines != nil {
			break
		}
	}
	if lines == nil {
		number, lines = 2, cut(d, text, slipRoom(2), p.Say.Say("liaison.slip-more"))
	}
	height := slipHeight(number)
	for i, one := range p.Slips {
		if i%number == 0 {
			d.Page()
		}
		top := sheetEnd + float64(i%number)*height
		if i%number > 0 {
			d.Cut(0, top, paper.Width, top)
		}
		p.slip(d, top, height, one, lines)
	}
	if last := len(p.Slips) % number; last > 0 { // below the last one of a sheet that is not full
		d.Cut(0, sheetEnd+float64(last)*height, paper.Width, sheetEnd+float64(last)*height)
	}
	return d.Bytes()
}

// fit breaks a text that has room whole, or gives nil.
func fit(d *paper.Document, text string, high float64) []string {
	lines := d.Lines(talon.Width, slipWords, text)
	if float64(len(lines))*slipWords.Height() > high {
		return nil
	}
	return append([]string{}, lines...)
}

// cut breaks as many paragraphs of a text as there is room for, then says that there is
// more; of a first one that is too long, as many lines.
func cut(d *paper.Document, text string, high float64, more string) (lines []string) {
	most := int(high/slipWords.Height()) - 1
	for i, paragraph := range strings.Split(text, "\n\n") {
		next := d.Lines(talon.Width, slipWords, paragraph)
		if i > 0 {
			next = append([]string{""}, next...)
		}
		if len(lines)+len(next) > most {
			if i == 0 {
				lines = next[:min(most, len(next))]
			}
			break
		}
		lines = append(lines, next...)
	}
	return append(lines, more)
}

// slip draws a talon whose sheet has it between two heights.
func (p printing) slip(d *paper.Document, top, height float64, one printed, lines []string) {
	y := top + slipEnd
	wide := talon.Width * 0.6
	who := i18n.Dots(one.Child, one.Class)
	d.Write(talon.Margin, y, wide, d.Fits(wide, slipName, who), paper.Left, who)
	if until := p.lastDay(); until != "" {
		d.Write(talon.Margin+wide, y+1, talon.Width-wide, d.Fits(talon.Width-wide-1, paper.Face{Size: 10, Bold: true}, until), paper.Right, until)
	}
	if one.Guardian != "" {
		by := p.Say.Say("liaison.slip-by", p.Say.Of(one.Guardian))
		d.Write(talon.Margin+wide, y+6.5, talon.Width-wide, d.Fits(talon.Width-wide, slipSmall, by), paper.Right, by)
		d.Write(talon.Margin, y+7.5, wide, d.Fits(wide, paper.Strong, p.Title), paper.Left, p.Title)
	} else {
		d.Write(talon.Margin, y+7.5, talon.Width, d.Fits(talon.Width, paper.Strong, p.Title), paper.Left, p.Title)
	}
	y = top + textAt
	for _, line := range lines {
		if line != "" {
			d.Write(talon.Margin, y, talon.Width+5, slipWords, paper.Left, line)
		}
		y += slipWords.Height()
	}
	p.strip(d, top+height-slipEnd-talon.Height, one)
}

// strip draws what is read again, and what it says to whoever answers.
func (p printing) strip(d *paper.Document, y float64, one printed) {
	const x = talon.Margin
	boxes := p.ticks()
	talon.Draw(d, x, y, one.token(p.Key), boxes)
	for _, t := range boxes {
		p.label(d, x+t.X+talon.BoxSide+2, y+t.Y, t)
	}
	switch {
	case p.Asks == toSay:
		d.Write(x+answersAt, y-1, secondAt, slipSmall, paper.Left, p.Say.Say("liaison.slip-answer"))
		for row := range 3 {
			d.Rule(x+answersAt, y+11+float64(row)*9.5, talon.Right-answersAt-4)
		}
	case len(p.Choices) <= fewChoices:
		at := secondAt
		d.Write(x+at, y+talon.Height-9, talon.Width-at, slipSmall, paper.Left, p.Say.Say("liaison.slip-signature"))
		d.Rule(x+at, y+talon.Height-2, talon.Right-at-4)
	}
}

// label writes what a box says, on two lines where it is long.
func (p printing) label(d *paper.Document, x, y float64, t talon.Box) {
	text, width := p.boxLabel(t.Answer), secondAt-answersAt-talon.BoxSide-5
	width = min(width, talon.Right-2-(t.X+talon.BoxSide+2)) // the second column ends before the squares
	if p.Asks == toAccept {
		width = 22
	}
	face := paper.Face{Size: 11}
	if len(d.Lines(width, face, text)) > 1 {
		face.Size = 8
		for len(d.Lines(width, face, text)) > 2 && face.Size > 5 {
			face.Size -= 0.5
		}
	}
	lines := d.Lines(width, face, text)
	y += (talon.BoxSide - float64(len(lines))*face.Height()) / 2
	for _, line := range lines {
		d.Write(x, y, width+5, face, paper.Left, line)
		y += face.Height()
	}
}

// boxLabel is what a box of the talon says.
func (p printing) boxLabel(answer string) string {
	if p.Asks == toChoose {
		return answer
	}
	return p.Say.Say("liaison.slip-" + answer)
}

// lastDay says until when a talon is given back.
func (p printing) lastDay() string {
	if p.Due.IsZero() {
		return ""
	}
	return p.Say.Say("liaison.slip-until", p.Say.OfDay(school.LastDay(p.Due), p.Made))
}
