package people

import (
	"slices"
	"strings"

	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// gate is the gate of lists of a right, for the queries of the register.
func gate(r *web.Request, right rights.Right) directory.Gate {
	return func(columns rights.Columns, args ...any) (string, []any) { return r.Scope(right, columns, args...) }
}

// sight is whom the visitor may look up in schools; those whom they know
// otherwise are their circle.
func sight(r *web.Request) directory.Sight {
	return directory.Sight{
		Pupils: gate(r, seePupil), Guardians: gate(r, seeGuardian), Staff: gate(r, seeStaff),
		Heads: gate(r, seeHead), Barred: r.Holds(seeBarred),
	}
}

// circle is who is near the visitor: the teachers and the pupils of a pupil's
// classes, as they are called there, and the children of a guardian, each with
// what the register lets this guardian know.
func circle(r *web.Request) (near []directory.Seen, err error) {
	if r.Holds(seeTeacher) {
		if near, err = teachers(r); err != nil {
			return nil, err
		}
	}
	if r.Holds(seeMate) {
		if near, err = mates(r, near); err != nil {
			return nil, err
		}
	}
	if !r.Holds(seeChild) {
		return near, nil
	}
	children, err := directory.ChildrenOf(r.Tx, r.Actor.Person)
	for _, c := range children {
		near = meet(near, c.Someone, directory.Tie{As: school.Pupil, School: c.School, SchoolName: c.SchoolName, Class: c.Class, ClassLabel: c.ClassLabel})
	}
	return near, err
}

// meet adds somebody to those who are near, or what somebody is there
// besides.
func meet(near []directory.Seen, who directory.Someone, tie directory.Tie) []directory.Seen {
	for i := range near {
		if near[i].ID == who.ID {
			near[i].Ties = append(near[i].Ties, tie)
			return near
		}
	}
	return append(near, directory.Seen{Someone: who, Ties: []directory.Tie{tie}})
}

// teachers are those of the visitor's classes, named as children do.
func teachers(r *web.Request) (near []directory.Seen, err error) {
	all, err := directory.TeachersIn(r.Tx, r.Actor.Classes...)
	for _, t := range all {
		who := directory.Someone{ID: t.ID, Civility: t.Civility, First: t.Formal()}
		who.SortKey = school.Fold(who.First)
		near = meet(near, who, directory.Tie{As: school.Teacher, Class: t.Class})
	}
	return near, err
}

// mates adds the pupils of the visitor's classes, the visitor among them. Their
// family names are neither told nor searched.
func mates(r *web.Request, near []directory.Seen) ([]directory.Seen, error) {
	classes, err := directory.ClassesByID(r.Tx, r.Actor.Classes...)
	if err != nil {
		return nil, err
	}
	for _, class := range classes {
		pupils, err := directory.PupilsIn(r.Tx, class.ID)
		if err != nil {
			return nil, err
		}
		slices.SortStableFunc(pupils, func(a, b directory.InClass) int { // not in the order of family names
			return strings.Compare(school.Fold(a.First), school.Fold(b.First))
		})
		for _, pupil := range pupils {
			name := directory.CalledIn(pupil, pupils)
			near = meet(near, directory.Someone{ID: pupil.ID, First: name, SortKey: school.Fold(name)},
				directory.Tie{As: school.Pupil, Class: class.ID, ClassLabel: class.Label})
		}
	}
	return near, nil
}

// see reads somebody as the visitor may see them, or fail.NotFound.
func see(r *web.Request, person school.ID) (directory.Seen, error) {
	near, err := circle(r)
	if err != nil {
		return directory.Seen{}, err
	}
	for _, one := range near {
		if one.ID == person {
			return one, nil
		}
	}
	return directory.See(r.Tx, sight(r), person)
}
