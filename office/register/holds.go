package register

import (
	"slices"
	"strconv"
	"time"

	"preau/core/audit"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
)

// holdsView is the schools whose departures wait for a decision.
type holdsView struct {
	Waiting []waiting
	Now     time.Time
}

// waiting is a school whose departures wait, and who they are for its head:
// those who run the installation decide on numbers.
type waiting struct {
	feed.Waiting
	Who []directory.Someone
}

// holds shows the departures that wait in the schools that the visitor
// decides for.
func (s *Service) holds(r *web.Request) (web.Answer, error) {
	holds, err := feed.HoldsWaiting(r.Tx, decided(r))
	if err != nil {
		return nil, err
	}
	view := holdsView{Now: r.Tx.Now}
	for _, hold := range holds {
		w := waiting{Waiting: hold}
		if r.Can(viewSchool, rights.Object{School: hold.School}) == nil {
			people, err := feed.HeldPeople(r.Tx, hold.Delivery, hold.School)
			if err != nil {
				return nil, err
			}
			if w.Who, err = directory.SomeByID(r.Tx, people...); err != nil {
				return nil, err
			}
		}
		view.Waiting = append(view.Waiting, w)
	}
	return web.Page{Title: r.Say("register.holds"), Body: holdsPage(view)}, nil
}

// decided lists the schools that the visitor decides for; nil is all of
// them.
func decided(r *web.Request) []school.ID {
	if r.Can(decideDepartures, rights.Object{}) == nil {
		return nil
	}
	return append([]school.ID{}, r.Actor.Schools...)
}

// accept applies the departures that were held for a school. The form says
// how many its reader saw: another number is another decision.
func (s *Service) accept(r *web.Request) (web.Answer, error) {
	delivery, err := r.PathID("delivery")
	if err != nil {
		return nil, err
	}
	at, err := r.PathID("school")
	if err != nil {
		return nil, err
	}
	if err := r.Can(decideDepartures, rights.Object{School: at}); err != nil {
		return nil, err
	}
	holds, err := feed.HoldsWaiting(r.Tx, []school.ID{at})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(holds, func(w feed.Waiting) bool { return w.Delivery == delivery })
	if i < 0 {
		return nil, fail.New(fail.Conflict, "nothing waits in %s for %s", at, delivery).Say("register.hold-gone")
	}
	if r.PostFormValue("people") != strconv.Itoa(holds[i].People) {
		return nil, fail.New(fail.Conflict, "%d people wait in %s, not what the form says", holds[i].People, at)
	}
	departed, err := s.Feeder.Accept(r.Tx, delivery, at, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	err = s.journal(r, audit.Entry{
		Action: "register.accept-departures", Kind: "delivery", Object: delivery, School: at,
		Detail: audit.Detail{"people": strconv.Itoa(departed)},
	})
	return web.Redirect{To: "/register/holds", Notice: "register.accepted"}, err
}
