package file

import (
	"time"

	"preau/core/audit"
	"preau/core/content"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/search"
	"preau/core/web"
)

// mostVersions is how many versions of a file are kept: then the oldest goes.
const mostVersions = 50

// cleanName is a name as it is kept, which every computer can write; fail.Invalid of one of which nothing is left.
func cleanName(name string) (string, error) {
	clean := content.Name(name)
	if clean == "" {
		return "", fail.New(fail.Invalid, "the name %.80q", name).Say("file.bad-name").At("name")
	}
	return clean, nil
}

// hold gives a space its row, and keeps others from writing there until the end of the transaction: names that
// are free stay so, and what is counted is true.
func (p *place) hold(r *web.Request) error {
	if err := ensure(r.Tx, &p.Space); err != nil {
		return err
	}
	_, err := charge(r.Tx, p.Space.ID, 0, 0)
	return err
}

// charge counts bytes that come into the space of a place; where there is no room for them it is fail.Invalid.
func (p place) charge(r *web.Request, bytes int64) error {
	fits, err := charge(r.Tx, p.Space.ID, bytes, p.Space.quota(r.Actor.Profile))
	if err == nil && !fits {
		err = fail.New(fail.Invalid, "%d bytes more in %s", bytes, p.Space.spot()).Say("file.full", p.Space.Name).At("file")
	}
	return err
}

// room tells how many bytes may still come into a place.
func (p place) room(r *web.Request) int64 { return max(0, p.Space.quota(r.Actor.Profile)-p.Space.Used) }

// into finds where something that the visitor puts in a place goes: in their part of it, where things are dropped.
func (s *Service) into(r *web.Request, p place) (place, error) {
	if !p.holds() {
		return p, fail.New(fail.NotFound, "%s is a file", p.spot())
	}
	if err := p.needs(r, drops); err != nil {
		return p, err
	}
	if p.entry().Bin != 0 {
		return p, fail.New(fail.NotFound, "%s is in the bin", p.spot())
	}
	if err := p.hold(r); err != nil || p.Level != drops {
		return p, err
	}
	return s.part(r, p, r.Actor.Person, r.Name)
}

// part is somebody's part of a folder where things are dropped; it is made as the first is.
func (s *Service) part(r *web.Request, p place, of school.ID, name string) (place, error) {
	all, err := entriesIn(r.Tx, p.Space.ID, p.parent(), 1<<20, entry{}, of)
	if err != nil {
		return p, err
	}
	for _, e := range all {
		if e.Folder && e.Owner == of {
			p.Chain, p.Level = append(p.Chain, e), writes
			return p, nil
		}
	}
	e, err := s.add(r, p, entry{Folder: true, Owner: of, Name: name})
	p.Chain, p.Level = append(p.Chain, e), writes
	return p, err
}

// add writes a new entry in a place, which is held, under a name that is free there. What a file holds is counted
// already.
func (s *Service) add(r *web.Request, p place, e entry) (entry, error) {
	if len(p.Chain) >= deepest {
		return e, fail.New(fail.Invalid, "%d folders in one another", len(p.Chain)).Say("file.too-deep").At("name")
	}
	var err error
	if e.Name, err = freeName(r.Tx, p.Space.ID, p.parent(), e.Name); err != nil {
		return e, err
	}
	e.ID, e.Space, e.Parent, e.Author = school.NewID(r.Tx.Now), p.Space.ID, p.parent(), r.Actor.Person
	e.Made, e.Changed = r.Tx.Now, r.Tx.Now
	if e.Owner == 0 {
		e.Owner = max(p.entry().Owner, p.Space.Owner)
	}
	if !e.Folder {
		if e.Holds, err = s.version(r, e, e.Holds.held); err != nil {
			return e, err
		}
	}
	if err := addEntry(r.Tx, e); err != nil {
		return e, err
	}
	return e, s.index(r, e)
}

