package directory

import (
	"preau/core/db"
	"preau/core/school"
)

// Carried lists the restrictions that a merge must add, so that it gives
// nobody access to a child of a family from which a judge keeps them away.
// Whoever may not reach a child, or know where the child is, does not come
// by a merge to a brother or a sister (a child with another guardian in
// common) whom they did not reach before. The rows have no identifier yet.
func Carried(tx *db.Tx, kept, gone school.ID) ([]Restriction, error) {
	var carried []Restriction
	for _, pair := range [][2]school.ID{{kept, gone}, {gone, kept}} {
		children, err := db.All(tx, func(row db.Row) (r Restriction, err error) {
			return r, row.Scan(append(Restrictions.fields(&r), &r.Pupil)...)
		}, carriedToChildren, db.At(tx.Now), pair[0], pair[1])
		if err != nil {
			return nil, err
		}
		guardians, err := Restrictions.allOf(tx, carriedToGuardians, db.At(tx.Now), pair[0], pair[1])
		if err != nil {
			return nil, err
		}
		for i := range children {
			children[i].Guardian = kept
		}
		for i := range guardians {
			guardians[i].Pupil = kept
		}
		carried = append(append(carried, children...), guardians...)
	}
	for i := range carried {
		carried[i].ID, carried[i].Feed, carried[i].RecordedAt, carried[i].Carried = 0, 0, db.At(tx.Now), true
	}
	return carried, nil
}

// carriedByName lists the restrictions that a merged pupil's guardians must have
// because another guardian of nearly their name has them.
func carriedByName(tx *db.Tx, pupil school.ID) ([]Restriction, error) {
	ties, err := tiesOf(tx, pupil)
	if err != nil {
		return nil, err
	}
	return struck(tx, ties, every, false)
}

// keepsAway is the condition that a restriction r keeps somebody away at the
// instant $1 or will.
var keepsAway = NotOver("r", 1) + ` AND (r.no_access OR r.hide_place)`

var (
	// carriedToChildren finds, for the guardian $2 who becomes one with $3, the
	// restrictions to copy to the children of $3, whose identifier comes last.
	carriedToChildren = `SELECT DISTINCT ` + Restrictions.columns("r") + `, s.pupil_id FROM directory_restriction r
		JOIN directory_bond s ON s.guardian_id = $3 AND s.pupil_id <> r.pupil_id AND ` + During("s", 1) + `
		JOIN directory_bond o ON o.pupil_id = s.pupil_id AND o.guardian_id <> $2 AND o.guardian_id <> $3 AND ` + During("o", 1) + `
		JOIN directory_bond q ON q.pupil_id = r.pupil_id AND q.guardian_id = o.guardian_id AND ` + During("q", 1) + `
		WHERE r.guardian_id = $2 AND ` + keepsAway + ` AND NOT EXISTS (SELECT 1 FROM directory_bond a
			WHERE a.pupil_id = s.pupil_id AND a.guardian_id = $2 AND ` + During("a", 1) + `)`

	// carriedToGuardians finds, for the pupil $2 who becomes one with $3, the
	// restrictions of the guardians of $2 on a brother or a sister of $3.
	carriedToGuardians = `SELECT DISTINCT ` + Restrictions.columns("r") + ` FROM directory_bond b
		JOIN directory_restriction r ON r.guardian_id = b.guardian_id AND r.pupil_id <> $2 AND r.pupil_id <> $3 AND ` + keepsAway + `
		JOIN directory_bond o ON o.pupil_id = $3 AND o.guardian_id <> b.guardian_id AND ` + During("o", 1) + `
		JOIN directory_bond q ON q.pupil_id = r.pupil_id AND q.guardian_id = o.guardian_id AND ` + During("q", 1) + `
		WHERE b.pupil_id = $2 AND ` + During("b", 1) + ` AND NOT EXISTS (SELECT 1 FROM directory_bond a
			WHERE a.pupil_id = $3 AND a.guardian_id = b.guardian_id AND ` + During("a", 1) + `)`
)
