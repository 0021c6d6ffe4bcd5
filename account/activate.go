package account

import (
	"context"
	"crypto/hmac"
	"fmt"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Activate sets the password of who types a login and the code they were
// handed, closes their other sessions and opens one. The code is used up; a
// password that is refused leaves it usable.
//
// A login that nobody has, a wrong code, a used one and an expired one are
// one refusal (fail.Invalid); by the tenth for a login it is fail.TooMany.
func (a *Accounts) Activate(ctx context.Context, typed, code, password string, from Origin) (Opened, error) {
	var d door
	var mac []byte
	var right bool
	var hats []school.Profile
	err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if d, err = a.approach(tx, "code", typed, from); err != nil {
			return err
		}
		mac = a.codeMAC(d.person, bareCode(code))
		if right, err = a.hasCode(tx, d.person, mac); err != nil || !right {
			return err
		}
		if err := d.pass(tx); err != nil {
			return err
		}
		hats, err = a.Hats(tx, d.person)
		return err
	})
	if err != nil {
		return Opened{}, fmt.Errorf("activating: %w", err)
	}
	if !right {
		return Opened{}, a.refuse(ctx, d, from, wrongCode())
	}
	if err := checkPassword(password, d.login, hats); err != nil {
		return Opened{}, err
	}
	hash, err := a.hasher.hash(ctx, normal(password))
	if err != nil {
		return Opened{}, fmt.Errorf("activating: %w", err)
	}
	var opened Opened
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if err := a.useCode(tx, d.person, mac); err != nil {
			return err
		}
		if err := a.setPassword(tx, d.person, hash, 0); err != nil {
			return err
		}
		if err := a.throttleLogin("password", d.login, typed).forget(tx); err != nil {
			return err
		}
		opened, err = a.enter(tx, d.person, "account.activate", from)
		return err
	})
	if err != nil {
		return Opened{}, fmt.Errorf("activating: %w", err)
	}
	return opened, nil
}

// hasCode tells whether the code that a person was handed, and may still
// use, is this one.
func (a *Accounts) hasCode(tx *db.Tx, person school.ID, mac []byte) (bool, error) {
	want, err := db.One(tx, db.Column[[]byte],
		`SELECT code FROM account_code WHERE person_id = $1 AND expires_at > $2`, person, db.At(tx.Now))
	if fail.Is(err, fail.NotFound) {
		return false, nil
	}
	return hmac.Equal(want, mac), err
}

// useCode deletes a code; of two who use it at once, one finds it.
func (a *Accounts) useCode(tx *db.Tx, person school.ID, mac []byte) error {
	n, err := tx.Exec(`DELETE FROM account_code WHERE person_id = $1 AND code = $2 AND expires_at > $3`,
		person, mac, db.At(tx.Now))
	if err == nil && n == 0 {
		return wrongCode()
	}
	return err
}

// setPassword writes a password and closes the person's sessions but one.
func (a *Accounts) setPassword(tx *db.Tx, person school.ID, hash string, except school.ID) error {
	n, err := tx.Exec(`UPDATE account_account
		SET password = $2, password_at = $3, activated_at = COALESCE(activated_at, $3)
		WHERE person_id = $1 AND disabled_at IS NULL`, person, hash, db.At(tx.Now))
	if err != nil {
		return err
	}
	if n == 0 {
		return wrongCode()
	}
	return a.CloseAll(tx, person, except)
}