// version writes what a file holds from now on.
func (s *Service) version(r *web.Request, e entry, c held) (version, error) {
	v := version{ID: school.NewID(r.Tx.Now), Entry: e.ID, Author: r.Actor.Person, Made: r.Tx.Now, held: c}
	if err := addVersion(r.Tx, v); err != nil || !c.Looked.IsZero() {
		return v, err
	}
	return v, s.lookLater(r.Tx, v.ID)
}

// putFile writes a file in a place, which is held: a new one, under a name that is free.
func (s *Service) putFile(r *web.Request, p place, name string, c held) (entry, error) {
	if err := p.charge(r, c.Size); err != nil {
		return entry{}, err
	}
	return s.add(r, p, entry{Name: name, Holds: version{held: c}})
}

// replace has a file hold something else from now on; what it held is kept. The same once more changes nothing,
// and an empty file was none yet.
func (s *Service) replace(r *web.Request, p place, c held) (entry, error) {
	e := p.entry()
	if e.Holds.Sum == c.Sum {
		return e, nil
	}
	if err := p.charge(r, c.Size); err != nil {
		return e, err
	}
	was, err := versionsOf(r.Tx, e.ID)
	if err != nil {
		return e, err
	}
	if e.Holds, err = s.version(r, e, c); err != nil {
		return e, err
	}
	for n, v := range was {
		if n >= mostVersions-1 || v.Size == 0 {
			if err := s.forgetVersion(r, p, v); err != nil {
				return e, err
			}
		}
	}
	e.Changed = r.Tx.Now
	if err := e.write(r.Tx); err != nil {
		return e, err
	}
	return e, s.index(r, e)
}

// forgetVersion takes away a version that a file held.
func (s *Service) forgetVersion(r *web.Request, p place, v version) error {
	if _, err := r.Tx.Exec(`DELETE FROM file_version WHERE id = $1`, v.ID); err != nil {
		return err
	}
	return p.charge(r, -v.Size)
}

// rename gives an entry another name; one that is taken is fail.Conflict.
func (s *Service) rename(r *web.Request, p place, name string) (entry, error) {
	e := p.entry()
	if name == e.Name {
		return e, nil
	}
	if _, err := named(r.Tx, e.Space, e.Parent, name); err == nil {
		return e, fail.New(fail.Conflict, "%q is taken in %s", name, e.Parent).Say("file.name-taken", name).At("name")
	} else if !fail.Is(err, fail.NotFound) {
		return e, err
	}
	e.Name, e.Changed = name, r.Tx.Now
	if err := e.write(r.Tx); err != nil {
		return e, err
	}
	return e, s.index(r, e)
}

// move puts an entry, with all that is in it, in another place, which is held: what is counted moves with it, and
// it belongs from then on to whom the place belongs.
func (s *Service) move(r *web.Request, from, to place, name string) (entry, error) {
	e := from.entry()
	if to.Chain.has(e.ID) {
		return e, fail.New(fail.Invalid, "%s into itself", e.ID).Say("file.into-itself").At("to")
	}
	all, err := below(r.Tx, e)
	if err != nil {
		return e, err
	}
	if to.Space.ID != e.Space {
		bytes, err := bytesOf(r.Tx, all)
		if err != nil {
			return e, err
		}
		if err := to.charge(r, bytes); err != nil {
			return e, err
		}
		if _, err := charge(r.Tx, e.Space, -bytes, 0); err != nil {
			return e, err
		}
	}
	if len(to.Chain)+height(all) > deepest {
		return e, fail.New(fail.Invalid, "%s is too deep", e.ID).Say("file.too-deep").At("to")
	}
	if name, err = freeName(r.Tx, to.Space.ID, to.parent(), name); err != nil {
		return e, err
	}
	owner := max(to.entry().Owner, to.Space.Owner)
	for n, one := range all {
		one.Space, one.Owner = to.Space.ID, owner
		if n == 0 {
			one.Parent, one.Name = to.parent(), name
			e = one
		}
		if err := one.write(r.Tx); err != nil {
			return e, err
		}
	}
	return e, s.index(r, e)
}

