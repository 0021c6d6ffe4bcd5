package account

import (
	"cmp"
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

// contestTold is how long after its end a link still tells why it does nothing.
const contestTold = 60 * 24 * time.Hour

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

// endContests forgets the links of a person.
func endContests(tx *db.Tx, person school.ID) error {
	_, err := tx.Exec(`DELETE FROM account_contest WHERE person_id = $1`, person)
	return err
}

// spendContests makes an end of the links of a person, and keeps why for whoever opens one.
func spendContests(tx *db.Tx, person school.ID, why Spent) error {
	_, err := tx.Exec(`UPDATE account_contest SET expires_at = $2, spent = $3 WHERE person_id = $1 AND expires_at > $2`,
		person, db.At(tx.Now), string(why))
	return err
}

// Spent is why a link of contest does nothing any more.
type Spent string

// Why a link is spent: it shut the account, or the school did, or another link; its
// school handed out a new code since, which ended what others may have known; or nobody
// used it in time.
const (
	SpentShut    Spent = "shut"
	SpentRenewed Spent = "renewed"
	SpentOld     Spent = "old"
)

// Contestation is what came of a link of contest.
type Contestation struct {
	Person school.ID // whose it is
	Spent  Spent     // why nothing was done; empty when the account is shut by it
	Since  time.Time // when that was
}

// Contest shuts the account of whoever says, with the token of a message, that what
// happened to it was not theirs: nobody is in any more or comes in, until the
// school opens it again, without the password that somebody else may know. The
// token serves once, and with it end the others of the person. One that served, or is
// too old, does nothing: what it gives says so.
//
// A token that is unknown is fail.Invalid; too many of them from one network,
// fail.TooMany.
func (a *Accounts) Contest(ctx context.Context, typed string, from Origin) (done Contestation, err error) {
	near := throttle{a.attemptKey("contest", string(a.networkMAC(from))), contestRate, true}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		done = Contestation{}
		var until db.Time
		err := tx.Get([]any{&done.Person, &until, &done.Spent}, `SELECT person_id, expires_at, spent FROM account_contest WHERE token = $1`,
			a.contestMAC(bare(typed, contestSize)))
		if fail.Is(err, fail.NotFound) { // only wrong ones are counted: nobody's tries keep an account from being shut
			_, err := near.take(tx)
			return err
		}
		if err != nil {
			return err
		}
		if !until.After(tx.Now) {
			done.Spent, done.Since = cmp.Or(done.Spent, SpentOld), until.Time
			return nil
		}
		if err := spendContests(tx, done.Person, SpentShut); err != nil {
			return err
		}
		return a.freeze(tx, done.Person, from.by(0), Contested, from)
	})
	if err != nil {
		return Contestation{}, fmt.Errorf("contesting: %w", err)
	}
	if done.Person == 0 {
		return done, fail.New(fail.Invalid, "the token of contest is not one").Say("account.wrong-contest").At("token")
	}
	return done, nil
}

// ContestFor shuts an account of which a school says that it is not its person
// who opened it, as [Accounts.Contest] does at the word of its person. One that
// is disabled already stays so for its first reason.
func (a *Accounts) ContestFor(tx *db.Tx, person school.ID, by audit.By) error {
	if err := spendContests(tx, person, SpentShut); err != nil {
		return err
	}
	return a.freeze(tx, person, by, WrongPerson, Origin{})
}
