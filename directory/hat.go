package directory

import (
	"slices"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
)

// Hats lists the profiles that a person holds now, each once, in the order of
// [school.Profiles]. Somebody who has departed holds that of the departed alone,
// while their things are kept, and then none.
func Hats(tx *db.Tx, person school.ID) ([]school.Profile, error) {
	held, err := db.All(tx, db.Column[school.Profile], `
		SELECT DISTINCT f.profile FROM directory_function f
			WHERE f.person_id = $2 AND `+During("f", 1)+`
		UNION SELECT '`+string(school.Pupil)+`' FROM directory_enrolment e
			WHERE e.person_id = $2 AND `+During("e", 1)+`
		UNION SELECT '`+string(school.Guardian)+`' FROM directory_bond b
			WHERE b.guardian_id = $2 AND `+During("b", 1)+` AND NOT EXISTS (`+barred+`)`,
		db.At(tx.Now), person)
	if err != nil {
		return nil, err
	}
	gone := len(held) == 0
	if !gone {
		if gone, err = departed(tx, person); err != nil {
			return nil, err
		}
	}
	if gone {
		return leaver(tx, person)
	}
	hats := make([]school.Profile, 0, len(held))
	for _, profile := range school.Profiles {
		if slices.Contains(held, profile) {
			hats = append(hats, profile)
		}
	}
	return hats, nil
}

// OnlyPupils tells which of some people are pupils now, and nothing else.
func OnlyPupils(tx *db.Tx, people ...school.ID) (map[school.ID]bool, error) {
	only := map[school.ID]bool{}
	if len(people) == 0 {
		return only, nil
	}
	found, err := db.All(tx, db.Column[school.ID], `SELECT p.id FROM directory_person p
		WHERE p.id `+tx.Among(2)+` AND (p.departed_at IS NULL OR p.departed_at > $1)
		AND EXISTS (SELECT 1 FROM directory_enrolment e WHERE e.person_id = p.id AND `+During("e", 1)+`)
		AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = p.id AND `+During("f", 1)+`)
		AND NOT EXISTS (SELECT 1 FROM directory_bond b WHERE b.guardian_id = p.id AND `+notBarred+`)`, db.At(tx.Now), db.List(tx, people))
	for _, id := range found {
		only[id] = true
	}
	return only, err
}

// Standing lists what a person is now and where, each once: the profiles that
// [Hats] gives to whoever has not departed, each with its structures. Those of a
// guardian are the schools of the children, as far as a judge lets them know, and
// 0 for the children themselves. What is lent to them is listed after, with the
// class or the place over which it is.
func Standing(tx *db.Tx, person school.ID) ([]Post, error) {
	if gone, err := departed(tx, person); gone || err != nil {
		return nil, err
	}
	standing, err := db.All(tx, scanPost, `SELECT f.structure_id, f.profile FROM directory_function f
			WHERE f.person_id = $2 AND `+During("f", 1)+`
		UNION SELECT e.school_id, '`+string(school.Pupil)+`' FROM directory_enrolment e
			WHERE e.person_id = $2 AND `+During("e", 1)+`
		UNION SELECT 0, '`+string(school.Guardian)+`' FROM directory_bond b`+openBond+`
		UNION SELECT e.school_id, '`+string(school.Guardian)+`' FROM directory_bond b
			JOIN directory_enrolment e ON e.person_id = b.pupil_id AND `+During("e", 1)+openBond+placeShown+`
		ORDER BY 1, 2`, db.At(tx.Now), person)
	if err != nil {
		return nil, err
	}
	lent, err := LentTo(tx, person)
	for _, loan := range lent {
		over := loan.School
		if loan.Class != 0 {
			over = loan.Class
		}
		standing = append(standing, Post{Structure: over, Lent: loan.Function})
	}
	return standing, err
}

// barred finds the restriction that takes all access to the pupil of bond b
// from its guardian, at the instant $1.
var barred = `SELECT 1 FROM directory_restriction r
	WHERE r.pupil_id = b.pupil_id AND r.guardian_id = b.guardian_id AND r.no_access AND ` + During("r", 1)

// departed tells whether somebody is not in the register, or has left.
func departed(tx *db.Tx, person school.ID) (bool, error) {
	at, err := db.One(tx, db.Column[db.Time], `SELECT departed_at FROM directory_person WHERE id = $1`, person)
	if fail.Is(err, fail.NotFound) {
		return true, nil
	}
	return err == nil && hasLeft(tx, at), err
}

// hasLeft tells whether who leaves at an instant, if any, has left by now.
func hasLeft(tx *db.Tx, at db.Time) bool { return !at.IsZero() && !at.After(tx.Now) }

