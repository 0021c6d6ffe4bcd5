package directory

import (
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
)

// Audiences answers core/audience from the register.
type Audiences struct{}

var _ audience.Register = Audiences{}

// Of implements audience.Register. It says what a person holds with all their
// hats: which one they wear decides what they see, not what is theirs.
func (Audiences) Of(tx *db.Tx, person school.ID, at time.Time) ([]audience.ID, error) {
	now := *tx
	now.Now = at
	if gone, err := departed(&now, person); gone || err != nil {
		return nil, err
	}
	held := map[audience.Audience]bool{{Place: audience.Person, Of: person}: true}
	err := tx.Each(func(row db.Row) error {
		var a audience.Audience
		if err := row.Scan(&a.Place, &a.Of, &a.Level, &a.Side); err != nil {
			return err
		}
		held[a] = true
		if a.Side != audience.Everyone {
			held[audience.Audience{Place: audience.Project, Side: a.Side}] = true
		}
		return nil
	}, audiences, db.At(at), person)
	if err != nil {
		return nil, err
	}
	ids := make([]audience.ID, 0, len(held))
	for a := range held {
		ids = append(ids, a.ID())
	}
	slices.Sort(ids)
	return ids, nil
}

// audiences finds what the person $2 holds at the instant $1: place,
// identifier, level, side.
var audiences = `
	WITH seat AS (
		-- Somebody's places as a pupil, or as the guardian of one: the school, then the class or group.
		SELECT e.person_id AS pupil, e.school_id AS school, e.level_code AS level, 'pupils' AS side
			FROM directory_enrolment e WHERE e.person_id = $2 AND ` + During("e", 1) + `
		UNION ALL
		SELECT e.person_id, e.school_id, e.level_code, 'families'
			FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id AND ` + During("e", 1) + openBond + placeShown + `
	), post AS (
		-- Somebody's posts in a school's staff.
		SELECT f.structure_id AS school, CASE WHEN f.profile IN ('` + string(school.Teacher) + `', '` + string(school.Head) + `')
				THEN 'teaching' ELSE 'school-staff' END AS side
			FROM directory_function f JOIN directory_structure s ON s.id = f.structure_id AND s.kind = 'school'
			WHERE f.person_id = $2 AND f.profile IN ('` + string(school.Teacher) + `', '` + string(school.Head) + `', '` +
	string(school.Staff) + `', '` + string(school.Admin) + `') AND ` + During("f", 1) + `
	), at_school AS (
		SELECT school, side FROM seat UNION SELECT school, side FROM post
	), in_class AS (
		SELECT m.class_id AS class, seat.level, seat.side, c.kind FROM seat
			JOIN directory_membership m ON m.person_id = seat.pupil AND m.role = 'pupil' AND ` + During("m", 1) + `
			JOIN directory_class c ON c.id = m.class_id AND c.school_id = seat.school AND ` + During("c", 1) + `
	)
	SELECT 'school', school, '', side FROM at_school
	UNION SELECT 'commune', w.ancestor_id, '', a.side FROM at_school a
		JOIN directory_within w ON w.structure_id = a.school
		JOIN directory_structure t ON t.id = w.ancestor_id AND t.kind = 'commune'
	UNION SELECT kind, class, '', side FROM in_class
	UNION SELECT kind, class, level, side FROM in_class WHERE level <> '' AND kind = 'class'
	UNION SELECT c.kind, c.id, '', 'teaching' FROM directory_membership m
		JOIN directory_class c ON c.id = m.class_id AND ` + During("c", 1) + `
		JOIN post ON post.school = c.school_id
		WHERE m.person_id = $2 AND m.role = 'teacher' AND ` + During("m", 1) + `
	UNION SELECT 'family', b.pupil_id, '', '' FROM directory_bond b ` + openBond + `
	UNION SELECT s.kind, s.id, '', 'municipal-staff' FROM directory_function f
		JOIN directory_structure s ON s.id = f.structure_id AND s.kind = 'commune'
		WHERE f.person_id = $2 AND f.profile = '` + string(school.Municipal) + `' AND ` + During("f", 1)
