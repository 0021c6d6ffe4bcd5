package directory

import (
	"fmt"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Merge makes one person of two: a human has decided that both records are
// about kept. Keys, enrolments, memberships, bonds, functions and
// restrictions go to kept; where both say the same thing, kept's stands.
// Since the keys of both lead to kept from then on, no feed splits them.
func Merge(tx *db.Tx, kept, gone school.ID) error {
	if kept == gone {
		return fail.New(fail.Invalid, "nobody is merged with themself")
	}
	for _, id := range []school.ID{kept, gone} {
		if _, err := Persons.One(tx, "id = $1", id); err != nil {
			return err
		}
	}
	for _, move := range []struct{ table, column, tie string }{
		{"directory_key", "subject_id", ""},
		{"directory_enrolment", "person_id", "o.school_id = t.school_id AND o.year = t.year AND o.until_at IS NULL"},
		{"directory_membership", "person_id", "o.class_id = t.class_id AND o.role = t.role AND o.until_at IS NULL"},
		{"directory_bond", "guardian_id", "o.pupil_id = t.pupil_id AND o.until_at IS NULL"},
		{"directory_bond", "pupil_id", "o.guardian_id = t.guardian_id AND o.until_at IS NULL"},
		{"directory_function", "person_id", "o.structure_id = t.structure_id AND o.year = t.year AND o.code = t.code AND o.specialty = t.specialty AND o.until_at IS NULL"},
		{"directory_restriction", "guardian_id", ""},
		{"directory_restriction", "pupil_id", ""},
	} {
		if move.tie != "" {
			_, err := tx.Exec(fmt.Sprintf(`DELETE FROM %[1]s AS t WHERE t.%[2]s = $2 AND EXISTS (
				SELECT 1 FROM %[1]s o WHERE o.%[2]s = $1 AND %[3]s)`, move.table, move.column, move.tie), kept, gone)
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec(fmt.Sprintf(`UPDATE %[1]s SET %[2]s = $1 WHERE %[2]s = $2`, move.table, move.column), kept, gone)
		if err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`UPDATE directory_proposal SET decision = 'merged', decided_at = $1
		WHERE (person_id = $2 AND other_id = $3) OR (person_id = $3 AND other_id = $2)`, db.At(tx.Now), kept, gone); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM directory_person WHERE id = $1`, gone)
	return err
}
