package register

import (
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// giving is the right to appoint to each post. A post gives no more than its
// granter may give: nobody makes a profile above their own.
var giving = map[school.Profile]rights.Right{
	school.Teacher:   appointSchool,
	school.Staff:     appointSchool,
	school.Admin:     appointSchool,
	school.Head:      appointHead,
	school.CareAgent: appointAgent,
	school.Municipal: appointAgent,
	school.Pilot:     appointPilot,
	school.Partner:   appointProject,
	school.Tech:      appointProject,
	school.Operator:  appointProject,
}

// objectOf is a structure as rights see it: a school, within what is above it
// and itself.
func objectOf(tx *db.Tx, at directory.Structure) (rights.Object, error) {
	areas, err := directory.AreasAbove(tx, at.ID)
	o := rights.Object{Areas: append(areas, at.ID)}
	if at.Kind == directory.School {
		o.School = at.ID
	}
	return o, err
}

// objectOfSchool is a school for the rights that reach schools alone.
func objectOfSchool(at directory.Structure) rights.Object {
	if at.Kind != directory.School {
		return rights.Object{}
	}
	return rights.Object{School: at.ID}
}

// structureOf reads the structure of the path, for those whose right reaches
// it.
func structureOf(r *web.Request, right rights.Right) (directory.Structure, rights.Object, error) {
	id, err := r.PathID("structure")
	if err != nil {
		return directory.Structure{}, rights.Object{}, err
	}
	at, err := directory.StructureByID(r.Tx, id)
	if err != nil {
		return at, rights.Object{}, err
	}
	object, err := objectOf(r.Tx, at)
	if err == nil {
		err = r.Can(right, object)
	}
	if err == nil && !at.Until.IsZero() {
		err = fail.New(fail.NotFound, "%s is closed", id)
	}
	return at, object, err
}

// offered lists the posts that the visitor may give in a structure.
func offered(r *web.Request, at directory.Structure, object rights.Object) (posts []directory.Template) {
	for _, post := range directory.Templates {
		if post.Fits(at.Kind) && r.Can(giving[post.Profile], object) == nil {
			posts = append(posts, post)
		}
	}
	return posts
}

// mayGive tells whether the visitor may give a post that somebody holds.
func mayGive(r *web.Request, post directory.Post) (bool, error) {
	at, err := directory.StructureByID(r.Tx, post.Structure)
	if err != nil {
		return false, err
	}
	object, err := objectOf(r.Tx, at)
	return err == nil && r.Can(giving[post.Profile], object) == nil, err
}

// Appoint records an appointment, of the whole project unless it names a
// structure, and makes the login of a new person: the one that is chosen, or
// one of their name. It journals it under e.
func (s *Service) Appoint(tx *db.Tx, a directory.Appointment, login string, e audit.Entry) (person school.ID, err error) {
	if a.Structure == 0 {
		if a.Structure, err = directory.TheProject(tx); err != nil {
			return 0, err
		}
	}
	if person, err = directory.Appoint(tx, a); err != nil {
		return 0, err
	}
	if login != "" {
		_, err = s.Accounts.Add(tx, person, login)
	} else {
		var who directory.Someone
		if who, err = directory.Get(tx, person); err == nil {
			_, err = s.Accounts.Welcome(tx, directory.Newcomer{Person: person, First: who.First, Usual: who.Usual})
		}
	}
	if err != nil {
		return 0, err
	}
	e.Actor, e.Action, e.Kind, e.Object, e.Subject = a.By, "register.appoint", "structure", a.Structure, person
	e.Detail = audit.Detail{"post": a.Template}
	return person, s.Audit.Write(tx, e)
}
