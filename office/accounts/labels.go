package accounts

import (
	"preau/core/i18n"
	"preau/core/paper"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// labels prints a label with a login and a code for each pupil of the class who has not
// come in and may have a password: see [account.Grown].
func (s *Service) labels(r *web.Request) (web.Answer, error) {
	at, err := place.Class(r, issue)
	if err != nil {
		return nil, err
	}
	pupils, err := directory.PupilsIn(r.Tx, at.Class.ID)
	if err != nil {
		return nil, err
	}
	marks := tellApart(r.Printer, at.Class, pupils)
	who := make([]sheet, len(pupils))
	for i, pupil := range pupils {
		who[i] = sheet{Who: pupil.Someone, Level: pupil.Level, Mark: marks[pupil.ID]}
	}
	return s.print(r, s.printing(r, at), issue, who, "accounts.labels-file", printing.labels)
}

// A sheet of labels has two columns of four.
const (
	labelWidth  = paper.Width / 2
	labelHeight = paper.Height / 4
	perSheet    = 8
)

// labels draws the labels, eight a sheet, with where to cut.
func (p printing) labels() ([]byte, error) {
	d := paper.New(p.say("accounts.labels-file", p.Class.Label), p.Made)
	for i, one := range p.Sheets {
		if i%perSheet == 0 {
			d.Page()
			d.Cut(labelWidth, 0, labelWidth, paper.Height)
			for row := 1.0; row < 4; row++ {
				d.Cut(0, row*labelHeight, paper.Width, row*labelHeight)
			}
		}
		p.label(d, float64(i%2)*labelWidth, float64(i%perSheet/2)*labelHeight, one)
	}
	return d.Bytes()
}

func (p printing) label(d *paper.Document, x, y float64, one sheet) {
	const pad, qr = 8.0, 40.0
	width := labelWidth - 2*pad
	first := paper.Face{Size: 20, Bold: true}
	at := d.Write(x+pad, y+pad, width, d.Fits(width, first, one.Who.First), paper.Left, one.Who.First)
	at = d.Write(x+pad, at, width, d.Fits(width, paper.Plain, one.Who.Usual), paper.Left, one.Who.Usual)
	at = d.Write(x+pad, at, width, paper.Small, paper.Left, i18n.Dots(p.Class.Label, one.Mark, p.School.Name))
	d.QR(x+labelWidth-pad-qr, y+labelHeight-pad/2-qr, qr, p.link(one.Code))
	width -= qr
	for _, line := range [][2]string{{p.say("accounts.slip-login"), one.Login.String()}, {p.say("accounts.slip-code"), one.Text}} {
		at = d.Write(x+pad, at+1, width, paper.Small, paper.Left, line[0])
		at = d.Write(x+pad, at, width, d.Fits(width, paper.Strong, line[1]), paper.Left, line[1])
	}
	how := p.say("accounts.label-how")
	d.Write(x+pad, y+labelHeight-14, width, d.Fits(width, paper.Face{Size: 7}, how), paper.Left, how)
	ends := p.say("accounts.label-until", p.until(one.Code))
	d.Write(x+pad, y+labelHeight-6.5, width, d.Fits(width, paper.Face{Size: 7}, ends), paper.Left, ends)
	d.Write(x+pad, y+labelHeight-10, width, d.Fits(width, paper.Face{Size: 7}, p.Address), paper.Left, p.Address)
}
