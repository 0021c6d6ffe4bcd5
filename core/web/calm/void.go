package calm

import (
	"time"

	"preau/core/school"
)

const (
	// voidWindow is how far back what is void is read: as long as a ticket lives, and the
	// longest transaction lasts that voids one, which is there once it is done with the
	// instant at which it began.
	voidWindow = 6 * time.Hour
	// skew is how far apart the clocks of two nodes may be.
	skew = 10 * time.Second
)

// Voided is that tickets that name something are void, if they were issued before that was
// known.
type Voided struct {
	At    time.Time
	About school.ID // 0: every ticket
}

// voids is what a node knows to be void.
type voids struct {
	known map[Voided]bool
	since map[school.ID]time.Time // a ticket that was issued before names what was more
}

// learn notes what was read at an instant. What is read for the first time was not there
// before, whatever its own instant says: a ticket that was issued until now may not have
// known.
func (v *voids) learn(all []Voided, now time.Time) {
	known := make(map[Voided]bool, len(all))
	since := map[school.ID]time.Time{}
	for about, at := range v.since {
		if now.Sub(at) < TicketLife+skew {
			since[about] = at
		}
	}
	for _, one := range all {
		one.At = one.At.UTC() // as a key
		known[one] = true
		if !v.known[one] {
			since[one.About] = now.Add(skew)
		}
	}
	v.known, v.since = known, since
}

// voids tells whether a ticket is void.
func (v *voids) voids(t Ticket) bool {
	for _, about := range t.about() {
		if t.Issued.Before(v.since[about]) {
			return true
		}
	}
	return false
}
