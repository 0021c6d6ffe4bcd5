package directory

import (
	"preau/core/db"
	"preau/core/school"
)

// Part is what somebody is in a school, for whoever knows the school: the class of
// a pupil, a pupil whose guardian they are, or a profile of the staff.
type Part struct {
	Person  school.ID
	Class   string // its label
	Pupil   Someone
	Profile school.Profile
}

// PartsOf lists what some people are in a school now: the classes, then the
// children by name, then the profiles.
func PartsOf(tx *db.Tx, at school.ID, people ...school.ID) (parts []Part, err error) {
	if len(people) == 0 {
		return nil, nil
	}
	in := `(` + db.In(people) + `)`
	for _, part := range []struct {
		sql    string
		fields func(*Part) []any
	}{
		{`SELECT DISTINCT m.person_id, c.label FROM directory_membership m
			JOIN directory_class c ON c.id = m.class_id AND c.school_id = $2 AND c.kind = 'class'
			WHERE m.person_id IN ` + in + ` AND m.role = 'pupil' AND ` + During("m", 1) + ` ORDER BY c.label, m.person_id`,
			func(p *Part) []any { return []any{&p.Class} }},
		{`SELECT DISTINCT b.guardian_id, ` + someone + ` FROM directory_bond b
			JOIN directory_enrolment e ON e.person_id = b.pupil_id AND e.school_id = $2 AND ` + During("e", 1) + `
			JOIN directory_person p ON p.id = b.pupil_id AND p.departed_at IS NULL
			WHERE b.guardian_id IN ` + in + ` AND ` + During("b", 1) + ` ORDER BY p.sort_key, p.id, b.guardian_id`,
			func(p *Part) []any { return p.Pupil.fields() }},
		{`SELECT DISTINCT f.person_id, f.profile FROM directory_function f
			WHERE f.person_id IN ` + in + ` AND f.structure_id = $2 AND ` + During("f", 1) + ` ORDER BY f.profile, f.person_id`,
			func(p *Part) []any { return []any{&p.Profile} }},
	} {
		some, err := db.All(tx, func(row db.Row) (p Part, err error) {
			return p, row.Scan(append([]any{&p.Person}, part.fields(&p)...)...)
		}, part.sql, db.At(tx.Now), at)
		if err != nil {
			return nil, err
		}
		parts = append(parts, some...)
	}
	return parts, nil
}
