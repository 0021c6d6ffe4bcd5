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
		WHERE p.id `+tx.Among(1)+` ORDER BY p.sort_key, p.id`, db.List(tx, people))
}

// SomeBy reads some people, by who they are. One who is not in the register any more, and 0,
// have no name.
func SomeBy(tx *db.Tx, people ...school.ID) (map[school.ID]Someone, error) {
	found, err := SomeByID(tx, people...)
	by := make(map[school.ID]Someone, len(found))
	for _, one := range found {
		by[one.ID] = one
	}
	return by, err
}
