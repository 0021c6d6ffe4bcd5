package directory

import (
	"preau/core/db"
	"preau/core/school"
)

// AreasOfSource lists what the structures of a source are within: the areas
// that its deliveries concern.
func AreasOfSource(tx *db.Tx, source school.ID) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID],
		`SELECT DISTINCT ancestor_id FROM directory_within WHERE source_id = $1 ORDER BY ancestor_id`, source)
}

// OpenSchools lists the schools that are open.
func OpenSchools(tx *db.Tx) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT id FROM directory_structure WHERE kind = 'school' AND until_at IS NULL ORDER BY id`)
}

// AreasAbove lists what a school is within.
func AreasAbove(tx *db.Tx, at school.ID) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT ancestor_id FROM directory_within WHERE structure_id = $1`, at)
}
