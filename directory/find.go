package directory

import (
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/school"
)

// Found is somebody of a school whose name was looked for.
type Found struct {
	Someone
	As    school.Profile // pupil, guardian, or what they are in the staff
	Pupil school.ID      // whose page tells of them: themself, or their child; 0 for the staff
	Note  string         // the class, the child's name, or the function
}

// FindIn looks in a school for the people in whose name every word begins a
// word, whatever the case and the accents: pupils, guardians, then staff, by
// name. A guardian of two pupils comes twice, with each.
func FindIn(tx *db.Tx, at school.ID, words string) ([]Found, error) {
	wanted := strings.Fields(school.Fold(words))
	if len(wanted) == 0 {
		return nil, nil
	}
	var found []Found
	err := tx.Each(func(row db.Row) error {
		var f Found
		var rank int
		if err := row.Scan(append(f.fields(), &f.As, &f.Pupil, &f.Note, &rank)...); err != nil {
			return err
		}
		if named(strings.Fields(f.SortKey), wanted) {
			found = append(found, f)
		}
		return nil
	}, `SELECT `+someone+`, '`+string(school.Pupil)+`', p.id AS whose, coalesce(min(c.label), ''), 0 AS rank
			FROM directory_enrolment e JOIN directory_person p ON p.id = e.person_id AND p.departed_at IS NULL
			LEFT JOIN directory_membership m ON m.person_id = p.id AND m.role = 'pupil' AND `+during("m", 1)+`
			LEFT JOIN directory_class c ON c.id = m.class_id AND c.school_id = $2 AND c.kind = 'class' AND `+during("c", 1)+`
			WHERE e.school_id = $2 AND `+during("e", 1)+` GROUP BY `+someone+`
		UNION ALL SELECT `+someone+`, '`+string(school.Guardian)+`', b.pupil_id, min(k.first_name), 1
			FROM directory_enrolment e JOIN directory_bond b ON b.pupil_id = e.person_id AND `+during("b", 1)+`
			JOIN directory_person p ON p.id = b.guardian_id AND p.departed_at IS NULL
			JOIN directory_person k ON k.id = b.pupil_id AND k.departed_at IS NULL
			WHERE e.school_id = $2 AND `+during("e", 1)+` GROUP BY `+someone+`, b.pupil_id
		UNION ALL SELECT `+someone+`, f.profile, 0, max(f.label), 2
			FROM directory_function f JOIN directory_person p ON p.id = f.person_id AND p.departed_at IS NULL
			WHERE f.structure_id = $2 AND `+during("f", 1)+` GROUP BY `+someone+`, f.profile
		ORDER BY rank, sort_key, id`, db.At(tx.Now), at)
	return found, err
}

// named tells whether each of the words wanted begins one of a name's.
func named(name, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(w string) bool {
		return !slices.ContainsFunc(name, func(n string) bool { return strings.HasPrefix(n, w) })
	})
}
