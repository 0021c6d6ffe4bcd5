package web

import (
	"time"

	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/ui"
)

// Sender is a service in which people send things to others: it lists those of an account,
// for whoever takes back what was sent with one that was stolen.
type Sender interface {
	// Sent lists what somebody sent, the last first, [MostSent] at most.
	Sent(*Request, Sending) ([]Sent, error)
}

// MostSent is how many things of one account a service lists.
const MostSent = 2000

// Sending says what is looked for among the things of an account.
type Sending struct {
	By     school.ID
	School school.ID // 0: everywhere
	Since  time.Time
	Until  time.Time // zero: no end; what is to leave later is among it
}

// Args are the values of a statement that lists what was sent: $1 is by whom, $2 to $4 are
// those of [Sending.In], $5 that of [Sending.Most].
func (s Sending) Args() []any {
	return []any{s.By, s.School, db.At(s.Since), db.At(s.until()), MostSent}
}

// In is the condition of such a statement: when a thing was sent, and whose it is.
func (s Sending) In(at, of string) string {
	return "(" + of + " = $2 OR $2 = 0) AND " + at + " >= $3 AND " + at + " < $4"
}

// Most is how many such a statement lists at most.
func (Sending) Most() string { return "LIMIT $5" }

// Has tells whether an instant is in the window.
func (s Sending) Has(at time.Time) bool { return !at.Before(s.Since) && at.Before(s.until()) }

// until is the end of the window; centuries ahead where there is none.
func (s Sending) until() time.Time {
	if s.Until.IsZero() {
		return s.Since.AddDate(500, 0, 0)
	}
	return s.Until
}

// Sent is a thing that somebody sent.
type Sent struct {
	Thing  school.ID
	School school.ID // whose it is; 0: of no school
	At     time.Time
	Icon   ui.Icon
	Title  string
	Text   string // all of it, plain
	To     string // who received it, in words
}

// Changer is a [Sender] in which somebody may change what is there already, theirs or another's:
// it keeps what that was ([preau/core/past.Keep]).
type Changer interface {
	// Reads says in words what a thing was, by the rows that said it: see
	// [personal.Table.Says]. What it carries is no part of the words.
	Reads(r *Request, rows []personal.Row) (Sent, error)
}

// Settler is a [Sender] whose things are parts of others: a message, of a conversation.
type Settler interface {
	// Settle puts in order what is left of the things that some rows were part of, once
	// these were removed, or put back. It lists those of which nothing is left, for them to
	// be removed too.
	Settle(tx *db.Tx, rows []personal.Row) (empty []school.ID, err error)
}
