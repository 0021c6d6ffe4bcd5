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

// DepartEnded marks as departed those of whom no source tells, and whose last
// function, enrolment and bond have ended by themselves: the time after which
// they are erased runs from there.
func DepartEnded(tx *db.Tx) error {
	now := db.At(tx.Now)
	gone, err := db.All(tx, db.Column[school.ID], `UPDATE directory_person SET departed_at = $1 WHERE departed_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM directory_key k WHERE k.subject_id = directory_person.id AND k.live)
		AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = directory_person.id AND `+NotOver("f", 1)+`)
		AND NOT EXISTS (SELECT 1 FROM directory_enrolment e WHERE e.person_id = directory_person.id AND `+NotOver("e", 1)+`)
		AND NOT EXISTS (SELECT 1 FROM directory_bond b WHERE b.guardian_id = directory_person.id AND `+NotOver("b", 1)+`)
		RETURNING id`, now)
	if err != nil {
		return err
	}
	return Void(tx, gone...)
}

// Departed lists some of the people who departed before an instant.
func Departed(tx *db.Tx, before time.Time, limit int) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID],
		`SELECT id FROM directory_person WHERE departed_at < $1 ORDER BY id LIMIT $2`, db.At(before), limit)
}

// Any tells whether the register holds anybody.
func Any(tx *db.Tx) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_person)`)
}
