package directory

import (
	"preau/core/db"
	"preau/core/school"
)

// SomeByID reads some people, sorted by name.
func SomeByID(tx *db.Tx, people ...school.ID) ([]Someone, error) {
	if len(people) == 0 {
		return nil, nil
	}
	return db.All(tx, scanSomeone, `SELECT `+someone+` FROM directory_person p
		WHERE p.id IN (`+db.In(people)+`) ORDER BY p.sort_key, p.id`)
}
