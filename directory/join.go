package directory

import (
	"slices"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// beyondPeople are the functions whose accounts reach too many to be joined to
// another by whoever says that both are theirs.
var beyondPeople = []school.Profile{school.Head, school.Municipal, school.Pilot, school.Tech, school.Operator}

// MayJoin refuses two records that nobody makes one by saying that both are
// theirs, whatever they prove: not of one name, or one that a human has to look
// at. Those are two guardians of one child, whom a judge concerns, a pupil, a
// head, a pair of which somebody has decided already. Whatever the reason, it is
// one answer: the reason may be a judge's.
func MayJoin(tx *db.Tx, person, other school.ID) error {
	refusal := func(why string) error {
		return fail.New(fail.Conflict, "%s and %s: %s", person, other, why).Say("directory.join-school").At("login")
	}
	if person == other {
		return fail.New(fail.Conflict, "%s is %s", person, other).Say("directory.join-same").At("login")
	}
	both, err := Dossiers(tx, person, other)
	if err != nil {
		return err
	}
	one, two := both[person], both[other]
	if one == nil || two == nil {
		return refusal("not in the register")
	}
	if err := CanBeOne(one, two); err != nil {
		return refusal(err.Error())
	}
	switch {
	case one.Person.SortKey != two.Person.SortKey:
		return refusal("two names")
	case one.Person.BirthDate != "" && two.Person.BirthDate != "" && one.Person.BirthDate != two.Person.BirthDate:
		return refusal("two birth dates")
	case one.IsPupil() || two.IsPupil() || one.Person.Organisation:
		return refusal("not two adults")
	case !one.Person.Departed.IsZero() || !two.Person.Departed.IsZero():
		return refusal("one has departed")
	case slices.ContainsFunc(one.Bonds, func(b Bond) bool {
		return slices.ContainsFunc(two.Bonds, func(o Bond) bool { return o.Pupil == b.Pupil })
	}):
		return refusal("two guardians of one child")
	}
	for _, d := range both {
		if slices.ContainsFunc(d.Restrictions, func(r Restriction) bool { return r.Until.IsZero() || r.Until.After(tx.Now) }) {
			return refusal("a judge concerns one")
		}
		if slices.ContainsFunc(d.Functions, func(f Function) bool {
			return slices.Contains(beyondPeople, f.Profile) && (f.Until.IsZero() || f.Until.After(tx.Now))
		}) {
			return refusal("one has an office")
		}
	}
	carried, err := Carried(tx, person, other)
	if err != nil {
		return err
	}
	if len(carried) > 0 {
		return refusal("a judge concerns a brother or a sister")
	}
	decided, err := Decided(tx, person, other)
	if err == nil && decided {
		err = refusal("somebody has decided")
	}
	return err
}
