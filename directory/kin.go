package directory

import (
	"preau/core/db"
	"preau/core/school"
)

// Kin is a guardian of a pupil as a school's lists show them: never what
// would reach them.
type Kin struct {
	Someone
	Pupil        school.ID
	Link         string // N_LIEN_ELEVE_RESPONSABLE: "10" mother, "20" father…
	Organisation bool
}

// KinOf lists the guardians of some pupils now, by pupil, then by name. A
// guardian from whom a judge takes all access to the pupil is not among them.
func KinOf(tx *db.Tx, pupils ...school.ID) ([]Kin, error) {
	if len(pupils) == 0 {
		return nil, nil
	}
	return db.All(tx, func(row db.Row) (k Kin, err error) {
		return k, row.Scan(append(k.fields(), &k.Pupil, &k.Link, &k.Organisation)...)
	}, `SELECT `+someone+`, b.pupil_id, b.link, p.organisation
		FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id
		WHERE b.pupil_id IN (`+db.In(pupils)+`) AND `+during("b", 1)+` AND NOT EXISTS (`+barred+`) AND p.departed_at IS NULL
		ORDER BY b.pupil_id, p.sort_key, p.id`, db.At(tx.Now))
}
