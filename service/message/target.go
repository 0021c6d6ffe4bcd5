package message

import (
	"net/url"

	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// targets are those whom an adult addresses from some desks, each as it may be looked for:
// people together, then people by name.
func (s *Service) targets(r *web.Request, desks []whom.Target, reach func() ([]contact, error)) ([]whom.Target, error) {
	all, err := s.families(r)
	if err != nil {
		return nil, err
	}
	for _, d := range desks {
		if len(d.To) > 0 {
			all = append(all, d)
		}
	}
	people, err := reach()
	if err != nil {
		return nil, err
	}
	areas := map[school.ID]school.ID{} // the commune of each school
	if sideOf(r.Actor.Profile) == municipal {
		for _, area := range r.Actor.Areas {
			schools, err := directory.SchoolsWithin(r.Tx, area)
			if err != nil {
				return nil, err
			}
			for _, at := range schools {
				areas[at.ID] = area
			}
		}
	}
	for _, c := range people {
		about := c.posts(r.Printer)
		if c.side() == guardian {
			about = r.Say("message.parent-of", r.Printer.Of(c.Child.First))
		}
		all = append(all, whom.Target{
			Path: c.desk(sideOf(r.Actor.Profile), areas), Answer: url.Values{"person": {c.key()}}, Name: c.Name(), About: about, Icon: ui.IconPerson,
			To: alone(c),
		})
	}
	return all, nil
}

// families are those whom the visitor addresses together: of the classes and of the schools
// where the rules let them.
func (s *Service) families(r *web.Request) ([]whom.Target, error) {
	me := sideOf(r.Actor.Profile)
	if me != teacher && me != head {
		return nil, nil
	}
	schools, err := directory.StructuresByID(r.Tx, r.Actor.Schools...)
	if err != nil {
		return nil, err
	}
	books, err := booksOf(r.Tx, r.Actor.Schools...)
	if err != nil {
		return nil, err
	}
	classes, err := directory.PlainClassesByID(r.Tx, r.Actor.Classes...)
	if me == head {
		classes, err = directory.PlainClassesOf(r.Tx, r.Actor.Schools...)
	}
	if err != nil {
		return nil, err
	}
	var places []whom.Place
	for _, at := range schools {
		if me == head {
			places = append(places, whom.Place{School: at})
		}
		for _, class := range classes {
			if class.School == at.ID && books[at.ID].allows(pair{me, guardian}, true, opening{}) {
				places = append(places, whom.Place{Class: class, School: at})
			}
		}
	}
	_, families, err := whom.Targets(r, places, func(p whom.Place) string {
		if p.Class.ID != 0 {
			return classPath(p.Class.ID)
		}
		return schoolPath(p.School.ID)
	})
	return families, err
}

// desk is the path of where somebody who is on a side addresses a contact.
func (c contact) desk(me side, areas map[school.ID]school.ID) string {
	switch {
	case me == guardian && c.side() != guardian:
		return childPath(c.Child.ID)
	case me == municipal:
		return communePath(areas[c.School])
	case c.Class != 0:
		return classPath(c.Class)
	}
	return teamPath(c.School)
}

// The paths of desks.
func childPath(child school.ID) string     { return "/message/new/child/" + child.String() }
func classPath(class school.ID) string     { return "/message/new/class/" + class.String() }
func teamPath(at school.ID) string         { return "/message/new/team/" + at.String() }
func schoolPath(at school.ID) string       { return "/message/new/school/" + at.String() }
func communePath(commune school.ID) string { return "/message/new/commune/" + commune.String() }
