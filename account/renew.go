package account

import (
	"slices"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
)

// unopened says in SQL that an account has no password: a code opens it.
const unopened = `password = '', password_at = NULL, activated_at = NULL`

// Renew ends the password of somebody, with their sessions and their code,
// because others may know it, or because they come back after they were nothing
// any more: a new code tells that it is them. The login stays. Of who never chose
// a password it ends the code alone.
func (a *Accounts) Renew(tx *db.Tx, person, by school.ID, request string) error {
	if err := endMerged(tx, person); err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE account_account SET `+unopened+` WHERE person_id = $1 AND activated_at IS NOT NULL`, person)
	if err != nil {
		return err
	}
	if err := shut(tx, person); err != nil || n == 0 {
		return err
	}
	return a.journalAccount(tx, audit.Entry{Actor: by, Action: actRenew, Subject: person, Request: request})
}

// HandedBy lists the people who hold a code that somebody handed out since an
// instant, and that they have not used.
func HandedBy(tx *db.Tx, by school.ID, since time.Time) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT person_id FROM account_code
		WHERE made_by = $1 AND kind = $2 AND made_at >= $3 AND expires_at > $4 ORDER BY person_id`,
		by, string(slip), db.At(since), db.At(tx.Now))
}

// Annul ends the codes that somebody handed to some people, each of whom needs
// another one.
func (a *Accounts) Annul(tx *db.Tx, handed school.ID, people []school.ID, by school.ID, request string) error {
	for _, person := range slices.Sorted(slices.Values(people)) {
		n, err := tx.Exec(`DELETE FROM account_code WHERE person_id = $1 AND kind = $2 AND made_by = $3`, person, string(slip), handed)
		if err != nil {
			return err
		}
		if n == 0 { // used meanwhile, or replaced by somebody else
			continue
		}
		if err := a.journalAccount(tx, audit.Entry{Actor: by, Action: actCodeAnnul, Subject: person, Request: request}); err != nil {
			return err
		}
	}
	return nil
}

// RenewAll is [Accounts.Renew] for many, each of whom is told.
func (a *Accounts) RenewAll(tx *db.Tx, people []school.ID, by school.ID, request string) error {
	for _, person := range slices.Sorted(slices.Values(people)) { // two who renew the same take turns
		if err := a.Renew(tx, person, by, request); err != nil {
			return err
		}
		if err := a.announce(tx, person, passwordRenewed, Origin{}); err != nil {
			return err
		}
	}
	return nil
}
