package accounts

import (
	"slices"
	"strings"

	"preau/account/secret"
	"preau/core/paper"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// letters prints a letter for each guardian of the class who has not come in,
// and a list of whom they are for.
func (s *Service) letters(r *web.Request) (web.Answer, error) {
	at, err := place.Class(r, issueFamilies)
	if err != nil {
		return nil, err
	}
	pupils, err := directory.PupilsIn(r.Tx, at.Class.ID)
	if err != nil {
		return nil, err
	}
	kin, err := directory.KinOf(r.Tx, directory.IDs(pupils)...)
	if err != nil {
		return nil, err
	}
	p := s.printing(r, at)
	var who []sheet
	for _, pupil := range pupils { // the order in which a pile is handed out
		for _, k := range kin {
			if k.Pupil != pupil.ID || k.Organisation {
				continue
			}
			if k.PlaceHidden {
				p.Apart = append(p.Apart, k.Name())
				continue
			}
			i := slices.IndexFunc(who, func(s sheet) bool { return s.Who.ID == k.ID })
			if i < 0 {
				i, who = len(who), append(who, sheet{Who: k.Someone})
			}
			who[i].Of = append(who[i].Of, pupil.Name())
		}
	}
	tongue, err := s.tongueIn(r)
	if err != nil {
		return nil, err
	}
	return s.print(r, p, issueFamilies, who, "accounts.letters-file", func(p printing) ([]byte, error) { return p.letters(tongue) })
}

// letters draws a letter a page, and the list of whom they are for.
func (p printing) letters(other tongue) ([]byte, error) {
	d := paper.New(p.say("accounts.letters-file", p.Of), p.Made)
	for _, one := range p.Sheets {
		d.Page()
		y := p.letter(d, one, "family", p.say("accounts.letter-guardian-of", p.Words.Of(strings.Join(one.Of, ", "))), p.Class.Label)
		if other.Code != "" {
			p.again(d, y+2*between, other)
		}
	}
	p.list(d)
	return d.Bytes()
}

// The columns of a letter, in millimetres.
const (
	left    = 20.0
	column  = paper.Width - 2*left
	toWhom  = 115.0 // the right half, where an envelope with a window shows it
	between = 4.0
)

// letter draws a letter to somebody, with what they are below their name, and tells
// where it ends. Of what is said to them, a letter to the staff has its own.
func (p printing) letter(d *paper.Document, one sheet, kind string, about ...string) float64 {
	y := d.Write(left, 20, column, paper.Strong, paper.Left, p.School.Name)
	d.Write(left, y, column, paper.Plain, paper.Left, p.School.Town)
	d.Write(toWhom, 45, paper.Width-toWhom-left, paper.Strong, paper.Left, formal(one.Who))
	d.Write(toWhom, 51, paper.Width-toWhom-left, paper.Plain, paper.Left, strings.Join(about, "\n"))

	y = d.Write(left, 80, column, paper.Title, paper.Left, p.say("accounts.letter-title"))
	y = d.Write(left, y+between, column, paper.Plain, paper.Left, p.say("accounts.letter-lead-"+kind)) + between
	y = d.Key(left, y, column, p.link(one.Code),
		paper.Fact{Name: p.say("accounts.slip-address"), Text: p.Address}, paper.Fact{Name: p.say("accounts.slip-login"), Text: one.Login.String()},
		paper.Fact{Name: p.say("accounts.slip-code"), Text: one.Text}, paper.Fact{Name: p.say("accounts.slip-until"), Text: p.until(one.Code)})
	y = numbered(d, y, func(x, y, width float64, text string) float64 {
		return d.Write(x, y, width, paper.Plain, paper.Left, text)
	}, p.say("accounts.letter-step-1"), p.say("accounts.letter-step-2"), p.say("accounts.letter-step-3", secret.Least()))
	y = d.Write(left, y+between/2, column, paper.Small, paper.Left, p.say("accounts.letter-keep-"+kind))
	d.Write(left, paper.Height-22, column, paper.Small, paper.Left, p.say("accounts.letter-foot-"+kind, p.School.Name))
	return y
}

// formal is how a letter names somebody: "Mme Claude MARTIN".
func formal(who directory.Someone) string {
	return strings.TrimSpace(who.Civility + " " + who.Name())
}

// numbered writes steps, each after its number.
func numbered(d *paper.Document, y float64, write func(x, y, width float64, text string) float64, all ...string) float64 {
	for i, text := range all {
		d.Write(left, y, 6, paper.Strong, paper.Left, string(rune('1'+i)))
		y = write(left+7, y, column-7, text) + 1
	}
	return y
}

// again says the letter in another language.
func (p printing) again(d *paper.Document, y float64, in tongue) {
	d.Rule(left, y, column)
	write := func(x, y, width float64, face paper.Face, text string) float64 {
		if in.RightToLeft {
			return d.WriteShaped(x, y, width, face, text)
		}
		return d.Write(x, y, width, face, paper.Left, text)
	}
	y = write(left, y+between, column, paper.Strong, in.Title)
	y = write(left, y+1, column, paper.Small, in.Lead) + 1
	for i, text := range in.Steps {
		y = write(left, y, column, paper.Small, string(rune('1'+i))+". "+text)
	}
	write(left, y+1, column, paper.Small, in.Keep)
}

// The lines of a list, in millimetres.
const (
	lineHeight = 7.0
	boxSide    = 4.0
)

// list says whom the letters are for, with a box to tick each.
func (p printing) list(d *paper.Document) {
	y := paper.Height // no page yet
	begin := func() {
		d.Page()
		y = d.Write(left, 20, column, paper.Title, paper.Left, p.say("accounts.list-title", p.Of)) + between
		y = d.Write(left, y, column, paper.Small, paper.Left, p.say("accounts.list-lead")) + between
	}
	for _, one := range p.Sheets {
		if y+lineHeight > paper.Height-paper.Margin {
			begin()
		}
		d.Box(left, y, boxSide)
		d.Write(left+8, y-0.5, 75, paper.Small, paper.Left, one.Who.Name())
		d.Write(left+85, y-0.5, column-85, paper.Small, paper.Left, strings.Join(one.Of, ", "))
		y += lineHeight
	}
	if len(p.Apart) > 0 {
		if y+3*lineHeight > paper.Height-paper.Margin {
			begin()
		}
		d.Write(left, y+between, column, paper.Small, paper.Left, p.say("accounts.list-apart", strings.Join(p.Apart, ", ")))
	}
}
