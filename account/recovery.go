package account

import (
	"fmt"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// recoveryCodes is how many recovery codes one has: each replaces the second
// factor once.
const recoveryCodes = 10

// drawRecovery makes the recovery codes of a person, in the place of those that
// they had, and gives them to be kept on paper: nobody can read them again.
func (a *Accounts) drawRecovery(tx *db.Tx, person school.ID) ([]string, error) {
	if err := endRecovery(tx, person); err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		bare := drawCode()
		codes[i] = group(bare, "-")
		_, err := tx.Exec(`INSERT INTO account_recovery (person_id, code, made_at) VALUES ($1, $2, $3)`,
			person, a.recoveryMAC(person, bare), db.At(tx.Now))
		if err != nil {
			return nil, fmt.Errorf("making recovery codes: %w", err)
		}
	}
	return codes, nil
}

// NewRecovery makes new recovery codes for whoever has a second factor; who has none
// is fail.NotFound.
func (a *Accounts) NewRecovery(tx *db.Tx, s Session, from Origin) ([]string, error) {
	if !s.Factor {
		return nil, fail.New(fail.NotFound, "%d has no second factor to recover", s.Person)
	}
	codes, err := a.drawRecovery(tx, s.Person)
	if err != nil {
		return nil, err
	}
	return codes, a.journal(tx, s, actRecoveryCodes, from, nil)
}

// RecoveryLeft counts the recovery codes that a person has not used.
func RecoveryLeft(tx *db.Tx, person school.ID) (int, error) {
	return db.One(tx, db.Column[int], `SELECT count(*) FROM account_recovery WHERE person_id = $1`, person)
}

// useRecovery tells whether a code is one of a person's, and uses it up: of two
// who type it at once, one finds it.
func (a *Accounts) useRecovery(tx *db.Tx, person school.ID, bare string) (bool, error) {
	n, err := tx.Exec(`DELETE FROM account_recovery WHERE person_id = $1 AND code = $2`, person, a.recoveryMAC(person, bare))
	return n == 1, err
}

func endRecovery(tx *db.Tx, person school.ID) error {
	_, err := tx.Exec(`DELETE FROM account_recovery WHERE person_id = $1`, person)
	return err
}

// recoveryMAC is how the database knows a recovery code: bound to its person,
// so that a code moved to another row opens nothing.
func (a *Accounts) recoveryMAC(person school.ID, bare string) []byte {
	return a.Key.MAC("account recovery", bytesOf(person), []byte(bare))
}
