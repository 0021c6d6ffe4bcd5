package alert

import (
	"cmp"
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/notify"
	"preau/core/school"
	"preau/core/web"
)

// standing is how somebody whom an alert is for stands with what it says last.
type standing struct {
	Person school.ID
	For    []school.ID // children; 0: themselves
	Opened bool
	Fates  []notify.Fate
	Way    bool      // of whom nothing reached: a message has a way to them
	Phoned time.Time // zero: not by telephone
	By     school.ID // who telephoned
}

// state is by what somebody was told what an alert says last: one of them alone, so that the
// figures of an alert add up at every instant.
type state uint8

// The states.
const (
	missed   state = iota // by nothing
	onItsWay              // by a message, soon
	byItself              // they opened it, or a message was delivered
	byPhone
)

// leavesFor is how long messages may take: beyond, one telephones.
const leavesFor = 10 * time.Minute

// state is that of something said at an instant.
func (s standing) state(said, now time.Time) state {
	switch {
	case s.Opened || s.delivered():
		return byItself
	case !s.Phoned.IsZero():
		return byPhone
	case now.Sub(said) < leavesFor && s.leaving():
		return onItsWay
	}
	return missed
}

// leaving tells whether some way may take it still.
func (s standing) leaving() bool {
	return len(s.Fates) == 0 && s.Way || slices.ContainsFunc(s.Fates, func(f notify.Fate) bool { return f.State == notify.Leaving })
}

// delivered tells whether some way took it.
func (s standing) delivered() bool {
	return slices.ContainsFunc(s.Fates, func(f notify.Fate) bool { return f.State == notify.Taken })
}

// informed tells whether they know, by any way.
func (s standing) informed() bool { return s.Opened || s.delivered() || !s.Phoned.IsZero() }

// standings are those of everybody whom an alert is for now, by person.
func (s *Service) standings(r *web.Request, a alert) ([]standing, error) {
	reached, err := r.Audiences().Reach(r.Tx, a.audiences()...)
	if err != nil {
		return nil, err
	}
	of := map[school.ID]*standing{}
	for _, one := range reached {
		if of[one.Person] == nil {
			of[one.Person] = &standing{Person: one.Person}
		}
		of[one.Person].For = append(of[one.Person].For, one.Child)
	}
	receipts, err := audience.ReceiptsOf(r.Tx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, receipt := range receipts[a.ID] {
		if one := of[receipt.Person]; one != nil && !receipt.Read.IsZero() {
			one.Opened = true
		}
	}
	fates, err := s.Notify.Fates(r.Tx, a.Last.ID)
	if err != nil {
		return nil, err
	}
	for _, fate := range fates {
		if one := of[fate.Person]; one != nil {
			one.Fates = append(one.Fates, fate)
		}
	}
	calls, err := callsOf(r.Tx, a.ID)
	for _, c := range calls {
		if one := of[c.Person]; one != nil && !c.At.Before(a.Last.At) { // they heard what it says now
			one.Phoned, one.By = c.At, c.By
		}
	}
	if err != nil {
		return nil, err
	}
	var waits []school.ID
	for id, one := range of {
		if !one.informed() && len(one.Fates) == 0 {
			waits = append(waits, id)
		}
	}
	ways, err := s.Notify.Reachable(r.Tx, waits...)
	all := make([]standing, 0, len(of))
	for id, one := range of {
		one.Way = ways[id]
		all = append(all, *one)
	}
	slices.SortFunc(all, func(a, b standing) int { return cmp.Compare(a.Person, b.Person) })
	return all, err
}
