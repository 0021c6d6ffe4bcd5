package directory

import (
	"fmt"
	"slices"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Restrict records a judge's restriction on a bond. Access and place are
// refused from the next request on; to sign and to answer, by the rooms where
// one signs and answers. No feed undoes it. The bonds of other records of the
// same child or of the same guardian are struck too: it gives the restriction,
// then those that it carried over. One that changes nothing, that has no
// reference, that ends before it begins, that is over or that is recorded already
// is fail.Invalid.
func Restrict(tx *db.Tx, r Restriction) ([]Restriction, error) {
	r.Reference = school.Clean(r.Reference)
	switch {
	case !r.MayNotSign && !r.InformedOnly && !r.HidePlace && !r.NoAccess:
		return nil, fail.New(fail.Invalid, "a restriction without effect").Say("directory.restriction-effect").At("effect")
	case r.Reference == "":
		return nil, fail.New(fail.Invalid, "a restriction without reference").Say("directory.restriction-reference").At("reference")
	case !r.Until.IsZero() && !r.Until.After(r.From.Time):
		return nil, fail.New(fail.Invalid, "a restriction until %s, from %s", r.Until, r.From).Say("directory.restriction-until").At("until")
	case !r.Until.IsZero() && !r.Until.After(tx.Now):
		return nil, fail.New(fail.Invalid, "a restriction until %s, which is past", r.Until).Say("directory.restriction-over").At("until")
	}
	if _, err := Bonds.One(tx, `pupil_id = $2 AND guardian_id = $3 AND `+During(Bonds.Name, 1), db.At(tx.Now), r.Pupil, r.Guardian); err != nil {
		return nil, err
	}
	same, err := Restrictions.All(tx, `pupil_id = $2 AND guardian_id = $3 AND `+NotOver(Restrictions.Name, 1), db.At(tx.Now), r.Pupil, r.Guardian)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(same, r.coveredBy) {
		return nil, fail.New(fail.Invalid, "the same restriction runs already").Say("directory.restriction-known").At("reference")
	}
	r.ID, r.RecordedAt = school.NewID(tx.Now), db.At(tx.Now)
	if err := Restrictions.Insert(tx, r); err != nil {
		return nil, err
	}
	ties, err := twinTies(tx, r.Pupil, r.Guardian)
	if err != nil {
		return nil, err
	}
	carried, err := strike(tx, 0, ties, func(o Restriction) bool { return o.ID == r.ID }, false)
	return append([]Restriction{r}, carried...), err
}

// twinTies lists the bonds, now, of the pupils who may be one with a pupil:
// those born on the same day, those of that name in a school of theirs, and the
// other children of a guardian.
func twinTies(tx *db.Tx, pupil, guardian school.ID) ([]Kinship, error) {
	return db.All(tx, scanKinship, `SELECT b.pupil_id, b.guardian_id FROM directory_bond b WHERE `+During("b", 1)+` AND b.pupil_id IN (
		SELECT id FROM directory_person WHERE id = $2
		UNION SELECT s.pupil_id FROM directory_bond s WHERE s.guardian_id = $3
		UNION SELECT p.id FROM directory_person c JOIN directory_person p ON p.birth_date = c.birth_date AND p.birth_date <> '' WHERE c.id = $2
		UNION SELECT p.id FROM directory_person c JOIN directory_enrolment f ON f.person_id = c.id
			JOIN directory_enrolment e ON e.school_id = f.school_id AND `+During("e", 1)+`
			JOIN directory_person p ON p.id = e.person_id AND p.sort_key = c.sort_key WHERE c.id = $2) ORDER BY b.pupil_id, b.guardian_id`,
		db.At(tx.Now), pupil, guardian)
}

// tiesOf lists the bonds of a pupil now.
func tiesOf(tx *db.Tx, pupil school.ID) ([]Kinship, error) {
	return db.All(tx, scanKinship, `SELECT b.pupil_id, b.guardian_id FROM directory_bond b WHERE b.pupil_id = $2 AND `+During("b", 1), db.At(tx.Now), pupil)
}

func scanKinship(row db.Row) (t Kinship, err error) { return t, row.Scan(&t.Pupil, &t.Guardian) }

// Confirm says that a restriction which was carried over to a pupil is theirs
// indeed.
func Confirm(tx *db.Tx, pupil, restriction school.ID) (Restriction, error) {
	r, err := Restrictions.One(tx, NotOver(Restrictions.Name, 1)+` AND id = $2 AND pupil_id = $3 AND carried`, db.At(tx.Now), restriction, pupil)
	if err != nil {
		return r, err
	}
	r.Carried = false
	return r, Restrictions.Update(tx, r)
}

// CarriedIn lists the pupils of a school to whom a restriction was carried over,
// until somebody confirms or lifts it.
func CarriedIn(tx *db.Tx, at school.ID) ([]Someone, error) {
	return db.All(tx, scanSomeone, `SELECT DISTINCT `+someone+` FROM directory_restriction r
		JOIN directory_enrolment e ON e.person_id = r.pupil_id AND e.school_id = $2 AND `+During("e", 1)+`
		JOIN directory_person p ON p.id = r.pupil_id WHERE r.carried AND `+NotOver("r", 1)+` ORDER BY p.sort_key, p.id`, db.At(tx.Now), at)
}

// Lift ends a restriction of a pupil now; one that has not begun ends before it
// begins: it never will.
func Lift(tx *db.Tx, pupil, restriction school.ID) (Restriction, error) {
	r, err := Restrictions.One(tx, NotOver(Restrictions.Name, 1)+` AND id = $2 AND pupil_id = $3`, db.At(tx.Now), restriction, pupil)
	if err != nil {
		return r, err
	}
	r.Until = db.At(tx.Now)
	return r, Restrictions.Update(tx, r)
}

// Resume puts back a restriction of a pupil that was ended lately, from now and
// without an end: what was ended by mistake is stricter rather than lost.
func Resume(tx *db.Tx, pupil, restriction school.ID) (Restriction, error) {
	r, err := Restrictions.One(tx, overSince(Restrictions.Name, 1, 4)+` AND id = $2 AND pupil_id = $3`,
		db.At(tx.Now), restriction, pupil, db.At(tx.Now.Add(-endedLately)))
	if err != nil {
		return r, err
	}
	r.Until = db.Time{}
	return r, Restrictions.Update(tx, r)
}

// LimitsOf gives what judges restrict now for a guardian, by pupil: all the effects that
// run, together.
func LimitsOf(tx *db.Tx, guardian school.ID) (map[school.ID]Restriction, error) {
	limits := map[school.ID]Restriction{}
	running, err := Restrictions.All(tx, `guardian_id = $2 AND `+During(Restrictions.Name, 1), db.At(tx.Now), guardian)
	for _, r := range running {
		limits[r.Pupil] = limits[r.Pupil].with(r)
	}
	return limits, err
}

// BarredSince lists the pupils from whom a judge has taken all access of a guardian at an instant,
// or at any time since.
func BarredSince(tx *db.Tx, guardian school.ID, at time.Time) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT DISTINCT r.pupil_id FROM directory_restriction r
		WHERE r.guardian_id = $2 AND r.no_access AND r.from_at <= $1 AND (r.until_at IS NULL OR r.until_at >= $3)`, db.At(tx.Now), guardian, db.At(at))
}

// LimitsIn gives the same of all the guardians of some pupils.
func LimitsIn(tx *db.Tx, pupils ...school.ID) (map[Kinship]Restriction, error) {
	limits := map[Kinship]Restriction{}
	running, err := Restrictions.All(tx, During(Restrictions.Name, 1)+` AND pupil_id `+tx.Among(2), db.At(tx.Now), db.List(tx, pupils))
	for _, r := range running {
		tie := Kinship{Pupil: r.Pupil, Guardian: r.Guardian}
		limits[tie] = limits[tie].with(r)
	}
	return limits, err
}

// with adds the effects of another restriction.
func (r Restriction) with(o Restriction) Restriction {
	r.MayNotSign, r.InformedOnly = r.MayNotSign || o.MayNotSign, r.InformedOnly || o.InformedOnly
	r.HidePlace, r.NoAccess = r.HidePlace || o.HidePlace, r.NoAccess || o.NoAccess
	return r
}

// BarredAt is the condition that a judge had taken from a guardian all access to a pupil at
// an instant: columns of a query, or places of it.
func BarredAt(guardian, pupil, at string) string {
	return fmt.Sprintf(`EXISTS (SELECT 1 FROM directory_restriction j WHERE j.guardian_id = %s AND j.pupil_id = %s AND j.no_access
		AND j.from_at <= %s AND (j.until_at IS NULL OR j.until_at > %[3]s))`, guardian, pupil, at)
}
