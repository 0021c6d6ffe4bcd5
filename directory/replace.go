package directory

import (
	"slices"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// replacement is the post of who replaces a teacher; one of [Templates].
const replacement = "replacement"

// Replaces tells whether what somebody does as a teacher in a school now is done
// as a replacement: they have no post of their own there. Where the school is not
// known, 0, they have none anywhere.
func Replaces(tx *db.Tx, person, at school.ID) (bool, error) {
	replaced, own, err := taught(tx, person)
	if at == 0 {
		return len(replaced) > 0 && len(own) == 0, err
	}
	return slices.Contains(replaced, at), err
}

// taught lists the schools where somebody teaches now: as a replacement, and by a
// post of their own.
func taught(tx *db.Tx, person school.ID) (replaced, own []school.ID, err error) {
	err = tx.Each(func(row db.Row) error {
		var at school.ID
		var posts int
		if err := row.Scan(&at, &posts); err != nil {
			return err
		}
		if posts == 0 {
			replaced = append(replaced, at)
		} else {
			own = append(own, at)
		}
		return nil
	}, `SELECT f.structure_id, sum(CASE WHEN f.code = '`+replacement+`' AND f.source_id = 0 THEN 0 ELSE 1 END) FROM directory_function f
		WHERE f.person_id = $2 AND f.profile = '`+string(school.Teacher)+`' AND `+During("f", 1)+`
		GROUP BY f.structure_id ORDER BY f.structure_id`, db.At(tx.Now), person)
	return replaced, own, err
}

// ReplacementAt gives the replacement that somebody made at an instant, or
// fail.NotFound.
func ReplacementAt(tx *db.Tx, person school.ID, at time.Time) (Function, error) {
	made, err := Functions.All(tx, `person_id = $2 AND code = '`+replacement+`' AND source_id = 0 AND from_at <= $1 ORDER BY from_at DESC`, db.At(at), person)
	for _, f := range made {
		if f.Until.IsZero() || f.Until.After(at) {
			return f, err
		}
	}
	if err == nil {
		err = fail.New(fail.NotFound, "%s replaced nobody", person)
	}
	return Function{}, err
}
