package directory

import (
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/personal"
	"preau/core/school"
)

// Departure is that of somebody who is nothing any more: their last post,
// enrolment and bond have ended.
type Departure struct {
	At    time.Time
	Place string    // where they worked or were a pupil last; empty for a guardian
	Last  school.ID // that place; 0 for a guardian
}

// Until is when what is kept of whoever has departed is erased: until then they may
// take it away (RU-003 article 6: three months at most).
func (d Departure) Until() time.Time { return d.At.Add(personal.AfterDeparture.Term()) }

// DepartureOf gives the departure of a person. Whoever is something still, or
// will be, or never was, is fail.NotFound: a guardian whom a judge keeps from
// their child has not departed.
//
// A night or a delivery marks who has departed; whose last post has just ended by
// itself departed then.
func DepartureOf(tx *db.Tx, person school.ID) (Departure, error) {
	var marked, ended db.Time
	var remains bool
	var d Departure
	err := tx.Get([]any{&marked, &remains, &ended, &d.Last, &d.Place}, `SELECT p.departed_at,
			EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = p.id AND `+NotOver("f", 1)+`)
			OR EXISTS (SELECT 1 FROM directory_enrolment e WHERE e.person_id = p.id AND `+NotOver("e", 1)+`)
			OR EXISTS (SELECT 1 FROM directory_bond b WHERE b.guardian_id = p.id AND `+NotOver("b", 1)+`),
			(SELECT max(held.until_at) FROM (
				SELECT f.until_at FROM directory_function f WHERE f.person_id = p.id
				UNION ALL SELECT e.until_at FROM directory_enrolment e WHERE e.person_id = p.id
				UNION ALL SELECT b.until_at FROM directory_bond b WHERE b.guardian_id = p.id) held),
			coalesce(s.id, 0), coalesce(s.name, '')
		FROM directory_person p LEFT JOIN directory_structure s ON s.id = (SELECT last.place_id FROM (
			SELECT f.structure_id AS place_id, f.until_at FROM directory_function f WHERE f.person_id = p.id
			UNION ALL SELECT e.school_id, e.until_at FROM directory_enrolment e WHERE e.person_id = p.id) last
			ORDER BY last.until_at DESC, last.place_id LIMIT 1)
		WHERE p.id = $2`, db.At(tx.Now), person)
	if err != nil {
		return Departure{}, err
	}
	switch {
	case !marked.IsZero() && !marked.After(tx.Now):
		d.At = marked.Time
	case remains || ended.IsZero():
		return Departure{}, fail.New(fail.NotFound, "%s has not departed", person)
	default:
		d.At = ended.Time
	}
	return d, nil
}

// Gone tells whether somebody departed longer ago than their things are kept.
func Gone(tx *db.Tx, person school.ID) (bool, error) {
	d, err := DepartureOf(tx, person)
	if fail.Is(err, fail.NotFound) {
		return false, nil
	}
	return err == nil && !d.Until().After(tx.Now), err
}

// leaver gives the hat of whoever has departed, while their things are kept.
func leaver(tx *db.Tx, person school.ID) ([]school.Profile, error) {
	d, err := DepartureOf(tx, person)
	if fail.Is(err, fail.NotFound) {
		return nil, nil
	}
	if err != nil || !d.Until().After(tx.Now) {
		return nil, err
	}
	return []school.Profile{school.Departed}, nil
}

// LeftWith lists the children who left with a guardian: the bond held as long as
// the child was a pupil, no judge kept the guardian from the child then, or hid
// where the child was, and the child is nothing any more either.
func LeftWith(tx *db.Tx, guardian school.ID) ([]Someone, error) {
	left, err := db.All(tx, scanSomeone, `SELECT DISTINCT `+someone+` FROM directory_bond b
		JOIN directory_person p ON p.id = b.pupil_id
		WHERE b.guardian_id = $2 AND b.until_at <= $1
		AND NOT EXISTS (SELECT 1 FROM directory_enrolment e WHERE e.person_id = b.pupil_id AND (e.until_at IS NULL OR e.until_at > b.until_at))
		AND NOT EXISTS (SELECT 1 FROM directory_restriction r WHERE r.pupil_id = b.pupil_id AND r.guardian_id = b.guardian_id
			AND (r.no_access OR r.hide_place) AND r.from_at <= $1 AND (r.until_at IS NULL OR r.until_at >= b.until_at))
		ORDER BY p.sort_key, p.id`, db.At(tx.Now), guardian)
	if err != nil {
		return nil, err
	}
	var kept []Someone
	for _, child := range left {
		hats, err := leaver(tx, child.ID)
		if err != nil {
			return nil, err
		}
		if len(hats) > 0 {
			kept = append(kept, child)
		}
	}
	return kept, nil
}

// PlaceName is the name of a structure or the label of a class, open or closed;
// empty for what is neither.
func PlaceName(tx *db.Tx, id school.ID) (string, error) {
	name, err := db.One(tx, db.Column[string], `SELECT name FROM directory_structure WHERE id = $1
		UNION ALL SELECT label FROM directory_class WHERE id = $1`, id)
	if fail.Is(err, fail.NotFound) {
		return "", nil
	}
	return name, err
}
