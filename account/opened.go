package account

import (
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Way is by what an account was opened the last time. The empty way is not known.
type Way string

// The ways.
const (
	BySlip       Way = Way(slip)
	ByMail       Way = Way(mailed)
	ByFederation Way = "federation"
)

// unused is how long an account that was opened may stay without its person
// before a school looks after it.
const unused = 60 * 24 * time.Hour

// Idle tells whether an account was opened, and its person has not been in for
// long.
func (a Account) Idle(now time.Time) bool {
	last := a.Seen
	if last.Before(a.Activated) {
		last = a.Activated
	}
	return !a.Activated.IsZero() && a.Disabled.IsZero() && now.Sub(last) >= unused
}

// noteOpened writes by what an account was opened.
func noteOpened(tx *db.Tx, person school.ID, by Way) error {
	_, err := tx.Exec(`UPDATE account_account SET activated_by = $2 WHERE person_id = $1`, person, string(by))
	return err
}
