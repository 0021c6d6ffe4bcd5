package directory

import (
	"preau/core/db"
	"preau/core/school"
)

// Kin is a guardian of a pupil as a school's lists show them: never what
// would reach them.
type Kin struct {
	Someone
	Pupil        school.ID
	Link         string // N_LIEN_ELEVE_RESPONSABLE: "10" mother, "20" father…
	Organisation bool
	// PlaceHidden tells that a judge keeps the school and the class from the
	// guardian; of [KinOf] only.
	PlaceHidden bool
}

// KinOf lists the guardians of some pupils now, by pupil, then by name. A
// guardian from whom a judge takes all access to the pupil is not among them.
func KinOf(tx *db.Tx, pupils ...school.ID) ([]Kin, error) {
	if len(pupils) == 0 {
		return nil, nil
	}
	return db.All(tx, func(row db.Row) (k Kin, err error) {
		return k, row.Scan(append(k.fields(), &k.Pupil, &k.Link, &k.Organisation, &k.PlaceHidden)...)
	}, `SELECT `+someone+`, b.pupil_id, b.link, p.organisation, EXISTS (`+hidden+`)
		FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id
		WHERE b.pupil_id `+tx.Among(2)+` AND `+During("b", 1)+` AND NOT EXISTS (`+barred+`) AND p.departed_at IS NULL
		ORDER BY b.pupil_id, p.sort_key, p.id`, db.At(tx.Now), db.List(tx, pupils))
}

// FamiliesOf gives, of each of some people who is a guardian now, the schools of
// the children, as far as a judge lets them know.
func FamiliesOf(tx *db.Tx, people ...school.ID) (map[school.ID][]school.ID, error) {
	families := map[school.ID][]school.ID{}
	if len(people) == 0 {
		return families, nil
	}
	from := ` FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND (p.departed_at IS NULL OR p.departed_at > $1) `
	where := ` WHERE b.guardian_id ` + tx.Among(2) + ` AND ` + notBarred
	return families, tx.Each(func(row db.Row) error {
		var guardian, at school.ID
		err := row.Scan(&guardian, &at)
		if families[guardian] == nil {
			families[guardian] = []school.ID{}
		}
		if at != 0 {
			families[guardian] = append(families[guardian], at)
		}
		return err
	}, `SELECT b.guardian_id, 0`+from+where+`
		UNION SELECT b.guardian_id, e.school_id`+from+`JOIN directory_enrolment e ON e.person_id = b.pupil_id AND `+During("e", 1)+where+placeShown,
		db.At(tx.Now), db.List(tx, people))
}

// deciding finds, at the instant $1, the bonds b by which a guardian decides for a
// pupil: no judge restricts them in anything, and whoever made one by hand said
// that it has authority. Of the bonds that feeds bring, those of ONDE do not say.
var deciding = During("b", 1) + ` AND (b.authority OR b.source_id <> 0) AND NOT EXISTS (SELECT 1 FROM directory_restriction r
	WHERE r.pupil_id = b.pupil_id AND r.guardian_id = b.guardian_id AND ` + During("r", 1) + `)`

// WardsOf lists the pupils for whom a guardian decides, by name.
func WardsOf(tx *db.Tx, guardian school.ID) ([]Someone, error) {
	return db.All(tx, scanSomeone, `SELECT DISTINCT `+someone+` FROM directory_bond b JOIN directory_person p ON p.id = b.pupil_id
		WHERE b.guardian_id = $2 AND `+deciding+` AND p.departed_at IS NULL ORDER BY p.sort_key, p.id`, db.At(tx.Now), guardian)
}

// DecidersOf gives the guardians who decide for each of some pupils.
func DecidersOf(tx *db.Tx, pupils ...school.ID) (map[school.ID][]school.ID, error) {
	deciders := map[school.ID][]school.ID{}
	if len(pupils) == 0 {
		return deciders, nil
	}
	return deciders, tx.Each(func(row db.Row) error {
		var pupil, guardian school.ID
		err := row.Scan(&pupil, &guardian)
		deciders[pupil] = append(deciders[pupil], guardian)
		return err
	}, `SELECT b.pupil_id, b.guardian_id FROM directory_bond b JOIN directory_person g ON g.id = b.guardian_id AND g.departed_at IS NULL
		WHERE b.pupil_id `+tx.Among(2)+` AND `+deciding, db.At(tx.Now), db.List(tx, pupils))
}

