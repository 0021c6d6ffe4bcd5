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

// waiting is a school whose departures wait, and who they are for whoever decides in
// it: those who run the installation decide on numbers.
type waiting struct {
	feed.Waiting
	Who   []directory.Someone
	Parts map[school.ID][]directory.Part // in the school, by person
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
		w, err := waitingOf(r, hold)
		if err != nil {
			return nil, err
		}
		view.Waiting = append(view.Waiting, w)
	}
	return web.Page{Title: r.Say("register.holds"), Body: holdsPage(view)}, nil
}

// waitingOf reads who waits in a school and what each is in it, for whoever
// decides there.
func waitingOf(r *web.Request, hold feed.Waiting) (waiting, error) {
	w := waiting{Waiting: hold, Parts: map[school.ID][]directory.Part{}}
	if r.Can(viewDesk, rights.Object{School: hold.School}) != nil {
		return w, nil
	}
	people, err := feed.HeldPeople(r.Tx, hold.Delivery, hold.School)
	if err != nil {
		return w, err
	}
	if w.Who, err = directory.SomeByID(r.Tx, people...); err != nil {
		return w, err
	}
	parts, err := directory.PartsOf(r.Tx, hold.School, people...)
	for _, p := range parts {
		w.Parts[p.Person] = append(w.Parts[p.Person], p)
	}
	return w, err
}

// decided lists the schools that the visitor decides for; nil is all of
// them.
func decided(r *web.Request) []school.ID {
	if r.Can(decideDepartures, rights.Whole) == nil {
		return nil
	}
	return slices.DeleteFunc(append([]school.ID{}, r.Actor.Schools...), func(at school.ID) bool {
		return r.Can(decideDepartures, rights.Object{School: at}) != nil
	})
}

// holdOf reads the departures of the path, which the visitor decides.
func holdOf(r *web.Request) (hold feed.Waiting, err error) {
	delivery, err := r.PathID("delivery")
	if err != nil {
		return hold, err
	}
	at, err := r.PathID("school")
	if err != nil {
		return hold, err
	}
	if err := r.Can(decideDepartures, rights.Object{School: at}); err != nil {
		return hold, err
	}
	holds, err := feed.HoldsWaiting(r.Tx, []school.ID{at})
	if err != nil {
		return hold, err
	}
	i := slices.IndexFunc(holds, func(w feed.Waiting) bool { return w.Delivery == delivery })
	if i < 0 {
		return hold, fail.New(fail.Conflict, "nothing waits in %s for %s", at, delivery).Say("register.hold-gone")
	}
	return holds[i], nil
}

// askAccept says what the departures of a school do, which nothing here
// undoes, before they are applied.
func (s *Service) askAccept(r *web.Request) (web.Answer, error) {
	hold, err := holdOf(r)
	if err != nil {
		return nil, err
	}
	w, err := waitingOf(r, hold)
	return web.Page{Title: r.Say("register.hold-confirm", hold.People), Body: askAcceptPage(w)}, err
}

// accept applies the departures that were held for a school. The form says
// how many its reader saw: another number is another decision.
func (s *Service) accept(r *web.Request) (web.Answer, error) {
	hold, err := holdOf(r)
	if err != nil {
		return nil, err
	}
	if r.PostFormValue("people") != strconv.Itoa(hold.People) {
		return nil, fail.New(fail.Conflict, "%d people wait in %s, not what the form says", hold.People, hold.School)
	}
	departed, err := s.Feeder.Accept(r.Tx, hold.Delivery, hold.School, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	err = s.journal(r, audit.Entry{
		Action: actAcceptDepartures, Kind: "delivery", Object: hold.Delivery, School: hold.School,
		Detail: audit.Detail{"people": strconv.Itoa(departed)},
	})
	return web.Redirect{To: "/register/holds", Notice: "register.accepted"}, err
}