// copies puts a copy of an entry, with all that is in it, in another place, which is held: what files hold, and not
// what they held. No byte is written again.
func (s *Service) copies(r *web.Request, from, to place, name string) (entry, error) {
	all, err := below(r.Tx, from.entry())
	if err != nil {
		return entry{}, err
	}
	all = from.seen(r, all)
	if len(to.Chain)+height(all) > deepest {
		return entry{}, fail.New(fail.Invalid, "%s is too deep", from.spot()).Say("file.too-deep").At("to")
	}
	var bytes int64
	for _, e := range all {
		bytes += e.Holds.Size
	}
	if err := to.charge(r, bytes); err != nil {
		return entry{}, err
	}
	var top entry
	at := map[school.ID]place{}
	for n, e := range all {
		in, known := at[e.Parent]
		if n == 0 {
			in, e.Name = to, name
		} else if !known {
			continue // in what the visitor does not see
		}
		c := e.Holds.held
		if !e.Folder {
			whole, err := versionByID(r.Tx, e.Holds.ID)
			if err != nil {
				return top, err
			}
			c = whole.held
		}
		made, err := s.add(r, in, entry{Folder: e.Folder, Name: e.Name, Holds: version{held: c}})
		if err != nil {
			return top, err
		}
		if n == 0 {
			top = made
		}
		in.Chain = append(chain{}, append(in.Chain, made)...)
		at[e.ID] = in
	}
	return top, nil
}

// height is how many folders of some entries are in one another, with the last of them.
func height(all []entry) (most int) {
	deep := map[school.ID]int{}
	for _, e := range all { // folders before what is in them
		deep[e.ID] = deep[e.Parent] + 1
		most = max(most, deep[e.ID])
	}
	return most
}

// throw puts an entry in the bin, with all that is in it.
func (s *Service) throw(r *web.Request, p place) error {
	top := p.entry()
	all, err := below(r.Tx, top)
	if err != nil {
		return err
	}
	ids := make([]school.ID, len(all))
	for n, e := range all {
		e.Bin, e.Changed = top.ID, r.Tx.Now
		if ids[n] = e.ID; n == 0 {
			e.Binned, e.BinnedBy = r.Tx.Now, r.Actor.Person
		}
		if err := e.write(r.Tx); err != nil {
			return err
		}
	}
	if err := search.Remove(r.Tx, room, ids...); err != nil {
		return err
	}
	return s.write(r, actBin, p)
}

// takeBack puts back what was put in the bin: where it was, or at the top of its space when the folder is no more.
func (s *Service) takeBack(r *web.Request, p place) (entry, error) {
	top := p.entry()
	all, err := below(r.Tx, top)
	if err != nil {
		return top, err
	}
	if err := p.hold(r); err != nil {
		return top, err
	}
	if top.Parent != 0 {
		if up, err := chainOf(r.Tx, top.Parent); fail.Is(err, fail.NotFound) || err == nil && up.last().Bin != 0 {
			top.Parent = 0
		} else if err != nil {
			return top, err
		}
	}
	if top.Name, err = freeName(r.Tx, top.Space, top.Parent, top.Name); err != nil {
		return top, err
	}
	for n, e := range all {
		e.Bin, e.Binned, e.BinnedBy, e.Changed = 0, time.Time{}, 0, r.Tx.Now
		if n == 0 {
			e.Parent, e.Name = top.Parent, top.Name
			top = e
		}
		if err := e.write(r.Tx); err != nil {
			return top, err
		}
		if err := s.index(r, e); err != nil {
			return top, err
		}
	}
	return top, s.write(r, actTakeBack, p)
}

// write journals an act on an entry.
func (s *Service) write(r *web.Request, act audit.Action, p place) error {
	return s.Audit.Write(r.Tx, audit.Entry{By: r.By(), Action: act, Kind: room, Object: p.entry().ID, Subject: p.Space.Of, School: p.Space.School})
}