// KinInSchool lists the guardians of the pupils of a school, each once with one
// of their children, by name. Organisations are among them; who has no access to
// the child is not.
func KinInSchool(tx *db.Tx, at school.ID) ([]Kin, error) {
	return db.All(tx, func(row db.Row) (k Kin, err error) {
		return k, row.Scan(append(k.fields(), &k.Pupil, &k.Organisation)...)
	}, `SELECT `+someone+`, min(b.pupil_id), p.organisation
		FROM directory_enrolment e JOIN directory_bond b ON b.pupil_id = e.person_id AND `+During("b", 1)+` AND NOT EXISTS (`+barred+`)
		JOIN directory_person p ON p.id = b.guardian_id AND p.departed_at IS NULL
		WHERE e.school_id = $2 AND `+During("e", 1)+`
		GROUP BY `+someone+`, p.organisation ORDER BY p.sort_key, p.id`, db.At(tx.Now), at)
}

// OthersOf lists the other children of the guardians of a pupil who are in a
// school now, by guardian, each named.
func OthersOf(tx *db.Tx, at, pupil school.ID) (map[school.ID][]Someone, error) {
	others := map[school.ID][]Someone{}
	return others, tx.Each(func(row db.Row) error {
		var guardian school.ID
		var s Someone
		if err := row.Scan(append(s.fields(), &guardian)...); err != nil {
			return err
		}
		others[guardian] = append(others[guardian], s)
		return nil
	}, `SELECT DISTINCT `+someone+`, b.guardian_id FROM directory_bond o
		JOIN directory_bond b ON b.guardian_id = o.guardian_id AND b.pupil_id <> o.pupil_id AND `+During("b", 1)+`
		JOIN directory_enrolment e ON e.person_id = b.pupil_id AND e.school_id = $2 AND `+During("e", 1)+`
		JOIN directory_person p ON p.id = b.pupil_id AND p.departed_at IS NULL
		WHERE o.pupil_id = $3 AND `+During("o", 1)+` ORDER BY p.sort_key, p.id`, db.At(tx.Now), at, pupil)
}

// Guardian is a guardian of a pupil as the head of the school sees them, with
// what a judge restricts, now or later.
type Guardian struct {
	Kin
	Authority    bool
	ByHand       bool // the bond: no feed made it
	Restrictions []Restriction
	Ended        []Restriction // lately
}

// GuardiansOf lists the guardians of a pupil now, by name; also those from
// whom a judge takes all access.
func GuardiansOf(tx *db.Tx, pupil school.ID) ([]Guardian, error) {
	guardians, err := db.All(tx, func(row db.Row) (g Guardian, err error) {
		var source school.ID
		err = row.Scan(append(g.fields(), &g.Pupil, &g.Link, &g.Organisation, &g.Authority, &source)...)
		g.ByHand = source == 0
		return g, err
	}, `SELECT `+someone+`, b.pupil_id, b.link, p.organisation, b.authority, b.source_id
		FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id
		WHERE b.pupil_id = $2 AND `+During("b", 1)+` AND p.departed_at IS NULL ORDER BY p.sort_key, p.id`, db.At(tx.Now), pupil)
	if err != nil {
		return nil, err
	}
	restrictions, err := Restrictions.All(tx, `pupil_id = $1 AND `+NotOver(Restrictions.Name, 2)+` ORDER BY from_at, id`,
		pupil, db.At(tx.Now.Add(-endedLately)))
	for _, r := range restrictions {
		for i := range guardians {
			switch {
			case guardians[i].ID != r.Guardian:
			case r.Until.IsZero() || r.Until.After(tx.Now):
				guardians[i].Restrictions = append(guardians[i].Restrictions, r)
			default:
				guardians[i].Ended = append(guardians[i].Ended, r)
			}
		}
	}
	return guardians, err
}
