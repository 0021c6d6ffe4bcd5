package people

import (
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
// otherwise are their [circle].
func sight(r *web.Request) directory.Sight {
	return directory.Sight{
		Pupils: gate(r, seePupil), Guardians: gate(r, seeGuardian), Teachers: gate(r, seeTeacher),
		Staff: gate(r, seeStaff), Heads: gate(r, seeHead), Barred: r.Holds(seeBarred),
	}
}

// circle is who is near the visitor: the pupils of a pupil's classes, as they
// are called there, and the children of a guardian, each with what the
// register lets this guardian know.
func circle(r *web.Request) (near []directory.Seen, err error) {
	if r.Holds(seeMate) {
		if near, err = mates(r); err != nil {
			return nil, err
		}
	}
	if !r.Holds(seeChild) {
		return near, nil
	}
	children, err := directory.ChildrenOf(r.Tx, r.Actor.Person)
	for _, c := range children {
		tie := directory.Tie{As: school.Pupil, School: c.School, SchoolName: c.SchoolName, Class: c.Class, ClassLabel: c.ClassLabel}
		if last := len(near) - 1; last >= 0 && near[last].ID == c.ID { // in two schools
			near[last].Ties = append(near[last].Ties, tie)
			continue
		}
		near = append(near, directory.Seen{Someone: c.Someone, Ties: []directory.Tie{tie}})
	}
	return near, err
}

// mates are the pupils of the visitor's classes, the visitor among them. Their
// family names are neither told nor searched.
func mates(r *web.Request) (near []directory.Seen, err error) {
	classes, err := directory.ClassesByID(r.Tx, r.Actor.Classes...)
	if err != nil {
		return nil, err
	}
	known := map[school.ID]bool{}
	for _, class := range classes {
		pupils, err := directory.PupilsIn(r.Tx, class.ID)
		if err != nil {
			return nil, err
		}
		for _, pupil := range pupils {
			if known[pupil.ID] {
				continue
			}
			known[pupil.ID] = true
			name := directory.Called(pupil, pupils)
			near = append(near, directory.Seen{
				Someone: directory.Someone{ID: pupil.ID, First: name, SortKey: school.Fold(name)},
				Ties:    []directory.Tie{{As: school.Pupil, Class: class.ID, ClassLabel: class.Label}},
			})
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
