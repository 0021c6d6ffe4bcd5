package account

import (
	"context"
	"crypto/hmac"
	"fmt"
	"slices"
	"strings"

	"preau/account/secret"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// Activate sets the password of whoever types a login and the code they were
// handed, closes their other sessions, forgets their devices and opens one. The code is used up; a
// password that is refused leaves it usable.
//
// A login that nobody has, a wrong code, a used one and an expired one are
// one refusal (fail.Invalid); by the hundredth for a login from one network it
// is fail.TooMany. The right code of somebody who is more than when it was made, or elsewhere too,
// is fail.Invalid and says so. In a crowd it is a [Crowd], as for [Accounts.SignIn].
func (a *Accounts) Activate(ctx context.Context, typed, code, password string, from Origin) (Opened, error) {
	leave, err := a.come(from)
	if err != nil {
		return Opened{}, fmt.Errorf("activating: %w", err)
	}
	defer leave()
	d, mac, err := a.present(ctx, typed, code, from)
	if err != nil {
		return Opened{}, fmt.Errorf("activating: %w", err)
	}
	var hats []school.Profile
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		hats, err = a.Hats(tx, d.person)
		return err
	})
	if err != nil {
		return Opened{}, fmt.Errorf("activating: %w", err)
	}
	if err := secret.Check(password, d.login.Stem, hats...); err != nil {
		return Opened{}, err
	}
	hash, err := a.passwords.Hash(ctx, secret.Normal(password))
	if err != nil {
		return Opened{}, fmt.Errorf("activating: %w", err)
	}
	var opened Opened
	err = a.atDoor(ctx, func(tx *db.Tx) (err error) {
		before, err := Of(tx, d.person)
		if err != nil {
			return err
		}
		by, err := a.useCode(tx, d.person, mac)
		if err != nil {
			return err
		}
		if err := setPassword(tx, d.person, hash, 0); err != nil {
			return err
		}
		if err := forgetDevices(tx, d.person); err != nil {
			return err
		}
		if err := a.throttleLogin(passwordDoor, d.login, typed).forget(tx); err != nil {
			return err
		}
		if err := a.throttleNear(passwordDoor, d.login, typed, a.networkMAC(from), nearRate).forget(tx); err != nil {
			return err
		}
		if opened, err = a.enter(tx, d.person, actActivate, from); err != nil {
			return err
		}
		what := codeUsed
		if before[d.person].Activated.IsZero() {
			what = accountActivated
			if err := noteOpened(tx, d.person, by); err != nil {
				return err
			}
		}
		return a.announce(tx, d.person, what, from)
	})
	if err != nil {
		return Opened{}, fmt.Errorf("activating: %w", err)
	}
	return opened, nil
}

// Recognise tells whose login and code these are, for a page that says so
// before a password is chosen. The code is not used up; a wrong one is refused,
// and counted, as [Accounts.Activate] does.
func (a *Accounts) Recognise(ctx context.Context, typed, code string, from Origin) (school.ID, error) {
	d, _, err := a.present(ctx, typed, code, from)
	if err != nil {
		return 0, fmt.Errorf("recognising: %w", err)
	}
	return d.person, nil
}

// present is the door at which somebody shows a login and a code: the right
// ones pass, and every other is one refusal.
func (a *Accounts) present(ctx context.Context, typed, code string, from Origin) (d door, mac []byte, err error) {
	var right bool
	err = a.atDoor(ctx, func(tx *db.Tx) (err error) {
		if d, err = a.approach(tx, codeDoor, typed, from); err != nil {
			return err
		}
		mac = a.codeMAC(d.person, bareCode(code))
		if right, err = a.hasCode(tx, d.person, mac); err != nil || !right {
			return err
		}
		return d.pass(tx)
	})
	if err == nil && !right {
		err = a.refuse(ctx, d, from, wrongCode())
	}
	return d, mac, err
}

// hasCode tells whether a code that a person was handed, or sent, and may still
// use, is this one. Somebody who has become more since (a head, an operator,
// the secretary of another school too) needs a new one: who handed this one
// out could not hand out that. A pupil of maternelle has none but of whoever runs the
// installation: see [Grown].
func (a *Accounts) hasCode(tx *db.Tx, person school.ID, mac []byte) (bool, error) {
	found, then := false, ""
	err := tx.Each(func(row db.Row) error {
		var want []byte
		var hats string
		err := row.Scan(&want, &hats)
		if err == nil && hmac.Equal(want, mac) {
			found, then = true, hats
		}
		return err
	}, `SELECT code, hats FROM account_code WHERE person_id = $2 AND `+waits("account_code")+`
		AND (made_by = 0 OR NOT `+directory.Young("$2", 1)+`)`, db.At(tx.Now), person)
	if err != nil || !found {
		return false, err
	}
	standing, err := a.Standing(tx, person)
	if err != nil {
		return false, fmt.Errorf("reading what %d is: %w", person, err)
	}
	before := strings.Fields(then)
	if slices.ContainsFunc(words(standing), func(word string) bool { return !slices.Contains(before, word) }) {
		return false, outgrown(person)
	}
	return true, nil
}

// useCode deletes a code, and tells how it came; of two who use it at once, one
// finds it. What its holder is was asked before the password was hashed, and is
// asked again.
func (a *Accounts) useCode(tx *db.Tx, person school.ID, mac []byte) (Way, error) {
	if _, err := a.hasCode(tx, person, mac); err != nil {
		return "", err
	}
	by, err := db.One(tx, db.Column[Way], `DELETE FROM account_code WHERE person_id = $2 AND code = $3 AND `+waits("account_code")+` RETURNING kind`,
		db.At(tx.Now), person, mac)
	if fail.Is(err, fail.NotFound) {
		return "", wrongCode()
	}
	return by, err
}

// setPassword writes a password, closes the person's sessions but one, takes the passwords
// of their devices back, and ends the codes that were out.
func setPassword(tx *db.Tx, person school.ID, hash string, except school.ID) error {
	n, err := tx.Exec(`UPDATE account_account
		SET password = $2, password_at = $3, activated_at = COALESCE(activated_at, $3)
		WHERE person_id = $1 AND disabled_at IS NULL`, person, hash, db.At(tx.Now))
	if err != nil {
		return err
	}
	if n == 0 {
		return wrongCode()
	}
	if err := endCode(tx, person); err != nil {
		return err
	}
	if err := endDrives(tx, person); err != nil { // whoever knew the old password may have made some
		return err
	}
	return closeAll(tx, person, except)
}

// endCode ends the codes that somebody was handed or sent: who chooses a
// password does not need them, and nobody else does.
func endCode(tx *db.Tx, person school.ID) error {
	_, err := tx.Exec(`DELETE FROM account_code WHERE person_id = $1`, person)
	return err
}
