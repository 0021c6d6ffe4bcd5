package directory

import (
	"preau/core/db"
	"preau/core/school"
)

// CirconscriptionsOf gives the circonscription that each of some schools is
// within. A school that the source places in none is not in the map.
func CirconscriptionsOf(tx *db.Tx, schools ...school.ID) (map[school.ID]Structure, error) {
	of := map[school.ID]Structure{}
	if len(schools) == 0 {
		return of, nil
	}
	err := tx.Each(func(row db.Row) error {
		var id school.ID
		var s Structure
		err := row.Scan(append([]any{&id}, Structures.fields(&s)...)...)
		of[id] = s
		return err
	}, `SELECT w.structure_id, `+Structures.columns("s")+`
		FROM directory_within w JOIN directory_structure s ON s.id = w.ancestor_id
		WHERE s.kind = 'circonscription' AND w.structure_id IN (`+db.In(schools)+`)`)
	return of, err
}
