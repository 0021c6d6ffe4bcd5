package account

import (
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Disable closes a person's account and their sessions, takes their code back, and
// suspends what they handed out lately. It can be enabled again. One that is frozen
// stays so.
func (a *Accounts) Disable(tx *db.Tx, person school.ID, by audit.By) error {
	if err := a.able(tx, person, by, `disabled_at = $2`, db.At(tx.Now), actDisable); err != nil {
		return err
	}
	if err := endMerged(tx, person); err != nil {
		return err
	}
	if err := a.suspend(tx, person); err != nil {
		return err
	}
	if err := a.announce(tx, person, accountDisabled, Origin{}); err != nil {
		return err
	}
	return end(tx, person)
}

// end takes the codes of a person back and closes their sessions.
func end(tx *db.Tx, person school.ID) error {
	if err := endCode(tx, person); err != nil {
		return err
	}
	return closeAll(tx, person, 0)
}

// Enable opens an account that was disabled or frozen again, with the password it had:
// what was handed out with it serves again.
func (a *Accounts) Enable(tx *db.Tx, person school.ID, by audit.By) error {
	if err := a.able(tx, person, by, `disabled_at = $2, `+thawed, db.Time{}, actEnable); err != nil {
		return err
	}
	if err := trust(tx, person); err != nil {
		return err
	}
	return a.announce(tx, person, accountEnabled, Origin{})
}

// able changes when an account was disabled, and journals it.
func (a *Accounts) able(tx *db.Tx, person school.ID, by audit.By, change string, at db.Time, action audit.Action) error {
	n, err := tx.Exec(`UPDATE account_account SET `+change+` WHERE person_id = $1`, person, at)
	if err != nil {
		return err
	}
	if n == 0 {
		return fail.New(fail.NotFound, "person %d has no account", person)
	}
	return a.journalAccount(tx, audit.Entry{By: by, Action: action, Subject: person})
}
