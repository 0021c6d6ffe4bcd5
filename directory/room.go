package directory

import (
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Room is where somebody is by a profile: a class, their own or that of a child, or the
// school where they work.
type Room struct {
	Profile school.Profile
	School  school.ID
	Class   school.ID // 0: no class of it
	From    time.Time
}

// RoomsOf lists where somebody is now: a guardian where their children are, since both
// are so, but where a judge hides that from them, and the schools themselves.
func RoomsOf(tx *db.Tx, person school.ID) ([]Room, error) {
	return db.All(tx, func(row db.Row) (r Room, err error) {
		var from db.Time
		err = row.Scan(&r.Profile, &r.School, &r.Class, &from)
		r.From = from.Time
		return r, err
	}, `SELECT '`+string(school.Pupil)+`', c.school_id, c.id, m.from_at FROM directory_membership m
			JOIN directory_class c ON c.id = m.class_id
			WHERE m.person_id = $2 AND m.role = 'pupil' AND `+During("m", 1)+`
		UNION SELECT '`+string(school.Pupil)+`', e.school_id, 0, e.from_at FROM directory_enrolment e
			WHERE e.person_id = $2 AND `+During("e", 1)+`
		UNION SELECT '`+string(school.Guardian)+`', c.school_id, c.id, `+later("b.from_at", "m.from_at")+` FROM directory_bond b
			JOIN directory_membership m ON m.person_id = b.pupil_id AND m.role = 'pupil' AND `+During("m", 1)+placeShown+`
			JOIN directory_class c ON c.id = m.class_id`+openBond+`
		UNION SELECT '`+string(school.Guardian)+`', e.school_id, 0, `+later("b.from_at", "e.from_at")+` FROM directory_bond b
			JOIN directory_enrolment e ON e.person_id = b.pupil_id AND `+During("e", 1)+placeShown+openBond+`
		UNION SELECT f.profile, f.structure_id, 0, f.from_at FROM directory_function f
			WHERE f.person_id = $2 AND `+During("f", 1)+`
		ORDER BY 2, 3`, db.At(tx.Now), person)
}

// later is the later of two instants, in SQL.
func later(one, other string) string {
	return `CASE WHEN ` + one + ` > ` + other + ` THEN ` + one + ` ELSE ` + other + ` END`
}
