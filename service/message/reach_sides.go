package message

import (
	"slices"

	"preau/core/school"
	"preau/directory"
)

func (g *reaching) asGuardian() error {
	children, err := directory.ChildrenOf(g.tx, g.actor.Person)
	if err != nil {
		return err
	}
	for _, child := range children {
		if child.School == 0 { // not enrolled, or a judge hides where
			continue
		}
		about := contact{School: child.School, Class: child.Class, Child: child.Someone}
		teachers, err := directory.TeachersIn(g.tx, child.Class)
		if err != nil {
			return err
		}
		for _, one := range teachers {
			about.Someone, about.Profile = one.Someone, school.Teacher
			g.add(about, opening{})
		}
		heads, err := directory.HeadsOf(g.tx, child.School)
		if err != nil {
			return err
		}
		for _, one := range heads {
			about.Someone, about.Profile = one.Someone, school.Head
			g.add(about, opening{})
		}
		if err := g.team(child.School, about, school.Staff, school.Admin); err != nil {
			return err
		}
	}
	return g.otherParents(children)
}

// otherParents are the guardians of the classes of some children, where the head lets
// them write to each other: never another guardian of one's own child.
func (g *reaching) otherParents(children []directory.Child) error {
	for _, child := range children {
		if child.Class == 0 || g.books[child.School].rule(pair{guardian, guardian}) != yes {
			continue
		}
		pupils, err := directory.PupilsIn(g.tx, child.Class)
		if err != nil {
			return err
		}
		kin, err := directory.KinOf(g.tx, directory.IDs(pupils)...)
		if err != nil {
			return err
		}
		kindred, err := directory.OwnFamily(g.tx, g.actor.Person)
		if err != nil {
			return err
		}
		for _, k := range kin {
			if !k.Organisation && !k.PlaceHidden && !slices.Contains(kindred, k.ID) {
				g.add(contact{Someone: k.Someone, Profile: school.Guardian, School: child.School, Class: child.Class, Child: nameOf(pupils, k.Pupil)}, opening{})
			}
		}
	}
	return nil
}

// team adds those of a school's staff who have one of some profiles.
func (g *reaching) team(at school.ID, c contact, profiles ...school.Profile) error {
	workers, err := directory.StaffOf(g.tx, at)
	if err != nil {
		return err
	}
	seen := map[school.ID]bool{}
	for _, w := range workers { // a head who teaches is addressed as the head
		if slices.Contains(profiles, w.Profile) && !seen[w.ID] {
			seen[w.ID] = true
			c.Someone, c.Profile, c.School = w.Someone, w.Profile, at
			g.add(c, opening{})
		}
	}
	return nil
}

// people adds the pupils of some classes who read, and their guardians: but one from whom a judge
// keeps where the child is, whom the names of a conversation would tell.
func (g *reaching) people(classes []directory.ClassView) error {
	if g.near != nil {
		classes = slices.DeleteFunc(classes, func(c directory.ClassView) bool { return !slices.Contains(g.near, c.ID) })
	}
	pupils, err := directory.PupilsIn(g.tx, directory.ClassIDs(classes)...)
	if err != nil {
		return err
	}
	at := map[school.ID]directory.ClassView{}
	for _, class := range classes {
		at[class.ID] = class
	}
	in := map[school.ID][]school.ID{} // classes of each pupil
	for _, p := range pupils {
		in[p.ID] = append(in[p.ID], p.Class)
		if !p.Young {
			g.add(contact{Someone: p.Someone, Profile: school.Pupil, School: at[p.Class].School, Class: p.Class}, opening{})
		}
	}
	kin, err := directory.KinOf(g.tx, directory.IDs(pupils)...)
	for _, k := range kin {
		for _, class := range in[k.Pupil] {
			if !k.Organisation && !k.PlaceHidden {
				g.add(contact{Someone: k.Someone, Profile: school.Guardian, School: at[class].School, Class: class, Child: nameOf(pupils, k.Pupil)}, opening{})
			}
		}
	}
	return err
}

func (g *reaching) asTeacher() error {
	classes, err := directory.PlainClassesByID(g.tx, g.actor.Classes...)
	if err != nil {
		return err
	}
	if err := g.people(classes); err != nil {
		return err
	}
	return g.colleagues()
}

func (g *reaching) colleagues() error {
	for _, at := range g.actor.Schools {
		if err := g.team(at, contact{}, school.Head, school.Teacher, school.Staff, school.Admin); err != nil {
			return err
		}
	}
	return nil
}

func (g *reaching) asHead() error {
	classes, err := directory.PlainClassesOf(g.tx, g.actor.Schools...)
	if err != nil {
		return err
	}
	if err := g.people(classes); err != nil {
		return err
	}
	return g.colleagues()
}

func (g *reaching) asStaff() error {
	if err := g.colleagues(); err != nil {
		return err
	}
	classes, err := directory.PlainClassesByID(g.tx, g.actor.Classes...)
	if err != nil {
		return err
	}
	return g.people(classes)
}

func (g *reaching) asPupil() error {
	young, err := directory.IsYoung(g.tx, g.actor.Person)
	if err != nil || young {
		return err
	}
	classes, err := directory.PlainClassesByID(g.tx, g.actor.Classes...)
	if err != nil {
		return err
	}
	for _, class := range classes {
		opened, err := openingOf(g.tx, class.ID)
		if err != nil {
			return err
		}
		teachers, err := directory.TeachersIn(g.tx, class.ID)
		if err != nil {
			return err
		}
		for _, one := range teachers {
			g.add(contact{Someone: one.Someone, Profile: school.Teacher, School: class.School, Class: class.ID}, opened)
		}
		pupils, err := directory.PupilsIn(g.tx, class.ID)
		if err != nil {
			return err
		}
		for _, p := range pupils {
			if !p.Young {
				g.add(contact{Someone: p.Someone, Profile: school.Pupil, School: class.School, Class: class.ID}, opened)
			}
		}
	}
	return nil
}

// asMunicipal reaches the heads of the schools of each commune, as the commune and the schools let
// its agents.
func (g *reaching) asMunicipal() error {
	for _, area := range g.actor.Areas {
		schools, err := directory.SchoolsWithin(g.tx, area)
		if err != nil {
			return err
		}
		ids := make([]school.ID, len(schools))
		for i, at := range schools {
			ids[i] = at.ID
		}
		if g.books, err = booksOf(g.tx, ids...); err != nil {
			return err
		}
		own, err := agentsBook(g.tx, area)
		if err != nil {
			return err
		}
		for at, b := range g.books {
			b.commune = own.commune
			g.books[at] = b
		}
		heads, err := directory.HeadsOf(g.tx, ids...)
		if err != nil {
			return err
		}
		for _, one := range heads {
			c := contact{Someone: one.Someone, Profile: school.Head, School: one.School}
			if !slices.ContainsFunc(g.all, func(o contact) bool { return o.ID == c.ID && o.School == c.School }) {
				g.add(c, opening{})
			}
		}
	}
	return nil
}
