package account

import (
	"fmt"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// Side is which of a school's people are counted.
type Side string

// The sides.
const (
	Pupils   Side = "pupils"
	Families Side = "families"
	Staff    Side = "staff"
)

// Activation counts the people who have a login, those of them who chose a
// password, and those who did within a week: never a name. Of who is on two sides
// of a school, only one says the week.
//
// Pupils of maternelle who have no password, since they come in by the door of their class,
// are apart: ByDoor.
type Activation struct{ Logins, Activated, Lately, ByDoor int }

// Plus adds two counts up.
func (a Activation) Plus(b Activation) Activation {
	return Activation{a.Logins + b.Logins, a.Activated + b.Activated, a.Lately + b.Lately, a.ByDoor + b.ByDoor}
}

// Percent is the share of those who chose a password, rounded down: 100 says
// that nobody is left. It is 0 of nobody.
func (a Activation) Percent() int {
	if a.Logins == 0 {
		return 0
	}
	return 100 * a.Activated / a.Logins
}

// Activations counts the accounts of the people of each of some schools now,
// by side, in one query whatever their number. Somebody with children in two
// schools counts in both.
func Activations(tx *db.Tx, schools ...school.ID) (map[school.ID]map[Side]Activation, error) {
	figures := make(map[school.ID]map[Side]Activation, len(schools))
	if len(schools) == 0 {
		return figures, nil
	}
	err := tx.Each(func(row db.Row) error {
		var id school.ID
		var side Side
		var a Activation
		if err := row.Scan(&id, &side, &a.Logins, &a.Activated, &a.Lately, &a.ByDoor); err != nil {
			return err
		}
		if figures[id] == nil {
			figures[id] = map[Side]Activation{}
		}
		figures[id][side] = a
		return nil
	}, activations(tx.Among(2)), db.At(tx.Now), db.List(tx, schools), db.At(tx.Now.AddDate(0, 0, -7)))
	if err != nil {
		return nil, fmt.Errorf("counting activations: %w", err)
	}
	return figures, nil
}

// ofSchools says in SQL who the people of some schools are now, at the instant $1, by
// side: among is the condition that the column before it is one of the schools.
// UNION has somebody with two functions, or two children in a school, once.
func ofSchools(among string) string {
	return `(
		SELECT e.school_id AS school_id, 'pupils' AS side, e.person_id AS person_id FROM directory_enrolment e
			WHERE e.school_id ` + among + ` AND ` + directory.During("e", 1) + `
		UNION SELECT e.school_id, 'families', b.guardian_id FROM directory_enrolment e
			JOIN directory_bond b ON b.pupil_id = e.person_id AND ` + directory.During("b", 1) + `
				AND NOT EXISTS (SELECT 1 FROM directory_restriction r WHERE r.pupil_id = b.pupil_id AND r.guardian_id = b.guardian_id
					AND r.no_access AND ` + directory.During("r", 1) + `)
			WHERE e.school_id ` + among + ` AND ` + directory.During("e", 1) + `
		UNION SELECT f.structure_id, 'staff', f.person_id FROM directory_function f
			WHERE f.structure_id ` + among + ` AND ` + directory.During("f", 1) + `
	)`
}

// activations counts the grown, then the young: nobody waits for a password of theirs.
func activations(among string) string {
	return `SELECT p.school_id, p.side, count(CASE WHEN NOT p.young OR a.activated_at IS NOT NULL THEN 1 END), count(a.activated_at),
		count(CASE WHEN a.activated_at >= $3 AND p.side = p.first THEN 1 END), count(CASE WHEN p.young AND a.activated_at IS NULL THEN 1 END)
	FROM (SELECT u.school_id, u.side, u.person_id, min(u.side) OVER (PARTITION BY u.school_id, u.person_id) AS first,
			u.side = 'pupils' AND ` + directory.Young("u.person_id", 1) + ` AS young
		FROM ` + ofSchools(among) + ` u) p
	JOIN account_account a ON a.person_id = p.person_id AND a.disabled_at IS NULL
	GROUP BY p.school_id, p.side`
}
