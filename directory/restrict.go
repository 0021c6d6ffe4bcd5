package directory

import (
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Guardian is a guardian of a pupil as the head of the school sees them, with
// what a judge restricts, now or later.
type Guardian struct {
	Kin
	Authority    bool
	Restrictions []Restriction
}

// GuardiansOf lists the guardians of a pupil now, by name; also those from
// whom a judge takes all access.
func GuardiansOf(tx *db.Tx, pupil school.ID) ([]Guardian, error) {
	guardians, err := db.All(tx, func(row db.Row) (g Guardian, err error) {
		return g, row.Scan(append(g.fields(), &g.Pupil, &g.Link, &g.Organisation, &g.Authority)...)
	}, `SELECT `+someone+`, b.pupil_id, b.link, p.organisation, b.authority
		FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id
		WHERE b.pupil_id = $2 AND `+during("b", 1)+` AND p.departed_at IS NULL ORDER BY p.sort_key, p.id`, db.At(tx.Now), pupil)
	if err != nil {
		return nil, err
	}
	restrictions, err := Restrictions.All(tx, `pupil_id = $2 AND (until_at IS NULL OR until_at > $1) ORDER BY from_at, id`, db.At(tx.Now), pupil)
	for _, r := range restrictions {
		for i := range guardians {
			if guardians[i].ID == r.Guardian {
				guardians[i].Restrictions = append(guardians[i].Restrictions, r)
			}
		}
	}
	return guardians, err
}

// PupilIn reads a pupil who is enrolled in a school now, with the class that
// they are in, or fail.NotFound.
func PupilIn(tx *db.Tx, at, pupil school.ID) (InClass, error) {
	return db.One(tx, func(row db.Row) (in InClass, err error) {
		return in, row.Scan(append(in.fields(), &in.Born, &in.Level, &in.Class)...)
	}, `SELECT `+someone+`, p.birth_date, e.level_label, coalesce((SELECT min(m.class_id) FROM directory_membership m
			JOIN directory_class c ON c.id = m.class_id AND c.school_id = $2 AND c.kind = 'class' AND `+during("c", 1)+`
			WHERE m.person_id = p.id AND m.role = 'pupil' AND `+during("m", 1)+`), 0)
		FROM directory_enrolment e JOIN directory_person p ON p.id = e.person_id AND p.departed_at IS NULL
		WHERE e.person_id = $3 AND e.school_id = $2 AND `+during("e", 1)+` ORDER BY e.from_at LIMIT 1`, db.At(tx.Now), at, pupil)
}

// Restrict records a judge's restriction on a bond. Access and place are
// refused from the next request on; to sign and to answer, by the rooms where
// one signs and answers. No feed undoes it. A restriction that changes nothing, that has
// no reference or that ends before it begins is fail.Invalid.
func Restrict(tx *db.Tx, r Restriction) error {
	switch {
	case !r.MayNotSign && !r.InformedOnly && !r.HidePlace && !r.NoAccess:
		return fail.New(fail.Invalid, "a restriction without effect").Say("directory.restriction-effect").At("effect")
	case r.Reference == "":
		return fail.New(fail.Invalid, "a restriction without reference").Say("directory.restriction-reference").At("reference")
	case !r.Until.IsZero() && !r.Until.After(r.From.Time):
		return fail.New(fail.Invalid, "a restriction until %s, from %s", r.Until, r.From).Say("directory.restriction-until").At("until")
	}
	if _, err := Bonds.One(tx, `pupil_id = $2 AND guardian_id = $3 AND from_at <= $1 AND (until_at IS NULL OR until_at > $1)`,
		db.At(tx.Now), r.Pupil, r.Guardian); err != nil {
		return err
	}
	r.ID, r.RecordedAt = school.NewID(tx.Now), db.At(tx.Now)
	return Restrictions.Insert(tx, r)
}

// Lift ends a restriction of a pupil now; one that has not begun never will.
func Lift(tx *db.Tx, pupil, restriction school.ID) error {
	r, err := Restrictions.One(tx, `id = $2 AND pupil_id = $3 AND (until_at IS NULL OR until_at > $1)`, db.At(tx.Now), restriction, pupil)
	if err != nil {
		return err
	}
	if r.Until = db.At(tx.Now); r.From.After(tx.Now) {
		r.Until = r.From
	}
	return Restrictions.Update(tx, r)
}
