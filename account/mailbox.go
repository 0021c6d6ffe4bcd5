package account

import (
	"fmt"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/mail"
	"preau/core/school"
	"preau/directory"
)

// Whoever has somebody's address may have their account, by the link of a forgotten
// password. The register's may be changed by a delivery, by a file of ONDE, by
// whoever corrects a colleague. So the account remembers the last one: when it is
// another, the one before is told, with the link that shuts the account, and links
// wait for some days.

// mailboxSettles is how long an address is that of an account in use before a link
// goes to it: the time to read what was said at the one before.
const mailboxSettles = 3 * 24 * time.Hour

// firstMailbox is how long after an account was opened the first address that the
// register has of its person is taken for theirs at once. Later it settles like
// another: whoever writes it would have the account, and nobody else is told.
const firstMailbox = 24 * time.Hour

// noteMailbox remembers the address of somebody whose account is in use, and tells
// the one before that it has changed. It gives back when it changed the last time;
// zero when it is the first that is known, of an account that is no older than
// [firstMailbox].
func (a *Accounts) noteMailbox(tx *db.Tx, person school.ID) (since time.Time, err error) {
	if a.Mail == nil {
		return since, nil
	}
	boxes, err := directory.Mailboxes(tx, person)
	if err != nil || !mail.IsAddress(boxes[person]) {
		return since, err
	}
	address := strings.ToLower(boxes[person])
	var sealed []byte
	var changed db.Time
	err = tx.Get([]any{&sealed, &changed}, `SELECT address, since FROM account_mailbox WHERE person_id = $1`, person)
	if fail.Is(err, fail.NotFound) {
		late, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM account_account
			WHERE person_id = $1 AND activated_at < $2)`, person, db.At(tx.Now.Add(-firstMailbox)))
		if err != nil {
			return since, fmt.Errorf("asking since when the account of %d is in use: %w", person, err)
		}
		if late {
			since = tx.Now
		}
		return since, a.keepMailbox(tx, person, address, since)
	}
	if err != nil {
		return since, err
	}
	before, err := a.Key.Open("account mailbox", sealed, bytesOf(person))
	if err != nil {
		return since, fmt.Errorf("reading the address of %d: %w", person, err)
	}
	if string(before) == address {
		return changed.Time, nil
	}
	if err := a.keepMailbox(tx, person, address, tx.Now); err != nil {
		return since, err
	}
	to, err := a.stamped(tx, person, string(before), told)
	if err == nil && to != "" {
		err = a.tell(tx, person, to, mailboxChanged, Origin{})
	}
	return tx.Now, err
}

func (a *Accounts) keepMailbox(tx *db.Tx, person school.ID, address string, since time.Time) error {
	_, err := tx.Exec(`INSERT INTO account_mailbox (person_id, address, since) VALUES ($1, $2, $3)
		ON CONFLICT (person_id) DO UPDATE SET address = excluded.address, since = excluded.since`,
		person, a.Key.Seal("account mailbox", []byte(address), bytesOf(person)), db.At(since))
	return err
}

// settled tells whether a link may go to the address of somebody: it has been theirs
// for some days.
func (a *Accounts) settled(tx *db.Tx, person school.ID) (bool, error) {
	since, err := a.noteMailbox(tx, person)
	return tx.Now.Sub(since) >= mailboxSettles, err
}
