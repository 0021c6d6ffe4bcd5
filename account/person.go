package account

import (
	"preau/core/db"
	"preau/core/school"
)

// Person finds whose login this is, or fail.NotFound.
func Person(tx *db.Tx, typed string) (school.ID, error) {
	login := ParseLogin(typed)
	return db.One(tx, db.Column[school.ID],
		`SELECT person_id FROM account_account WHERE stem = $1 AND number = $2`, login.Stem, login.Number)
}
