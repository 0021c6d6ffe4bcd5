package directory

import (
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
)

// EndedGrant is what was given to somebody in a school, and has just ended.
type EndedGrant struct {
	ID, Person school.ID
	Function   rights.Function // empty for a class or a pupil
}

// EndHeld ends what nothing holds up any more in a school of what was given to
// somebody by hand there, or by them: who has no post left there keeps no class and no
// loan, and what an acting head gave ends with the interim. A post that they are given
// later brings nothing of it back. Of who has their posts still, nothing ends.
func EndHeld(tx *db.Tx, at, person school.ID) ([]EndedGrant, error) {
	here := `EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = $2 AND f.structure_id = $3 AND ` + During("f", 1)
	if _, err := tx.Exec(`UPDATE directory_membership SET until_at = $1 WHERE person_id = $2 AND role = '`+string(AsTeacher)+`' AND source_id = 0
		AND `+NotOver(Memberships.Name, 1)+` AND class_id IN (SELECT id FROM directory_class WHERE school_id = $3) AND NOT `+here+`)`,
		db.At(tx.Now), person, at); err != nil {
		return nil, err
	}
	ended, err := db.All(tx, func(row db.Row) (g EndedGrant, err error) { return g, row.Scan(&g.ID, &g.Person, &g.Function) },
		`UPDATE directory_grant SET until_at = $1 WHERE lender_id = $3 AND until_at > $1 AND (person_id = $2 AND NOT `+here+`)
			OR granted_by = $2 AND NOT `+here+` AND f.profile = '`+string(school.Head)+`') AND EXISTS (
				SELECT 1 FROM directory_function o WHERE o.person_id = $2 AND o.structure_id = $3 AND o.code = '`+ActingHead+`'))
		RETURNING id, person_id, function`, db.At(tx.Now), person, at)
	if err != nil {
		return nil, err
	}
	less := []school.ID{person}
	for _, g := range ended {
		less = append(less, g.Person)
	}
	return ended, Void(tx, less...)
}
