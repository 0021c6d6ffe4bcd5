package account

import (
	"slices"

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
func (a *Accounts) Renew(tx *db.Tx, person school.ID, by audit.By) error {
	if err := endMerged(tx, person); err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE account_account SET `+unopened+` WHERE person_id = $1 AND activated_at IS NOT NULL`, person)
	if err != nil {
		return err
	}
	if err := spendContests(tx, person, SpentRenewed); err != nil {
		return err
	}
	if err := endWays(tx, person); err != nil || n == 0 {
		return err
	}
	return a.journalAccount(tx, audit.Entry{By: by, Action: actRenew, Subject: person})
}

// RenewAll is [Accounts.Renew] for many, each of whom is told. With what they handed out
// lately, see [HandedLately], that ends too.
func (a *Accounts) RenewAll(tx *db.Tx, people []school.ID, by audit.By, handed bool) error {
	for _, person := range slices.Sorted(slices.Values(people)) { // two who renew the same take turns
		if handed {
			if err := a.suspend(tx, person); err != nil {
				return err
			}
			if err := a.endSuspected(tx, person, by); err != nil {
				return err
			}
		}
		if err := a.Renew(tx, person, by); err != nil {
			return err
		}
		if err := a.announce(tx, person, passwordRenewed, Origin{}); err != nil {
			return err
		}
	}
	return nil
}
