package directory

import (
	"fmt"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Duty is what somebody does in a structure, and by whose will.
type Duty struct {
	Someone
	Place       Place // the structure
	Profile     school.Profile
	Code, Label string
	From, Until db.Time
	// ByHand tells that no feed gave it: Granter did, for Reason. The granter
	// of whoever was appointed from the command line has no name.
	ByHand          bool
	Granter, Reason string
	Confirmer       string // of a post that two people give
}

// DutiesAt lists what people do now in a structure, heads first, then by name.
func DutiesAt(tx *db.Tx, structure school.ID) ([]Duty, error) {
	return duties(tx, "f.structure_id = $2", structure)
}

// DutiesOf lists what somebody does now, and where.
func DutiesOf(tx *db.Tx, person school.ID) ([]Duty, error) {
	return duties(tx, "f.person_id = $2", person)
}

// GivenIn lists, by name, those to whom something was given by hand in a school since
// an instant, or before and who have it still: a post there, or what is lent over it.
func GivenIn(tx *db.Tx, at school.ID, since time.Time) ([]Someone, error) {
	const still = `(%[1]s.until_at IS NULL OR %[1]s.until_at > $3)`
	return db.All(tx, func(row db.Row) (who Someone, err error) { return who, row.Scan(who.fields()...) },
		`SELECT `+someone+` FROM directory_person p WHERE p.id IN (
			SELECT f.person_id FROM directory_function f WHERE f.structure_id = $2 AND f.source_id = 0 AND f.from_at <= $1 AND `+fmt.Sprintf(still, "f")+`
			UNION SELECT g.person_id FROM directory_grant g WHERE g.structure_id = $2 AND g.from_at <= $1 AND `+fmt.Sprintf(still, "g")+`)
		ORDER BY p.sort_key, p.id`, db.At(tx.Now), at, db.At(since))
}

// DutiesEndedAt lists the posts by hand that ended lately in a structure, and
// whose holder does not hold them any more.
func DutiesEndedAt(tx *db.Tx, structure school.ID) ([]Duty, error) {
	return dutiesWhere(tx, `f.structure_id = $2 AND f.source_id = 0 AND `+overSince("f", 1, 3)+` AND NOT EXISTS (
		SELECT 1 FROM directory_function o WHERE o.person_id = f.person_id AND o.structure_id = f.structure_id AND o.code = f.code
		AND `+During("o", 1)+`)`, structure, db.At(tx.Now.Add(-endedLately)))
}

func duties(tx *db.Tx, where string, id school.ID) ([]Duty, error) {
	return dutiesWhere(tx, where+` AND p.departed_at IS NULL AND `+During("f", 1), id)
}

func dutiesWhere(tx *db.Tx, where string, args ...any) ([]Duty, error) {
	return db.All(tx, func(row db.Row) (d Duty, err error) {
		var source school.ID
		var granter, confirmer Someone
		err = row.Scan(append(d.fields(), &d.Place.ID, &d.Place.Name, &d.Place.UAI, &d.Profile, &d.Code, &d.Label,
			&d.From, &d.Until, &source, &granter.First, &granter.Usual, &confirmer.First, &confirmer.Usual, &d.Reason)...)
		d.ByHand, d.Granter, d.Confirmer = source == 0, granter.Name(), confirmer.Name()
		return d, err
	}, `SELECT `+someone+`, s.id, s.name, s.uai, f.profile, f.code, f.label, f.from_at, f.until_at, f.source_id,
			coalesce(g.first_name, ''), coalesce(g.usual_name, ''), coalesce(c.first_name, ''), coalesce(c.usual_name, ''), f.reason
		FROM directory_function f JOIN directory_person p ON p.id = f.person_id
		JOIN directory_structure s ON s.id = f.structure_id
		LEFT JOIN directory_person g ON g.id = f.granted_by
		LEFT JOIN directory_person c ON c.id = f.confirmed_by
		WHERE `+where+`
		ORDER BY CASE f.profile WHEN '`+string(school.Head)+`' THEN 0 ELSE 1 END, p.sort_key, p.id, s.name_key, f.code, f.specialty`,
		append([]any{db.At(tx.Now)}, args...)...)
}

// Replaces tells whether a duty is to replace a teacher, with a pass.
func (d Duty) Replaces() bool { return d.Code == replacement && d.ByHand }

// Over tells whether a duty has ended at an instant.
func (d Duty) Over(at time.Time) bool { return !d.Until.IsZero() && !d.Until.After(at) }

// Care gives the activity of the périscolaire that a duty opens; empty for
// every other.
func (d Duty) Care() Care {
	post, _ := TemplateOf(d.Code)
	return post.Care
}
