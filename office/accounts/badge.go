package accounts

import (
	"slices"

	"preau/account"
	"preau/core/i18n"
	"preau/core/paper"
	"preau/core/school"
	"preau/core/web"
	"preau/directory/place"
)

// printBadges makes badges for the children of the class who have none, or for
// all when the form asks for it, and prints them.
func (s *Service) printBadges(r *web.Request) (web.Answer, error) {
	at, err := doorClass(r)
	if err != nil {
		return nil, err
	}
	children, err := s.children(r, at.Class.ID)
	if err != nil {
		return nil, err
	}
	again := r.PostFormValue("again") != ""
	children = slices.DeleteFunc(children, func(c child) bool { return !c.mayEnter() || c.Badge.ID != 0 && !again })
	if len(children) == 0 {
		return web.Redirect{To: doorPath(at.Class.ID), Notice: "accounts.no-child-badges", Info: true}, nil
	}
	return s.makeBadges(r, at, r.Say("accounts.child-badges-file", at.Class.Label), children...)
}

// printBadge makes a badge for one child and prints it; the one of before opens
// nothing any more.
func (s *Service) printBadge(r *web.Request) (web.Answer, error) {
	at, who, err := s.childOfPath(r)
	if err != nil {
		return nil, err
	}
	return s.makeBadges(r, at, r.Say("accounts.child-badge-file", who.First), who)
}

func (s *Service) makeBadges(r *web.Request, at place.Room, name string, children ...child) (web.Answer, error) {
	ids := make([]school.ID, len(children))
	for i, c := range children {
		ids[i] = c.ID
	}
	if err := r.ActsOn(len(children)); err != nil {
		return nil, err
	}
	badges, err := s.Accounts.MakeBadges(r.Tx, at.Class.ID, at.School.ID, r.By(), ids)
	if err != nil {
		return nil, err
	}
	made := make([]childBadge, len(children))
	for i, c := range children {
		made[i] = childBadge{c, badges[c.ID]}
	}
	p, site := s.printing(r, at), r.Absolute("")
	return printed(name, func() ([]byte, error) { return p.childBadges(made, site) }), nil
}

// childBadge is the badge of a child, to be printed.
type childBadge struct {
	child
	account.Printed
}

// A badge has the size of a bank card (ISO/IEC 7810, ID-1), and a sheet two
// columns of five.
const (
	idWidth, idHeight = 85.6, 53.98
	idsPerSheet       = 10
)

// childBadges draws the badges of children, with where to cut.
func (p printing) childBadges(badges []childBadge, site string) ([]byte, error) {
	const left, top = (paper.Width - 2*idWidth) / 2, (paper.Height - 5*idHeight) / 2
	d := paper.New(p.say("accounts.child-badges-file", p.Class.Label), badges[0].Made)
	for i, one := range badges {
		if i%idsPerSheet == 0 {
			d.Page()
			for column := range 3 {
				x := left + float64(column)*idWidth
				d.Cut(x, top-5, x, paper.Height-top+5)
			}
			for row := range 6 {
				y := top + float64(row)*idHeight
				d.Cut(left-5, y, paper.Width-left+5, y)
			}
		}
		p.childBadge(d, left+float64(i%2)*idWidth, top+float64(i%idsPerSheet/2)*idHeight, one, site)
	}
	return d.Bytes()
}

func (p printing) childBadge(d *paper.Document, x, y float64, one childBadge, site string) {
	const pad, qr, animal = 4.0, 40.0, 17.0
	width := idWidth - 2*pad - qr
	d.QR(x+idWidth-qr-1, y+1, qr, site+one.Link())
	d.Picture(x+pad, y+pad, animal, one.Animal.PNG())
	at := y + pad + animal + 1
	first := paper.Face{Size: 17, Bold: true}
	at = d.Write(x+pad, at, width, d.Fits(width, first, one.First), paper.Left, one.First)
	about := i18n.Dots(p.Class.Label, p.animal(one.child))
	d.Write(x+pad, at, width, d.Fits(width, paper.Small, about), paper.Left, about)
	whole := idWidth - 2*pad
	typed := p.say("accounts.child-badge-code", site+typingPath, one.Text)
	d.Write(x+pad, y+idHeight-pad-7, whole, d.Fits(whole, paper.Face{Size: 8}, typed), paper.Left, typed)
	lost := p.say("accounts.child-badge-lost")
	d.Write(x+pad, y+idHeight-pad-3, whole, d.Fits(whole, paper.Face{Size: 7}, lost), paper.Left, lost)
}

// typingPath is where the code of a badge is typed, in the hall.
const typingPath = "/class/code"
