package file

import (
	"net/url"
	"time"

	"preau/core/audience"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory/whom"
)

// shareView is to whom an entry is opened, and may be.
type shareView struct {
	place
	Grants []grantLine
	Places []whom.Place // where the visitor may open something
	At     whom.Place   // the one that was chosen
	Chosen bool
	Whom   whom.Picker
	Form   web.Form
	Now    time.Time
}

// grantLine is a grant in words.
type grantLine struct {
	grant
	Said string
}

// sharing shows to whom an entry is opened, and asks where else.
func (s *Service) sharing(r *web.Request) (web.Answer, error) {
	p, err := s.keptEntry(r)
	if err != nil {
		return nil, err
	}
	return s.sharePage(r, p, whom.Place{}, web.Form{})
}

// keptEntry reads the entry of the path, which the visitor keeps.
func (s *Service) keptEntry(r *web.Request) (place, error) {
	p, err := s.entryAt(r, keeps)
	if err == nil && (len(p.Chain) == 0 || p.entry().Bin != 0) {
		err = fail.New(fail.NotFound, "%s is not opened to others", p.spot())
	}
	return p, err
}

// sharingAt asks for whom of a class or of a school an entry is.
func (s *Service) sharingAt(r *web.Request) (web.Answer, error) {
	p, at, err := s.shareAt(r)
	if err != nil {
		return nil, err
	}
	if whom.Asks(r) {
		return whom.Tell(r, readingAt(at))
	}
	return s.sharePage(r, p, at, web.Begun(r.URL.Query()))
}

// shareAt reads the entry of the path, and the place of those to whom it is opened.
func (s *Service) shareAt(r *web.Request) (p place, at whom.Place, err error) {
	if p, err = s.keptEntry(r); err != nil {
		return p, at, err
	}
	right := share
	if r.PathValue("class") != "" {
		right = shareClass
	}
	at, err = whom.At(r, right)
	return p, at, err
}

// around lists the audiences of some circles of a place.
func around(at whom.Place, circles ...whom.Circle) []audience.Audience {
	switch {
	case at.Class.ID == 0:
		return whom.Around(audience.School, at.School.ID, circles...)
	case at.Class.Kind == "group":
		return whom.Around(audience.Group, at.Class.ID, circles...)
	}
	return whom.Around(audience.Class, at.Class.ID, circles...)
}

// readingAt finds for whom something is by what the form of a place says.
func readingAt(at whom.Place) whom.Reading {
	return func(sent url.Values) ([]audience.Audience, error) {
		circles, err := whom.ReadCircles(sent)
		return around(at, circles...), err
	}
}

func (s *Service) sharePage(r *web.Request, p place, at whom.Place, form web.Form) (web.Answer, error) {
	v := shareView{place: p, At: at, Chosen: at.School.ID != 0, Form: form, Now: r.Tx.Now}
	grants, err := grantsOf(r.Tx, p.entry().ID)
	if err != nil {
		return nil, err
	}
	said, err := saidOf(r, grants)
	if err != nil {
		return nil, err
	}
	for _, g := range grants {
		v.Grants = append(v.Grants, grantLine{g, said[g.ID]})
	}
	if v.Chosen {
		v.Whom, err = whom.PickCircles(r, sharePath(p, at), func(c whom.Circle) []audience.Audience { return around(at, c) }, nil, form, readingAt(at))
	} else {
		v.Places, err = sharePlaces(r)
	}
	if err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("file.share"), Body: sharePage(v), Status: form.Status()}, nil
}

// sharePlaces lists the classes and the schools to which the visitor may open something.
func sharePlaces(r *web.Request) ([]whom.Place, error) {
	all, err := whom.Places(r, share)
	if err != nil {
		return nil, err
	}
	known := map[school.ID]bool{}
	for _, at := range all {
		known[at.Class.ID] = true
	}
	classes, err := whom.Places(r, shareClass)
	for _, at := range classes {
		if !known[at.Class.ID] {
			all = append(all, at)
		}
	}
	return all, err
}

