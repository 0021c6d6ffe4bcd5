package directory

import (
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Newcomer is somebody whom the register did not know: they will want a
// login.
type Newcomer struct {
	Person       school.ID
	First, Usual string
}

// SortKey is what people are sorted and searched by: the folded usual name,
// then the first name.
func SortKey(usual, first string) string { return school.Fold(usual) + " " + school.Fold(first) }

// Departed lists some of the people who departed before an instant.
func Departed(tx *db.Tx, before time.Time, limit int) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID],
		`SELECT id FROM directory_person WHERE departed_at < $1 ORDER BY id LIMIT $2`, db.At(before), limit)
}

// Any tells whether the register holds anybody.
func Any(tx *db.Tx) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_person)`)
}