// Actor is a person with a hat, and what the hat holds now. A hat that the
// person does not hold gives an actor who holds nothing.
func Actor(tx *db.Tx, person school.ID, profile school.Profile) (a rights.Actor, err error) {
	a = rights.Actor{Person: person, Profile: profile}
	switch profile {
	case school.Pupil:
		err = holdings(tx, a.Person, pupilHoldings, &a.Schools, &a.Classes)
	case school.Guardian:
		err = holdings(tx, a.Person, guardianHoldings, &a.Schools, &a.Classes, &a.Children)
	case school.Departed:
		if hats, err := leaver(tx, person); err != nil || len(hats) == 0 {
			return rights.Actor{Person: person}, err
		}
		return a, nil
	default:
		err = functionHoldings(tx, &a)
	}
	if err != nil {
		return rights.Actor{}, err
	}
	if len(a.Schools)+len(a.Areas)+len(a.Children) == 0 {
		return rights.Actor{Person: person}, nil
	}
	if gone, err := departed(tx, person); gone || err != nil {
		return rights.Actor{Person: person}, err
	}
	return a, nil
}

// Each query of holdings gives pairs: what is held (its rank among the
// lists), and its identifier.
var (
	pupilHoldings = `
		SELECT 0, e.school_id FROM directory_enrolment e WHERE e.person_id = $2 AND ` + During("e", 1) + `
		UNION SELECT 1, m.class_id FROM directory_membership m
			WHERE m.person_id = $2 AND m.role = 'pupil' AND ` + During("m", 1)

	guardianHoldings = `
		SELECT 2, b.pupil_id FROM directory_bond b ` + openBond + `
		UNION SELECT 0, e.school_id FROM directory_bond b
			JOIN directory_enrolment e ON e.person_id = b.pupil_id AND ` + During("e", 1) + openBond + placeShown + `
		UNION SELECT 1, m.class_id FROM directory_bond b
			JOIN directory_membership m ON m.person_id = b.pupil_id AND m.role = 'pupil' AND ` + During("m", 1) + openBond + placeShown

	openBond = ` WHERE b.guardian_id = $2 AND ` + notBarred

	// notBarred finds the bonds b that give their guardian access at the instant $1.
	notBarred = During("b", 1) + ` AND NOT EXISTS (` + barred + `)`

	// placeShown leaves out the pupils whose place a judge hides from the
	// guardian.
	placeShown = ` AND NOT EXISTS (` + hidden + `)`

	// hidden finds what hides a pupil's place from the guardian of a bond b.
	hidden = `SELECT 1 FROM directory_restriction h WHERE h.pupil_id = b.pupil_id
		AND h.guardian_id = b.guardian_id AND h.hide_place AND ` + During("h", 1)
)

func holdings(tx *db.Tx, person school.ID, query string, lists ...*[]school.ID) error {
	return tx.Each(func(row db.Row) error {
		var rank int
		var id school.ID
		if err := row.Scan(&rank, &id); err != nil {
			return err
		}
		*lists[rank] = append(*lists[rank], id)
		return nil
	}, query, db.At(tx.Now), person)
}

// functionHoldings fills the actor of a function: schools, or what stands
// above schools; and the classes taught in these schools.
func functionHoldings(tx *db.Tx, a *rights.Actor) error {
	err := tx.Each(func(row db.Row) error {
		var id school.ID
		var kind Kind
		if err := row.Scan(&id, &kind); err != nil {
			return err
		}
		if kind == School {
			a.Schools = append(a.Schools, id)
		} else {
			a.Areas = append(a.Areas, id)
		}
		return nil
	}, `SELECT DISTINCT s.id, s.kind FROM directory_function f JOIN directory_structure s ON s.id = f.structure_id
		WHERE f.person_id = $2 AND f.profile = $3 AND `+During("f", 1), db.At(tx.Now), a.Person, a.Profile)
	if err != nil || len(a.Schools) == 0 {
		return err
	}
	if err := lentTo(tx, a); err != nil {
		return err
	}
	if a.Profile == school.Staff {
		return grantHoldings(tx, a)
	}
	a.Classes, err = db.All(tx, db.Column[school.ID], `
		SELECT DISTINCT m.class_id FROM directory_membership m JOIN directory_class c ON c.id = m.class_id
		WHERE m.person_id = $2 AND m.role = 'teacher' AND `+During("m", 1)+` AND `+During("c", 1)+`
		AND c.school_id `+tx.Among(3), db.At(tx.Now), a.Person, db.List(tx, a.Schools))
	return err
}

// grantHoldings fills what a member of the staff was given: the pupils whom
// they follow, and in school time the classes where they help.
func grantHoldings(tx *db.Tx, a *rights.Actor) error {
	grants, err := GrantsOf(tx, a.Person)
	for _, g := range grants {
		switch {
		case g.Pupil != 0:
			a.Followed = append(a.Followed, g.Pupil)
		case school.InHours(tx.Now):
			a.Classes = append(a.Classes, g.Class)
		}
	}
	return err
}

// ProfileKey is the key of what somebody with a profile is called, in the gender that
// their civility says where the French word has one ("Directrice"). Who heads a school
// until it has a head is called that.
func ProfileKey(profile school.Profile, civility string, acting bool) string {
	key := "directory.profile-" + string(profile)
	switch {
	case profile == school.Head && acting:
		key = "directory.acting-head"
	case profile != school.Teacher && profile != school.Head:
		return key
	}
	return Gendered(key, civility)
}

// Gendered is the key of a text in the gender of a person: what two texts say, "-f" and
// "-m", beside the one for whoever did not say.
func Gendered(key, civility string) string {
	switch civility {
	case "Mme":
		return key + "-f"
	case "M.":
		return key + "-m"
	}
	return key
}
