package liaison

import (
	"time"

	"preau/core/db"
	"preau/core/past"
)

// saysSince is since when a word says what it says, where that is not since it was published: what was
// answered before counts, and is said to be of before. A word that was cancelled and counts again says
// what it said, unless it was changed too. It is zero where it never changed, or does not hold any more.
func (w word) saysSince(tx *db.Tx) (at time.Time, err error) {
	switch {
	case !w.Cancelled.IsZero():
		return at, nil
	case w.Why == "":
		return w.Amended, nil
	}
	changes, _, err := past.Page(tx, w.ID, past.Amended, 0, 1)
	if err != nil || len(changes) == 0 {
		return at, err
	}
	return changes[0].At, nil
}

// stale tells whether what was answered at an instant (zero: nothing was) was before a word said what it
// says since another one (zero: it never changed).
func stale(answered, since time.Time) bool { return !answered.IsZero() && answered.Before(since) }

// later is the later of two instants.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// answered is when a guardian gave the answer that is shown; zero: they gave none.
func (g guardianState) answered() time.Time {
	if g.Paper {
		return g.Done
	}
	return g.Said
}

// staleBy tells whether the answer of a guardian was given before the word said what it says.
func (v followView) staleBy(g guardianState) bool { return stale(g.answered(), v.Since) }

// staleFor tells whether what was answered for a child was: by one of the parents where each answers,
// else by whoever answered last.
func (v followView) staleFor(c childState) bool {
	var last time.Time
	for _, g := range c.Guardians {
		if v.perPerson() && v.staleBy(g) {
			return true
		}
		last = later(last, g.answered())
	}
	if p, there := c.whole(); there {
		last = later(last, p.At)
	}
	return stale(last, v.Since)
}

// staleDone counts the children who are done by an answer of before the word said what it says.
func (v followView) staleDone() (n int) {
	for _, c := range v.Children {
		n += btoi(c.Done && v.staleFor(c))
	}
	return n
}
