package file

import (
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// handView is to the pupils of which class something is handed out.
type handView struct {
	place
	Classes []directory.ClassView
	Now     time.Time
}

// handing asks to which class something is handed out.
func (s *Service) handing(r *web.Request) (web.Answer, error) {
	p, err := s.handed(r)
	if err != nil {
		return nil, err
	}
	v := handView{place: p, Now: r.Tx.Now}
	v.Classes, err = myClasses(r)
	return web.Page{Title: r.Say("file.hand"), Body: handPage(v)}, err
}

// handed reads what is handed out: a file, or a folder, that the visitor reads.
func (s *Service) handed(r *web.Request) (place, error) {
	p, err := s.entryAt(r, reads)
	if err == nil && (len(p.Chain) == 0 || p.entry().Bin != 0 || p.Level == drops) {
		err = fail.New(fail.NotFound, "%s is not handed out", p.spot())
	}
	return p, err
}

// hand gives each pupil of a class a copy of their own, in their part of the casier of the class.
func (s *Service) hand(r *web.Request) (web.Answer, error) {
	p, err := s.handed(r)
	if err != nil {
		return nil, err
	}
	in, err := whom.At(r, ofClass)
	if err != nil {
		return nil, err
	}
	to, g, err := s.casier(r, in)
	if err != nil {
		return nil, err
	}
	pupils, err := directory.PupilsIn(r.Tx, in.Class.ID)
	if err != nil {
		return nil, err
	}
	for _, pupil := range pupils {
		part, err := s.part(r, to, pupil.ID, pupil.Name())
		if err == nil {
			_, err = s.copies(r, p, part, p.entry().Name)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := s.tellAgain(r, g); err != nil {
		return nil, err
	}
	return web.Redirect{To: to.path(), Notice: "file.handed"}, s.write(r, actHand, to)
}

// casier is the folder of a class where its pupils drop things, held, and the grant that opens it to them: the first
// there is at the top of its space, or one that is made.
func (s *Service) casier(r *web.Request, in whom.Place) (place, grant, error) {
	top, err := s.at(r, space{Kind: ofAClass, Of: in.Class.ID}.spot())
	if err != nil {
		return top, grant{}, err
	}
	if err := top.hold(r); err != nil {
		return top, grant{}, err
	}
	all, err := entriesIn(r.Tx, top.Space.ID, 0, mostListed, entry{}, 0)
	if err != nil {
		return top, grant{}, err
	}
	ids := make([]school.ID, len(all))
	for n, e := range all {
		ids[n] = e.ID
	}
	grants, err := grantsOf(r.Tx, ids...)
	if err != nil {
		return top, grant{}, err
	}
	for _, g := range grants {
		if n := slices.IndexFunc(all, func(e entry) bool { return e.ID == g.Entry }); g.Level == mayDrop {
			top.Chain = chain{all[n]}
			return top, g, nil
		}
	}
	made, err := s.add(r, top, entry{Folder: true, Name: r.Say("file.casier")})
	if err != nil {
		return top, grant{}, err
	}
	top.Chain = chain{made}
	g := grant{ID: school.NewID(r.Tx.Now), Entry: made.ID, Author: r.Actor.Person, School: in.School.ID, Level: mayDrop, Made: r.Tx.Now}
	if err := putGrant(r.Tx, g); err != nil {
		return top, g, err
	}
	return top, g, r.Publish(g.address(around(in, whom.Pupils)...))
}

// tellAgain makes a grant news again to all to whom it is: something was put in what it opens.
func (s *Service) tellAgain(r *web.Request, g grant) error {
	to, err := audience.To(r.Tx, g.ID)
	if err != nil {
		return err
	}
	if err := audience.Unread(r.Tx, g.ID); err != nil {
		return err
	}
	g.Made = r.Tx.Now
	return r.Publish(g.address(to[g.ID]...))
}
