package directory

import (
	"preau/core/db"
	"preau/core/school"
)

// replacement is the post of whoever replaces a teacher; one of [Templates].
const replacement = "replacement"

// Replaces tells whether what somebody does as a teacher in a school now is done
// as a replacement: they have no post of their own there. Where the school is not
// known, 0, they have none anywhere.
func Replaces(tx *db.Tx, person, at school.ID) (bool, error) {
	posts, own := 0, 0
	err := tx.Get([]any{&posts, &own}, `SELECT count(*), coalesce(sum(CASE WHEN f.code = '`+replacement+`' AND f.source_id = 0 THEN 0 ELSE 1 END), 0)
		FROM directory_function f WHERE f.person_id = $2 AND f.profile = '`+string(school.Teacher)+`' AND (f.structure_id = $3 OR $3 = 0)
		AND `+During("f", 1), db.At(tx.Now), person, at)
	return posts > 0 && own == 0, err
}

// ReplacementsBy lists the replacements that somebody makes, made or is to make, the
// latest first.
func ReplacementsBy(tx *db.Tx, person school.ID) ([]Function, error) {
	return Functions.All(tx, `person_id = $1 AND code = '`+replacement+`' AND source_id = 0 ORDER BY from_at DESC`, person)
}
