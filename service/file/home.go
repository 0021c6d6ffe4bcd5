package file

import (
	"time"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// homeView is where the visitor's files are.
type homeView struct {
	Spaces  []spaceLine
	Opened  []line // to the visitor, by others
	Starred []line
	Recent  []line
	Small   bool // the visitor does not read yet
	Child   bool
	Now     time.Time
}

// spaceLine is a space in a list.
type spaceLine struct {
	space
	Gauge ui.Gauge
}

// How many entries the first page shows of each sort.
const mostOpened, mostStarred, mostRecent = 100, 12, 8

// home shows the visitor's spaces, what others opened to them, what they want at hand, and what is new.
func (s *Service) home(r *web.Request) (web.Answer, error) {
	v := homeView{Small: r.Reader == ui.PreReader, Child: r.Actor.Profile == school.Pupil, Now: r.Tx.Now}
	spaces, err := mySpaces(r)
	if err != nil {
		return nil, err
	}
	var ids []school.ID
	for _, sp := range spaces {
		v.Spaces = append(v.Spaces, spaceLine{sp, gaugeOf(r, sp)})
		if sp.ID != 0 {
			ids = append(ids, sp.ID)
		}
	}
	if v.Opened, err = s.openedTo(r); err != nil {
		return nil, err
	}
	if v.Starred, err = s.starred(r); err != nil {
		return nil, err
	}
	recent, err := recentIn(r.Tx, mostRecent, ids...)
	if err != nil {
		return nil, err
	}
	v.Recent, err = s.lines(r, recent)
	return web.Page{Title: r.Say("file.title"), Body: homePage(v), Finds: true}, err
}

// gaugeOf says how much of a space is taken.
func gaugeOf(r *web.Request, sp space) ui.Gauge {
	quota := sp.quota(r.Actor.Profile)
	return ui.Gauge{Label: r.Say("file.gauge", web.Size(r.Printer, sp.Used), web.Size(r.Printer, quota)), Of: int(min(1000, sp.Used*1000/quota))}
}

// starred lists what the visitor wants at hand, as long as they may read it.
func (s *Service) starred(r *web.Request) ([]line, error) {
	all, err := starredBy(r.Tx, r.Actor.Person, mostStarred)
	if err != nil {
		return nil, err
	}
	var readable []entry
	for _, e := range all {
		if _, err := s.at(r, e.ID.String()); fail.Is(err, fail.NotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		readable = append(readable, e)
	}
	return s.lines(r, readable)
}
