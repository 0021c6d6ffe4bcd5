package account

import (
	"preau/core/db"
	"preau/core/school"
)

// inUse finds the accounts a with which somebody comes in.
const inUse = `a.activated_at IS NOT NULL AND a.disabled_at IS NULL AND a.frozen_at IS NULL`

// UsedBy lists the people whose account is in use, after one of them, sorted.
func UsedBy(tx *db.Tx, after school.ID, most int) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT a.person_id FROM account_account a WHERE a.person_id > $1 AND `+inUse+`
		ORDER BY a.person_id LIMIT $2`, after, most)
}

// IsUsed tells whether the account of a person is in use.
func IsUsed(tx *db.Tx, person school.ID) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM account_account a WHERE a.person_id = $1 AND `+inUse+`)`, person)
}
