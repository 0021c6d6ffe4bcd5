package register

import (
	"preau/core/rights"
	"preau/core/web"
	"preau/directory"
)

// land leads each profile to what it comes for: the classes that a teacher
// has, the schools that a head heads or lent the feeds of, the agents of a commune, the deliveries.
// A choice is offered only where there is one.
func (s *Service) land(r *web.Request) (web.Answer, error) {
	switch {
	case r.Holds(viewReport):
		return web.Redirect{To: "/register/deliveries"}, nil
	case r.Holds(viewDesk):
		return chooseSchool(r)
	case r.Holds(viewTeam):
		return web.Redirect{To: "/register/teams"}, nil
	}
	return chooseClass(r)
}

func chooseSchool(r *web.Request) (web.Answer, error) {
	mine, args := r.Scope(viewDesk, rights.Columns{School: "id"})
	schools, err := directory.Structures.All(r.Tx, mine+" ORDER BY name_key, id", args...)
	if err != nil {
		return nil, err
	}
	if len(schools) == 1 {
		return web.Redirect{To: schoolPath(schools[0].ID)}, nil
	}
	return web.Page{Title: r.Say("register.title"), Body: schoolChoice(schools)}, nil
}

func chooseClass(r *web.Request) (web.Answer, error) {
	classes, err := directory.ClassesByID(r.Tx, r.Actor.Classes...)
	if err != nil {
		return nil, err
	}
	if len(classes) == 1 {
		return web.Redirect{To: classPath(classes[0].ID)}, nil
	}
	return web.Page{Title: r.Say("register.my-classes"), Body: classChoice(classes)}, nil
}