// sharePath is the form that opens an entry to a place.
func sharePath(p place, at whom.Place) string {
	if at.Class.ID != 0 {
		return p.path() + "/share/class/" + at.Class.ID.String()
	}
	return p.path() + "/share/school/" + at.School.ID.String()
}

// saidOf says in words to whom some grants are.
func saidOf(r *web.Request, grants []grant) (map[school.ID]string, error) {
	ids := make([]school.ID, len(grants))
	for n, g := range grants {
		ids[n] = g.ID
	}
	to, err := audience.To(r.Tx, ids...)
	said, say := map[school.ID]string{}, whom.Sayer{}
	for _, g := range grants {
		if err == nil {
			said[g.ID], err = say.Names(r, to[g.ID]...)
		}
	}
	return said, err
}

// opens opens an entry to some people.
func (s *Service) opens(r *web.Request) (web.Answer, error) {
	p, at, err := s.shareAt(r)
	if err != nil {
		return nil, err
	}
	if whom.Looks(r) {
		return s.sharePage(r, p, at, web.Kept(r.PostForm))
	}
	g, to, err := readGrant(r, p, at)
	if form, again := r.Again(err); again {
		return s.sharePage(r, p, at, form)
	}
	if err != nil {
		return nil, err
	}
	if err := putGrant(r.Tx, g); err != nil {
		return nil, err
	}
	if err := r.Publish(g.address(to...)); err != nil {
		return nil, err
	}
	return web.Redirect{To: p.path() + "/share", Notice: "file.opened"}, s.write(r, actShare, p)
}

// readGrant reads what a form opens, to whom and until when.
func readGrant(r *web.Request, p place, at whom.Place) (g grant, to []audience.Audience, err error) {
	if to, err = readingAt(at)(r.PostForm); err != nil {
		return g, nil, err
	}
	g = grant{ID: school.NewID(r.Tx.Now), Entry: p.entry().ID, Author: r.Actor.Person, School: at.School.ID, Level: r.PostFormValue("level"), Made: r.Tx.Now}
	switch {
	case g.Level == mayDrop && !p.holds():
		return g, nil, fail.New(fail.Invalid, "a file is no casier").Say("file.drop-file").At("level")
	case g.Level != mayRead && g.Level != mayDrop && g.Level != mayWrite:
		return g, nil, fail.New(fail.Invalid, "the level %.20q", g.Level).Say("file.choose-level").At("level")
	}
	until, err := r.Day("until")
	if err != nil {
		return g, nil, err
	}
	if !until.IsZero() {
		if g.Until = until.AddDate(0, 0, 1); !g.Until.After(r.Tx.Now) {
			return g, nil, fail.New(fail.Invalid, "until %s", until).Say("file.until-past").At("until")
		}
	}
	return g, to, nil
}

// ending ends a grant.
func (s *Service) ending(r *web.Request) (web.Answer, error) {
	p, err := s.keptEntry(r)
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("grant")
	if err != nil {
		return nil, err
	}
	grants, err := grantsOf(r.Tx, p.entry().ID)
	if err != nil {
		return nil, err
	}
	for _, g := range grants {
		if g.ID == id {
			return web.Redirect{To: p.path() + "/share", Notice: "file.ended"}, s.end(r, p, g)
		}
	}
	return nil, fail.New(fail.NotFound, "no grant %s of %s", id, p.spot())
}

// end ends a grant: it is for nobody any more.
func (s *Service) end(r *web.Request, p place, g grant) error {
	if err := g.keepWas(r); err != nil {
		return err
	}
	g.Removed = r.Tx.Now
	if err := putGrant(r.Tx, g); err != nil {
		return err
	}
	if err := audience.Withdraw(r.Tx, g.ID); err != nil {
		return err
	}
	return s.write(r, actUnshare, p)
}
