package file

import (
	"time"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// throwing puts an entry in the bin.
func (s *Service) throwing(r *web.Request) (web.Answer, error) {
	p, err := s.entryAt(r, writes)
	if err != nil {
		return nil, err
	}
	if err := p.movable(r); err != nil {
		return nil, err
	}
	up := place{Space: p.Space, Chain: p.Chain[:len(p.Chain)-1]}
	return web.Redirect{To: up.path(), Notice: "file.binned"}, s.throw(r, p)
}

// binView is the bin of a space.
type binView struct {
	place
	Lines []line
	Now   time.Time
}

// mostBinned is how many entries the page of a bin shows.
const mostBinned = 200

// bin shows what was put in the bin of a space: all of it to whoever writes there.
func (s *Service) bin(r *web.Request) (web.Answer, error) {
	p, err := s.entryAt(r, writes)
	if err != nil {
		return nil, err
	}
	if len(p.Chain) != 0 {
		return nil, fail.New(fail.NotFound, "%s has no bin of its own", p.spot())
	}
	v := binView{place: p, Now: r.Tx.Now}
	if p.Space.ID != 0 {
		all, err := binnedIn(r.Tx, p.Space.ID, mostBinned, 0)
		if err != nil {
			return nil, err
		}
		if v.Lines, err = s.lines(r, all); err != nil {
			return nil, err
		}
	}
	return web.Page{Title: r.Say("file.bin"), Body: binPage(v)}, nil
}

// takingBack puts back what was in the bin.
func (s *Service) takingBack(r *web.Request) (web.Answer, error) {
	p, err := s.entryAt(r, writes)
	if err != nil {
		return nil, err
	}
	if p.entry().Bin == 0 || p.entry().Bin != p.entry().ID {
		return nil, fail.New(fail.NotFound, "%s was not put in the bin", p.spot())
	}
	e, err := s.takeBack(r, p)
	return web.Redirect{To: e.path(), Notice: "file.taken-back"}, err
}

// emptying takes away for good what is in the bin of a space, once the visitor has read what that does.
func (s *Service) emptying(r *web.Request) (web.Answer, error) {
	p, err := s.entryAt(r, keeps)
	if err != nil {
		return nil, err
	}
	if len(p.Chain) != 0 || p.Space.ID == 0 {
		return nil, fail.New(fail.NotFound, "%s has no bin of its own", p.spot())
	}
	all, err := binnedIn(r.Tx, p.Space.ID, 1<<20, 0)
	if err != nil {
		return nil, err
	}
	if !r.Confirmed() {
		return web.Page{Title: r.Say("file.empty-bin"), Body: emptyPage(p, len(all))}, nil
	}
	ids := make([]school.ID, len(all))
	for n, e := range all {
		ids[n] = e.ID
	}
	if err := Holdings.Forget(r.Tx, ids...); err != nil {
		return nil, err
	}
	return web.Redirect{To: p.path(), Notice: "file.emptied"}, s.write(r, actEmpty, p)
}
