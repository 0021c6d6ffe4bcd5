package web

import (
	"context"
	"slices"
	"time"

	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
)

// Visitor is who is in front of a page: what a session resolves to, read from
// the register at each request. The zero Visitor is signed out.
type Visitor struct {
	Actor   rights.Actor
	Name    string       // as the person is called
	First   string       // the first name; empty for whoever gave none
	Picture ui.Pictogram // the animal that a young child is known by
	Hats    []ui.Hat     // profiles and where they are held; one of them is the current one
	School  string       // where the current hat is worn: a school, a commune, an académie
	Accent  ui.Accent    // colour of that school
	Reader  ui.Reader
	// ReadOnly tells that nothing is written by the visitor for now, but where a
	// route says [EvenReadOnly].
	ReadOnly bool
	// Shut are the services in which the visitor writes nothing new, in any of their schools.
	Shut []Shut
	// Session is the session by which the visitor is in, and Ends when it does unless they
	// come again: of one whose device others use, both are zero.
	Session school.ID
	Ends    time.Time
	// Shared tells that the session was opened on a device that others use: one
	// leaves it in one touch.
	Shared bool
	// Keeps is what the device may keep for the visitor.
	Keeps Keeping
	// Awaited is the page of the step that a session still waits for before it
	// is anybody's: its visitor is signed out to every route. Empty: none.
	Awaited string
	// Reprove is the page where the visitor proves again who they are, before what
	// a [StepUp] route does. Empty: they did lately, or have nothing to prove it
	// with.
	Reprove string
}

// SignedIn tells whether the visitor is somebody.
func (v Visitor) SignedIn() bool { return v.Actor.Person != 0 }

// AccentOf is the colour of a child on the visitor's pages: to a guardian each of their
// children has another one, on every page, as long as there are enough.
func (v Visitor) AccentOf(child school.ID) ui.Accent {
	taken := map[ui.Accent]bool{}
	for _, one := range slices.Sorted(slices.Values(v.Actor.Children)) {
		accent := ui.AccentOf(one.String())
		for taken[accent] && len(taken) < ui.Accents {
			accent = accent%ui.Accents + 1
		}
		if one == child {
			return accent
		}
		taken[accent] = true
	}
	return ui.AccentOf(child.String())
}

// hat is the current hat, in words: without its place where the header names it.
func (v Visitor) hat() string {
	for _, hat := range v.Hats {
		switch {
		case !hat.Current:
		case v.School != "":
			return hat.Role
		default:
			return hat.Label
		}
	}
	return ""
}

// Breaker stops an account that acts on too many people.
type Breaker interface {
	// ActsOn counts that the visitor acts on people more, in the transaction of the
	// request. Too many within an hour are an error.
	ActsOn(r *Request, people int) error
	// Settle freezes the account that such an error is about, once what it did is
	// rolled back, and gives back the error, or one of its own. Of every other
	// error it does nothing.
	Settle(ctx context.Context, err error) error
}

// Doorkeeper tells who holds a session, and what each place is within.
type Doorkeeper interface {
	// Visitor resolves the token of a session cookie at tx.Now. A token that
	// opens no session is fail.SignIn. tx may be read-only.
	Visitor(tx *db.Tx, token string) (Visitor, error)
	// Above lists the areas that each of some schools is within, as the reach
	// [rights.Area] compares them.
	Above(tx *db.Tx, schools ...school.ID) (map[school.ID][]school.ID, error)
	// Shut lists the services in which those who wear a profile write nothing new in a
	// school, each once.
	Shut(tx *db.Tx, at school.ID, profile school.Profile) ([]Shut, error)
}
