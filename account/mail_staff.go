package account

import (
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// SendStaffSlip is [Accounts.SendSlip] to somebody who works in the school.
func (a *Accounts) SendStaffSlip(tx *db.Tx, person school.ID, by Warrant, of directory.Structure) (sent bool, err error) {
	to, err := a.box(tx, person, posted)
	if err != nil || to == "" {
		return false, err
	}
	return true, a.mailSlip(tx, to, person, by, "account.mail-staff-slip", of.Name)
}
