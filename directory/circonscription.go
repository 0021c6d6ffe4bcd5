package directory

import (
	"preau/core/db"
	"preau/core/school"
)

// Circonscriptions gives the circonscription that each school is within. A
// school that the source places in none is not in the map.
func Circonscriptions(tx *db.Tx) (map[school.ID]Place, error) {
	of := map[school.ID]Place{}
	return of, tx.Each(func(row db.Row) error {
		var id school.ID
		var p Place
		err := row.Scan(&id, &p.ID, &p.Name)
		p.Name = Circonscription.Told(p.Name)
		of[id] = p
		return err
	}, `SELECT w.structure_id, s.id, s.name FROM directory_structure s
		JOIN directory_within w ON w.ancestor_id = s.id WHERE s.kind = 'circonscription'`)
}
