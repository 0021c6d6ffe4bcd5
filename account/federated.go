package account

import (
	"errors"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// ErrNotSo is in the error of whoever may not come in by an identity provider.
var ErrNotSo = errors.New("they may not come in so")

// EnterFederated opens a session for somebody whom an identity provider has
// named, with the first hat that they hold among those that it speaks for. The
// session wears no other hat: for these one gives a password. A first entry
// activates the account, which then has no password, and ends the codes that
// were out.
//
// Somebody without any of these hats, without an account, or whose account is
// disabled is fail.NotFound with [ErrNotSo].
func (a *Accounts) EnterFederated(tx *db.Tx, person school.ID, may []school.Profile, from Origin) (Opened, error) {
	if len(may) == 0 {
		return Opened{}, fail.New(fail.NotFound, "nothing may be opened: %w", ErrNotSo)
	}
	before, err := Of(tx, person)
	if err != nil {
		return Opened{}, err
	}
	// The row is written even when nothing changes: it holds back who
	// disables the account at this moment.
	n, err := tx.Exec(`UPDATE account_account SET activated_at = COALESCE(activated_at, $2)
		WHERE person_id = $1 AND disabled_at IS NULL`, person, db.At(tx.Now))
	if err != nil {
		return Opened{}, err
	}
	if n == 0 {
		return Opened{}, fail.New(fail.NotFound, "%d has no account, or one that is disabled: %w", person, ErrNotSo)
	}
	if before[person].Activated.IsZero() {
		if err := endCode(tx, person); err != nil {
			return Opened{}, err
		}
		if err := noteOpened(tx, person, ByFederation); err != nil {
			return Opened{}, err
		}
		if err := a.announce(tx, person, accountActivated, from); err != nil {
			return Opened{}, err
		}
	}
	opened, err := a.enterWith(tx, person, may, actFederated, from)
	if err == nil && opened.Profile == "" {
		err = fail.New(fail.NotFound, "%d has no hat of those asked for: %w", person, ErrNotSo)
	}
	return opened, err
}

// CountDeparture counts that somebody leaves from an address to prove who they
// are elsewhere. Too many are fail.TooMany: each is remembered for a while.
func (a *Accounts) CountDeparture(tx *db.Tx, from Origin) error {
	_, err := throttle{a.attemptKey("departure", lineOf(from.IP)), addressRate, true}.take(tx)
	return err
}
