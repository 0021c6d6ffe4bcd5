package people

import (
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// objectOf is a class as rights reach it.
func objectOf(class directory.ClassView) rights.Object {
	return rights.Object{Class: class.ID, School: class.School}
}

// reaches tells whether a right of the visitor reaches a school.
func reaches(r *web.Request, right rights.Right, at school.ID) (bool, error) {
	object := rights.Object{School: at}
	if len(r.Actor.Areas) > 0 {
		var err error
		if object.Areas, err = directory.AreasAbove(r.Tx, at); err != nil {
			return false, err
		}
	}
	return r.Can(right, object) == nil, nil
}

// schoolOf reads the school of the path, for those who see it.
func schoolOf(r *web.Request) (directory.Structure, error) {
	id, err := r.PathID("school")
	if err != nil {
		return directory.Structure{}, err
	}
	seen, err := reaches(r, seeSchool, id)
	if err == nil && !seen {
		err = fail.New(fail.NotFound, "school %s is out of sight", id)
	}
	if err != nil {
		return directory.Structure{}, err
	}
	at, err := directory.StructureByID(r.Tx, id)
	if err == nil && (at.Kind != directory.School || !at.Until.IsZero()) {
		err = fail.New(fail.NotFound, "%s is no school that is open", id)
	}
	return at, err
}

// classOf reads the class of the path with its school, for those whose right
// reaches it.
func classOf(r *web.Request, right rights.Right) (class directory.ClassView, at directory.Structure, err error) {
	id, err := r.PathID("class")
	if err != nil {
		return class, at, err
	}
	classes, err := directory.ClassesByID(r.Tx, id)
	if err == nil && len(classes) == 0 {
		err = fail.New(fail.NotFound, "no class %s now", id)
	}
	if err != nil {
		return class, at, err
	}
	class = classes[0]
	if err := r.Can(right, objectOf(class)); err != nil {
		return class, at, err
	}
	at, err = directory.StructureByID(r.Tx, class.School)
	return class, at, err
}

// pageOf is a page about a school, in its colour.
func pageOf(at directory.Structure, page web.Page) web.Page {
	page.School, page.Accent = at.Name, ui.AccentOf(string(at.UAI))
	return page
}

// The addresses of the directory.
func personPath(id school.ID) string { return "/people/person/" + id.String() }
func classPath(id school.ID) string  { return "/people/class/" + id.String() }
func schoolPath(id school.ID) string { return "/people/school/" + id.String() }
