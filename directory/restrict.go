package directory

import (
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Restrict records a judge's restriction on a bond. Access and place are
// refused from the next request on; to sign and to answer, by the rooms where
// one signs and answers. No feed undoes it. A restriction that changes
// nothing, that has no reference or that ends before it begins is
// fail.Invalid.
func Restrict(tx *db.Tx, r Restriction) error {
	r.Reference = school.Clean(r.Reference)
	switch {
	case !r.MayNotSign && !r.InformedOnly && !r.HidePlace && !r.NoAccess:
		return fail.New(fail.Invalid, "a restriction without effect").Say("directory.restriction-effect").At("effect")
	case r.Reference == "":
		return fail.New(fail.Invalid, "a restriction without reference").Say("directory.restriction-reference").At("reference")
	case !r.Until.IsZero() && !r.Until.After(r.From.Time):
		return fail.New(fail.Invalid, "a restriction until %s, from %s", r.Until, r.From).Say("directory.restriction-until").At("until")
	}
	if _, err := Bonds.One(tx, `pupil_id = $2 AND guardian_id = $3 AND `+During(Bonds.Name, 1), db.At(tx.Now), r.Pupil, r.Guardian); err != nil {
		return err
	}
	r.ID, r.RecordedAt = school.NewID(tx.Now), db.At(tx.Now)
	return Restrictions.Insert(tx, r)
}

// Lift ends a restriction of a pupil now; one that has not begun ends before it
// begins: it never will.
func Lift(tx *db.Tx, pupil, restriction school.ID) error {
	r, err := Restrictions.One(tx, NotOver(Restrictions.Name, 1)+` AND id = $2 AND pupil_id = $3`, db.At(tx.Now), restriction, pupil)
	if err != nil {
		return err
	}
	r.Until = db.At(tx.Now)
	return Restrictions.Update(tx, r)
}

// Resume puts back a restriction of a pupil that was ended lately, from now and
// without an end: what was ended by mistake is stricter rather than lost.
func Resume(tx *db.Tx, pupil, restriction school.ID) error {
	r, err := Restrictions.One(tx, overSince(Restrictions.Name, 1, 4)+` AND id = $2 AND pupil_id = $3`,
		db.At(tx.Now), restriction, pupil, db.At(tx.Now.Add(-endedLately)))
	if err != nil {
		return err
	}
	r.Until = db.Time{}
	return Restrictions.Update(tx, r)
}
