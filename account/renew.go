package account

import (
	"slices"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
)

// Renew ends the password of somebody, with their sessions and their code,
// because others may know it, or because they come back after they were nothing
// any more: a new code tells that it is them. The login stays. Of who never chose
// a password it ends the code alone.
func (a *Accounts) Renew(tx *db.Tx, person, by school.ID, request string) error {
	n, err := tx.Exec(`UPDATE account_account SET password = '', password_at = NULL, activated_at = NULL
		WHERE person_id = $1 AND activated_at IS NOT NULL`, person)
	if err != nil {
		return err
	}
	if err := shut(tx, person); err != nil || n == 0 {
		return err
	}
	return a.journalAccount(tx, audit.Entry{Actor: by, Action: actRenew, Subject: person, Request: request})
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
