package file

import (
	"time"

	"preau/core/content"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// make makes a folder.
func (s *Service) make(r *web.Request) (web.Answer, error) {
	p, err := s.entryAt(r, drops)
	if err != nil {
		return nil, err
	}
	made, err := s.made(r, p)
	if form, again := r.Again(err); again {
		return s.folderPage(r, p, form)
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: made.path(), Notice: "file.made"}, nil
}

func (s *Service) made(r *web.Request, p place) (entry, error) {
	typed, err := r.Text("name", content.MaxName)
	if err != nil {
		return entry{}, err
	}
	name, err := cleanName(typed)
	if err != nil {
		return entry{}, err
	}
	if p, err = s.into(r, p); err != nil {
		return entry{}, err
	}
	if _, err := named(r.Tx, p.Space.ID, p.parent(), name); err == nil {
		return entry{}, fail.New(fail.Conflict, "%q is taken in %s", name, p.spot()).Say("file.name-taken", name).At("name")
	} else if !fail.Is(err, fail.NotFound) {
		return entry{}, err
	}
	return s.add(r, p, entry{Folder: true, Name: name})
}

// movable is fail.NotFound where the visitor may not move, rename or put in the bin what they write: the top of a
// space, and of what was opened to them or is their part of a casier.
func (p place) movable(r *web.Request) error {
	if err := p.needs(r, writes); err != nil {
		return err
	}
	if len(p.Chain) == 0 || !p.Inside && p.First == len(p.Chain)-1 || p.entry().Bin != 0 {
		return fail.New(fail.NotFound, "%s may not move %s", r.Actor.Person, p.spot())
	}
	return nil
}

// renaming gives an entry another name.
func (s *Service) renaming(r *web.Request) (web.Answer, error) {
	p, err := s.entryAt(r, writes)
	if err != nil {
		return nil, err
	}
	if err := p.movable(r); err != nil {
		return nil, err
	}
	err = s.renamed(r, p)
	if form, again := r.Again(err); again {
		return s.movePage(r, p, form)
	}
	return web.Redirect{To: p.path(), Notice: "file.renamed"}, err
}

func (s *Service) renamed(r *web.Request, p place) error {
	typed, err := r.Text("name", content.MaxName)
	if err != nil {
		return err
	}
	name, err := cleanName(typed)
	if err != nil {
		return err
	}
	if err := p.hold(r); err != nil {
		return err
	}
	_, err = s.rename(r, p, name)
	return err
}

// moveView is where something is moved, or copied.
type moveView struct {
	place
	To     place
	Places []place // that there are in To; where To is none, the tops of the visitor's spaces
	Moves  bool    // it may be moved, and not copied alone
	Takes  bool    // something may be put in To
	Any    bool    // To is a place
	Form   web.Form
	Now    time.Time
}

// moving asks where an entry is to go.
func (s *Service) moving(r *web.Request) (web.Answer, error) {
	p, err := s.entryAt(r, reads)
	if err != nil {
		return nil, err
	}
	return s.movePage(r, p, web.Form{})
}

func (s *Service) movePage(r *web.Request, p place, form web.Form) (web.Answer, error) {
	if len(p.Chain) == 0 {
		return nil, fail.New(fail.NotFound, "the top of a space does not move")
	}
	v := moveView{place: p, Moves: p.movable(r) == nil, Form: form, Now: r.Tx.Now}
	to := r.URL.Query().Get("to")
	if to == "" {
		spaces, err := mySpaces(r)
		if err != nil {
			return nil, err
		}
		for _, sp := range spaces {
			v.Places = append(v.Places, place{Space: sp})
		}
		return web.Page{Title: r.Say("file.move"), Body: movePage(v), Status: form.Status()}, nil
	}
	var err error
	if v.To, err = s.at(r, to); err != nil {
		return nil, err
	}
	v.Any, v.Takes = true, v.To.Level >= writes && v.To.holds() && v.To.entry().Bin == 0 && !v.To.Chain.has(p.entry().ID)
	if v.To.Space.ID != 0 {
		all, err := entriesIn(r.Tx, v.To.Space.ID, v.To.parent(), mostShown, entry{}, 0)
		if err != nil {
			return nil, err
		}
		for _, e := range all {
			if e.Folder && e.ID != p.entry().ID {
				v.Places = append(v.Places, place{Space: v.To.Space, Chain: chain{e}})
			}
		}
	}
	return web.Page{Title: r.Say("file.move"), Body: movePage(v), Status: form.Status()}, nil
}

// moved moves an entry to another place, or copies it there.
func (s *Service) moved(r *web.Request) (web.Answer, error) {
	p, err := s.entryAt(r, reads)
	if err != nil {
		return nil, err
	}
	to, err := s.at(r, r.PostFormValue("to"))
	if err != nil {
		return nil, err
	}
	top, notice, err := entry{}, "file.moved", error(nil)
	if r.PostFormValue("copy") != "" {
		notice = "file.copied"
		top, err = s.copyTo(r, p, to, p.entry().Name)
	} else {
		top, err = s.moveTo(r, p, to, p.entry().Name)
	}
	if form, again := r.Again(err); again {
		return s.movePage(r, p, form)
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: top.path(), Notice: notice}, nil
}

// copyTo copies an entry into a place, for who may read the one and write the other.
func (s *Service) copyTo(r *web.Request, p, to place, name string) (entry, error) {
	if len(p.Chain) == 0 || p.entry().Bin != 0 {
		return entry{}, fail.New(fail.NotFound, "%s is not copied", p.spot())
	}
	to, err := s.into(r, to)
	if err != nil {
		return entry{}, err
	}
	return s.copies(r, p, to, name)
}

// moveTo moves an entry into a place, for who may write both. What leaves a space leaves those to whom it was opened
// there: it is its keeper who takes it away.
func (s *Service) moveTo(r *web.Request, p, to place, name string) (entry, error) {
	if err := p.movable(r); err != nil {
		return entry{}, err
	}
	to, err := s.into(r, to)
	if err != nil {
		return entry{}, err
	}
	if to.Space.ID != p.Space.ID {
		if err := p.needs(r, p.leaves(r)); err != nil {
			return entry{}, err
		}
		all, err := below(r.Tx, p.entry())
		if err != nil {
			return entry{}, err
		}
		ids := make([]school.ID, len(all))
		for n, e := range all {
			ids[n] = e.ID
		}
		grants, err := grantsOf(r.Tx, ids...)
		if err != nil {
			return entry{}, err
		}
		for _, g := range grants {
			if err := s.end(r, p, g); err != nil {
				return entry{}, err
			}
		}
	}
	moved, err := s.move(r, p, to, name)
	if err != nil {
		return moved, err
	}
	return moved, s.write(r, actMove, p)
}

// leaves is what one needs to take something out of a space: what is theirs alone is theirs to take.
func (p place) leaves(r *web.Request) level {
	if p.entry().Owner == r.Actor.Person {
		return writes
	}
	return keeps
}
