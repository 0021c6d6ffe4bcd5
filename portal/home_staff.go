package portal

import (
	"slices"

	"github.com/a-h/templ"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// staffView is the school of somebody who works there without teaching: what
// was entrusted to them, then its classes and the team. They see no other
// pupil.
type staffView struct {
	front
	Absent   absentView      // from the classes below
	Helped   []roomView      // the classes where they help, in school time
	Closed   []string        // the names of these out of school time
	Followed []ui.PersonLine // the pupils whom they follow
	Lent     []ui.Tile       // the functions of the head's that they borrow
	Schools  []staffSchool
}

type staffSchool struct {
	Where string // the school, when there are several
	Rooms ui.Table
	Team  []ui.PersonLine
}

func (p *Portal) staffHome(r *web.Request) (templ.Component, error) {
	f, err := p.front(r)
	if err != nil {
		return nil, err
	}
	v := staffView{front: f}
	if r.Actor.Profile == school.Staff {
		if err := v.readGrants(r); err != nil {
			return nil, err
		}
	}
	absent, err := p.absentIn(r, v.Helped)
	if err != nil {
		return nil, err
	}
	v.Absent = absent
	lent, err := entrusted(r)
	if err != nil {
		return nil, err
	}
	v.Lent = lent
	structures, err := directory.StructuresByID(r.Tx, r.Actor.Schools...)
	if err != nil {
		return nil, err
	}
	for _, s := range structures {
		one := staffSchool{}
		if len(structures) > 1 {
			one.Where = s.Name
		}
		if one.Team, err = team(r, s.ID); err != nil {
			return nil, err
		}
		classes, err := directory.PlainClassesOf(r.Tx, s.ID)
		if err != nil {
			return nil, err
		}
		taught, err := rooms(r, classes, false)
		if err != nil {
			return nil, err
		}
		one.Rooms = roomTable(r.Printer, s.Name, taught, r.Actor.Profile == school.Admin)
		v.Schools = append(v.Schools, one)
	}
	return staffHome(v), nil
}

// closedNow names the classes that were entrusted and are not open now.
func closedNow(r *web.Request, grants []directory.Grant) (names []string, err error) {
	var ids []school.ID
	for _, g := range grants {
		if g.Class != 0 && !slices.Contains(r.Actor.Classes, g.Class) {
			ids = append(ids, g.Class)
		}
	}
	classes, err := directory.PlainClassesByID(r.Tx, ids...)
	for _, class := range classes {
		names = append(names, tidy(class.Label))
	}
	return names, err
}

// readGrants reads the classes and the pupils that a head gave.
func (v *staffView) readGrants(r *web.Request) (err error) {
	if v.Helped, err = myRooms(r); err != nil {
		return err
	}
	grants, err := directory.GrantsOf(r.Tx, r.Actor.Person)
	if err != nil {
		return err
	}
	if v.Closed, err = closedNow(r, grants); err != nil {
		return err
	}
	for _, g := range grants {
		if g.Pupil == 0 {
			continue
		}
		pupil, err := directory.PupilIn(r.Tx, g.School, g.Pupil)
		if fail.Is(err, fail.NotFound) {
			continue // gone since
		}
		if err != nil {
			return err
		}
		classes, err := directory.PlainClassesByID(r.Tx, pupil.Class)
		if err != nil {
			return err
		}
		line := ui.PersonLine{Name: pupil.Name(), Detail: pupil.Level, Href: "/register/followed/" + pupil.ID.String(), Accent: accentOf(pupil.ID)}
		for _, class := range classes {
			line.Detail = join(tidy(class.Label), line.Detail)
		}
		v.Followed = append(v.Followed, line)
	}
	return nil
}
