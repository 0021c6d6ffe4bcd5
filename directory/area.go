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

// AreasAbove lists what each of some schools is within.
func AreasAbove(tx *db.Tx, schools ...school.ID) (map[school.ID][]school.ID, error) {
	above := map[school.ID][]school.ID{}
	return above, tx.Each(func(row db.Row) error {
		var at, area school.ID
		err := row.Scan(&at, &area)
		above[at] = append(above[at], area)
		return err
	}, `SELECT structure_id, ancestor_id FROM directory_within WHERE structure_id `+tx.Among(1), db.List(tx, schools))
}

// schoolsOf counts the open schools of each area.
const schoolsOf = `SELECT w.ancestor_id AS area, count(*) AS schools FROM directory_within w
	JOIN directory_structure s ON s.id = w.structure_id AND s.kind = 'school' AND s.until_at IS NULL`

// InAreas is a condition that finds the structures s that are areas, or that
// lie within them: schools, and whatever is smaller than the area and has no
// school outside. Only schools tell: an office stands in a town without being
// of it. An area whose schools are all those of the académie is not the
// académie. The placeholders of the areas go in its %s.
const InAreas = `(s.id IN (%[1]s)
	OR s.kind = 'school' AND s.id IN (SELECT w.structure_id FROM directory_within w WHERE w.ancestor_id IN (%[1]s))
	OR s.kind <> 'school' AND s.id IN (
		SELECT inside.area FROM (
			SELECT w.ancestor_id AS area, count(DISTINCT w.structure_id) AS schools FROM directory_within o
			JOIN directory_structure a ON a.id = o.ancestor_id
			JOIN directory_structure k ON k.id = o.structure_id AND k.kind = 'school' AND k.until_at IS NULL
			JOIN directory_within w ON w.structure_id = o.structure_id
			JOIN directory_structure u ON u.id = w.ancestor_id
			WHERE o.ancestor_id IN (%[1]s) AND (
				u.kind IN ('commune', 'rpi') AND a.kind IN ('circonscription', 'department', 'academy')
				OR u.kind = 'circonscription' AND a.kind IN ('department', 'academy')
				OR u.kind = 'department' AND a.kind = 'academy')
			GROUP BY w.ancestor_id
		) inside JOIN (` + schoolsOf + ` GROUP BY w.ancestor_id
		) whole ON whole.area = inside.area AND whole.schools = inside.schools))`

// Neighbours lists a structure, and what lies in the same commune.
func Neighbours(tx *db.Tx, structure school.ID) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `WITH town AS (
			SELECT c.id FROM directory_structure c WHERE c.kind = 'commune' AND (c.id = $1
				OR c.id IN (SELECT w.ancestor_id FROM directory_within w WHERE w.structure_id = $1)))
		SELECT s.id FROM directory_structure s WHERE s.id = $1
		UNION SELECT id FROM town
		UNION SELECT w.structure_id FROM directory_within w WHERE w.ancestor_id IN (SELECT id FROM town)`, structure)
}
