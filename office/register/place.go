package register

import (
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// schoolOf reads the school of the path, for those whose right reaches it.
func schoolOf(r *web.Request, right rights.Right) (directory.Structure, error) {
	id, err := r.PathID("school")
	if err != nil {
		return directory.Structure{}, err
	}
	object := rights.Object{School: id}
	if len(r.Actor.Areas) > 0 {
		if object.Areas, err = directory.AreasAbove(r.Tx, id); err != nil {
			return directory.Structure{}, err
		}
	}
	if err := r.Can(right, object); err != nil {
		return directory.Structure{}, err
	}
	at, err := directory.StructureByID(r.Tx, id)
	if err == nil && (at.Kind != directory.School || !at.Until.IsZero()) {
		err = fail.New(fail.NotFound, "%s is no school that is open", id)
	}
	return at, err
}

// structures is where a query of structures has what the reaches compare.
var structures = rights.Columns{School: "s.id", InArea: directory.InAreas}

// reached reads an open structure that a right of the visitor's reaches.
func reached(r *web.Request, right rights.Right, id school.ID) (directory.Structure, error) {
	where, args := r.Scope(right, structures, id)
	return directory.Structures.One(r.Tx, `id IN (
		SELECT s.id FROM directory_structure s WHERE s.id = $1 AND s.until_at IS NULL AND `+where+`)`, args...)
}

// place is a class with its school.
type place struct {
	Class  directory.ClassView
	School directory.Structure
}

// classOf reads the class of the path, for those whose right reaches it.
func classOf(r *web.Request, right rights.Right) (place, error) {
	id, err := r.PathID("class")
	if err != nil {
		return place{}, err
	}
	classes, err := directory.ClassesByID(r.Tx, id)
	if err != nil {
		return place{}, err
	}
	if len(classes) == 0 {
		return place{}, fail.New(fail.NotFound, "no class %s now", id)
	}
	if err := r.Can(right, rights.Object{Class: id, School: classes[0].School}); err != nil {
		return place{}, err
	}
	at, err := directory.StructureByID(r.Tx, classes[0].School)
	return place{classes[0], at}, err
}

// pageOf is a page about a school, in its colour.
func pageOf(at directory.Structure, page web.Page) web.Page {
	page.School, page.Accent = at.Name, accentOf(at)
	return page
}

func accentOf(at directory.Structure) ui.Accent { return ui.AccentOf(string(at.UAI)) }

// The addresses of the office.
func schoolPath(id school.ID) string       { return "/register/school/" + id.String() }
func classPath(id school.ID) string        { return "/register/class/" + id.String() }
func pupilPath(at, pupil school.ID) string { return schoolPath(at) + "/pupil/" + pupil.String() }
func teamPath(at school.ID) string         { return "/register/structure/" + at.String() + "/team" }
func deliveryPath(id school.ID) string     { return "/register/delivery/" + id.String() }

func colleaguePath(at, person school.ID) string { return teamPath(at) + "/" + person.String() }
func groupPath(at, group school.ID) string      { return schoolPath(at) + "/group/" + group.String() }
