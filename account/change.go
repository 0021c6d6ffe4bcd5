package account

import (
	"context"
	"fmt"

	"preau/account/secret"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// ChangePassword sets the password of whoever is in, types the one they have and
// the one they want, and closes their other sessions. The old one is counted
// like at sign-in.
func (a *Accounts) ChangePassword(ctx context.Context, s Session, old, password string, from Origin) error {
	var d door
	var hats []school.Profile
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		login, err := loginOf(tx, s.Person)
		if err != nil {
			return err
		}
		if hats, err = a.Hats(tx, s.Person); err != nil {
			return err
		}
		// A door of its own: who is in changes the password while a stranger
		// holds the other one shut.
		d, err = a.approach(tx, changeDoor, login.String(), from)
		return err
	})
	if err != nil {
		return fmt.Errorf("changing a password: %w", err)
	}
	right, err := a.knock(ctx, d, old)
	if err != nil {
		return fmt.Errorf("changing a password: %w", err)
	}
	if !right {
		return a.refuse(ctx, d, from, wrongOld())
	}
	if err := secret.Check(password, d.login.Stem, hats...); err != nil {
		return err
	}
	hash, err := a.passwords.Hash(ctx, secret.Normal(password))
	if err != nil {
		return fmt.Errorf("changing a password: %w", err)
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		// The old one may have been ended while this one was hashed. The row is
		// written, so that whoever ends it at this moment is waited for.
		n, err := tx.Exec(`UPDATE account_account SET password = password WHERE person_id = $1 AND password = $2`, s.Person, d.hash)
		if err != nil {
			return err
		}
		if n == 0 {
			return wrongOld()
		}
		if err := setPassword(tx, s.Person, hash, s.ID); err != nil {
			return err
		}
		if err := d.pass(tx); err != nil {
			return err
		}
		if err := a.journal(tx, s, actPassword, from, nil); err != nil {
			return err
		}
		return a.announce(tx, s.Person, passwordChanged, from)
	})
	if err != nil {
		return fmt.Errorf("changing a password: %w", err)
	}
	return nil
}

func wrongOld() error {
	return fail.New(fail.Invalid, "the password is not the one they have").Say("account.wrong-old").At("old")
}
