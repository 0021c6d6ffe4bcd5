package account

import (
	"context"
	"errors"
	"fmt"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// SignIn opens a session for who types a login and its password.
//
// A login that nobody has, an account that is not activated or is disabled,
// and a wrong password are one refusal (fail.Invalid) after the same work. By
// the tenth wrong password for a login, whoever tries and whether anybody has
// it, it is fail.TooMany. When too many people sign in at once it is
// fail.Unavailable, and not counted as a try.
func (a *Accounts) SignIn(ctx context.Context, typed, password string, from Origin) (Opened, error) {
	var d door
	err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		d, err = a.approach(tx, "password", typed, from)
		return err
	})
	if err != nil {
		return Opened{}, fmt.Errorf("signing in: %w", err)
	}
	right, err := a.knock(ctx, d, password)
	if err != nil {
		return Opened{}, fmt.Errorf("signing in: %w", err)
	}
	if !right {
		return Opened{}, a.refuse(ctx, d, from, wrongPassword())
	}
	hash := d.hash
	if a.hasher.stale(hash) {
		if hash, err = a.hasher.hash(ctx, normal(password)); err != nil {
			return Opened{}, fmt.Errorf("signing in: %w", err)
		}
	}
	var opened Opened
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		// The row is written even when nothing changes: it holds back who
		// disables the account or changes its password at this moment, and
		// finds out if they were first.
		n, err := tx.Exec(`UPDATE account_account SET password = $2
			WHERE person_id = $1 AND password = $3 AND disabled_at IS NULL`, d.person, hash, d.hash)
		if err != nil {
			return err
		}
		if n == 0 {
			return wrongPassword()
		}
		if err := d.pass(tx); err != nil {
			return err
		}
		if err := endCode(tx, d.person); err != nil {
			return err
		}
		opened, err = a.enter(tx, d.person, "account.sign-in", from)
		return err
	})
	if err != nil {
		return Opened{}, fmt.Errorf("signing in: %w", err)
	}
	return opened, nil
}

func wrongPassword() error {
	return fail.New(fail.Invalid, "the login or the password is wrong").Say("account.wrong-password").At("password")
}

// knock compares a password with the one of the account. A try that could
// not be made is not counted.
func (a *Accounts) knock(ctx context.Context, d door, password string) (bool, error) {
	long := len(password) > maxPasswordBytes
	if long {
		password = "" // as much work as for any other
	}
	right, err := a.hasher.verify(ctx, d.hash, normal(password))
	if err != nil {
		back := a.DB.Write(context.WithoutCancel(ctx), d.turnBack)
		return false, errors.Join(err, back)
	}
	return right && !long, nil
}

// door is one way to prove who one is, and what is known of the login that
// was typed at it.
type door struct {
	name      string // "password", "change" or "code"
	login     Login
	byLogin   throttle
	byAddress throttle
	tries     int       // wrong ones for the login, with this one
	person    school.ID // whose login it is; 0 for nobody
	hash      string    // of the password; empty when there is none
}

// approach counts a try at a door before it is made, and reads the account.
// A login that nobody has is counted like any other. Every transaction here
// takes rows in one order, the account, the address, the login: none waits for
// one that waits for it.
func (a *Accounts) approach(tx *db.Tx, name, typed string, from Origin) (d door, err error) {
	d.name, d.login = name, ParseLogin(typed)
	d.byLogin, d.byAddress = a.throttleLogin(name, d.login, typed), a.throttleAddress(from.IP)
	if _, err = d.byAddress.take(tx); err != nil {
		return d, err
	}
	if d.tries, err = d.byLogin.take(tx); err != nil {
		return d, err
	}
	err = tx.Get([]any{&d.person, &d.hash}, `SELECT person_id, password FROM account_account
		WHERE stem = $1 AND number = $2 AND disabled_at IS NULL`, d.login.Stem, d.login.Number)
	if fail.Is(err, fail.NotFound) {
		err = nil
	}
	return d, err
}

// pass uncounts the tries of who has proved who they are. Those of others at
// the same address stay.
func (d door) pass(tx *db.Tx) error {
	return errors.Join(d.byAddress.giveBack(tx), d.byLogin.forget(tx))
}

// turnBack uncounts a try that could not be made.
func (d door) turnBack(tx *db.Tx) error {
	return errors.Join(d.byAddress.giveBack(tx), d.byLogin.giveBack(tx))
}

// refuse is the answer to a wrong try. The last one that is borne is
// journalled.
func (a *Accounts) refuse(ctx context.Context, d door, from Origin, wrong error) error {
	if d.tries < d.byLogin.burst {
		return wrong
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		return a.Log.Write(tx, audit.Entry{
			Action: "account.blocked", Kind: "account", Subject: d.person, Request: from.Request,
			Detail: audit.Detail{"door": d.name},
		})
	})
	if err != nil {
		return err
	}
	return tooMany(d.byLogin.every)
}
