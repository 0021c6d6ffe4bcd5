package account

import (
	"context"
	"fmt"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// contestLife is how long a message may be answered that it was not oneself.
const contestLife = 30 * 24 * time.Hour

// contestSize is that of a token, of the characters of a code, as somebody
// without scripts types it: 77 bits, for all the accounts together.
const contestSize = 16

// contestToken makes the token with which a person shuts their account.
func (a *Accounts) contestToken(tx *db.Tx, person school.ID) (string, error) {
	token := draw(contestSize)
	_, err := tx.Exec(`INSERT INTO account_contest (token, person_id, expires_at) VALUES ($1, $2, $3)`,
		a.contestMAC(token), person, db.At(tx.Now.Add(contestLife)))
	if err != nil {
		return "", fmt.Errorf("making a token of contest: %w", err)
	}
	return group(token, "-"), nil
}

func (a *Accounts) contestMAC(token string) []byte {
	return a.Key.MAC("account contest", []byte(token))
}

func endContests(tx *db.Tx, person school.ID) error {
	_, err := tx.Exec(`DELETE FROM account_contest WHERE person_id = $1`, person)
	return err
}

// Contest shuts the account of who says, with the token of a message, that what
// happened to it was not theirs: nobody is in any more or comes in, until the
// school opens it again, without the password that somebody else may know. The
// token serves once, and with it end the others of the person.
//
// A token that is unknown, used or expired is fail.Invalid; too many of them
// from one network, fail.TooMany.
func (a *Accounts) Contest(ctx context.Context, typed string, from Origin) error {
	near := throttle{a.attemptKey("contest", string(a.networkMAC(from))), contestRate, true}
	right := false
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		person, err := db.One(tx, db.Column[school.ID], `DELETE FROM account_contest WHERE token = $1 AND expires_at > $2 RETURNING person_id`,
			a.contestMAC(bare(typed, contestSize)), db.At(tx.Now))
		if fail.Is(err, fail.NotFound) { // only wrong ones are counted: nobody's tries keep an account from being shut
			_, err := near.take(tx)
			return err
		}
		if err != nil {
			return err
		}
		right = true
		if err := endContests(tx, person); err != nil {
			return err
		}
		return a.freeze(tx, person, from.by(0), Contested, from)
	})
	if err != nil {
		return fmt.Errorf("contesting: %w", err)
	}
	if !right {
		return fail.New(fail.Invalid, "the token of contest is not one").Say("account.wrong-contest").At("token")
	}
	return nil
}

// ContestFor shuts an account of which a school says that it is not its person
// who opened it, as [Accounts.Contest] does at the word of its person. One that
// is disabled already stays so for its first reason.
func (a *Accounts) ContestFor(tx *db.Tx, person school.ID, by audit.By) error {
	if err := endContests(tx, person); err != nil {
		return err
	}
	return a.freeze(tx, person, by, WrongPerson, Origin{})
}
