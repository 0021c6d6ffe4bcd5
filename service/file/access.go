package file

import (
	"slices"

	"preau/core/audience"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// place is an entry, or the top of a space, as the visitor may use it.
type place struct {
	Space space
	Chain chain // empty at the top of the space
	Level level
	// Inside tells that the visitor reaches the place by its space: they see the folders around it.
	Inside bool
	// Puts tells that the visitor writes somewhere: they may take a copy. Hands, that they have pupils to whom they
	// may hand it out.
	Puts, Hands bool
	// First is the first of the chain that the visitor sees: what is above it was not opened to them.
	First int
}

// entry is the entry itself; the zero one at the top of a space.
func (p place) entry() entry { return p.Chain.last() }

// holds tells whether something can be put in the place: it is a folder, or the top of a space.
func (p place) holds() bool { return len(p.Chain) == 0 || p.entry().Folder }

// spot is the path of the place.
func (p place) spot() string {
	if len(p.Chain) == 0 {
		return p.Space.spot()
	}
	return p.entry().ID.String()
}

func (p place) path() string { return inPath(p.spot()) }

// parent is the identifier of what is put there: 0 at the top of the space.
func (p place) parent() school.ID { return p.entry().ID }

// at is the only answer to what the visitor may do at a spot: with an entry, or at the top of a space. What they
// may do nothing with is fail.NotFound, as what is not there.
func (s *Service) at(r *web.Request, spot string) (place, error) {
	sp, is, err := spaceAt(r, spot)
	if err != nil {
		return place{}, err
	}
	p := place{Space: sp, Puts: r.Holds(put), Hands: r.Holds(ofClass)}
	if !is {
		id, err := school.ParseID(spot)
		if err != nil {
			return p, fail.New(fail.NotFound, "the spot %.40q: %w", spot, err)
		}
		if p.Chain, err = chainOf(r.Tx, id); err != nil {
			return p, err
		}
		if p.Space, err = spaceByID(r.Tx, p.entry().Space); err != nil {
			return p, err
		}
	}
	if err := p.allow(r); err != nil {
		return p, err
	}
	if p.Level == nothing {
		return p, fail.New(fail.NotFound, "%s may do nothing at %s", r.Actor.Person, spot)
	}
	return p, nameSpace(r, &p.Space)
}

// entryAt is [Service.at] of the {spot} of the path, where the visitor may do as much as a level.
func (s *Service) entryAt(r *web.Request, needs level) (place, error) {
	p, err := s.at(r, r.PathValue("spot"))
	if err == nil {
		err = p.needs(r, needs)
	}
	return p, err
}

// needs is fail.NotFound where the visitor may do less than a level.
func (p place) needs(r *web.Request, needs level) error {
	if p.Level < needs {
		return fail.New(fail.NotFound, "%s may do less at %s", r.Actor.Person, p.spot())
	}
	return nil
}

// allow finds what the visitor may do at a place: by the space, by what is theirs alone, by what was opened to
// them. What is in the bin is of those alone who may write there.
func (p *place) allow(r *web.Request) (err error) {
	if p.Level, err = levelIn(r, p.Space); err != nil {
		return err
	}
	e := p.entry()
	p.Inside = p.Level != nothing
	if me, err := isMe(r, e.Owner); err != nil {
		return err
	} else if !p.Inside && me && r.Holds(own) {
		p.Level = writes
		p.First = slices.IndexFunc(p.Chain, func(up entry) bool { return up.Owner == e.Owner })
	}
	if p.Level < keeps && len(p.Chain) > 0 && e.Bin == 0 {
		if err := p.opened(r); err != nil {
			return err
		}
	}
	if e.Bin != 0 && p.Level < writes {
		p.Level = nothing
	}
	return nil
}

// opened adds what the shares of the entry, and of the folders around it, allow the visitor. A share does not open
// what is somebody's part of a casier within: it is theirs, and of those who keep the space.
func (p *place) opened(r *web.Request) error {
	held, err := r.Held()
	if err != nil {
		return err
	}
	shares, err := sharesTo(r.Tx, held, p.Chain.ids()...)
	if err != nil {
		return err
	}
	for n, e := range p.Chain {
		for _, sh := range shares {
			if sh.Entry != e.ID || p.entry().Owner != e.Owner {
				continue
			}
			l, err := sh.now(r, held)
			if err != nil {
				return err
			}
			if l == drops && n < len(p.Chain)-1 {
				l = reads
			}
			if l == nothing {
				continue
			}
			if !p.Inside && (p.Level == nothing || n < p.First) {
				p.First = n
			}
			p.Level = max(p.Level, l)
		}
	}
	return nil
}

// now is what a grant allows whoever holds some audiences: what one held one only reads, and what was dropped there is
// theirs alone.
func (g grant) now(r *web.Request, held audience.Holdings) (level, error) {
	l := g.level()
	if l == reads {
		return l, nil
	}
	current, err := held.Current(r.Tx, g.ID)
	switch {
	case err != nil || len(current) > 0:
		return l, err
	case l == drops:
		return nothing, nil
	}
	return reads, nil
}

// others is of whom alone the visitor sees parts in a place, beside what is nobody's: 0, of everybody, where they are at
// home.
func (p place) others(r *web.Request) school.ID {
	if p.Inside || p.Space.Owner != 0 {
		return 0
	}
	return r.Actor.Person
}

// seen are those of some entries of a place that the visitor sees.
func (p place) seen(r *web.Request, all []entry) []entry {
	me := p.others(r)
	if me == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(e entry) bool { return e.Owner != p.entry().Owner && e.Owner != me })
}
