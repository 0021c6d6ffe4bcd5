package directory

import (
	"preau/core/db"
	"preau/core/school"
)

// Record is what a source calls somebody: the category, and the jointure.
type Record struct {
	Category string
	Jointure int64
}

// PupilsOfRecords gives the pupil of a school whom each of some records is
// about: the pupil themself, or a child of the guardian. What is about nobody
// of the school is not in the map.
func PupilsOfRecords(tx *db.Tx, at, source school.ID, jointures ...int64) (map[Record]school.ID, error) {
	of := map[Record]school.ID{}
	return of, tx.Each(func(row db.Row) error {
		var r Record
		var pupil school.ID
		err := row.Scan(&r.Category, &r.Jointure, &pupil)
		of[r] = pupil
		return err
	}, `SELECT k.category, k.jointure, e.person_id FROM directory_key k
			JOIN directory_enrolment e ON e.person_id = k.subject_id AND e.school_id = $2 AND `+During("e", 1)+`
			WHERE k.source_id = $3 AND k.category = 'Eleve' AND k.jointure IN (`+db.In(jointures)+`)
		UNION SELECT k.category, k.jointure, b.pupil_id FROM directory_key k
			JOIN directory_bond b ON b.guardian_id = k.subject_id AND `+During("b", 1)+`
			JOIN directory_enrolment e ON e.person_id = b.pupil_id AND e.school_id = $2 AND `+During("e", 1)+`
			WHERE k.source_id = $3 AND k.category = 'PersRelEleve' AND k.jointure IN (`+db.In(jointures)+`)`,
		db.At(tx.Now), at, source)
}
