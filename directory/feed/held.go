package feed

import (
	"preau/core/db"
	"preau/core/school"
)

// HeldPeople lists those whose departure from a school waits, each once.
func HeldPeople(tx *db.Tx, delivery, at school.ID) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID],
		`SELECT DISTINCT person_id FROM feed_held WHERE feed_id = $1 AND school_id = $2 ORDER BY person_id`, delivery, at)
}
