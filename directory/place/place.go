package place

import (
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// Reaches tells whether a right of the visitor's reaches a school.
func Reaches(r *web.Request, right rights.Right, at school.ID) (bool, error) {
	err := r.Can(right, rights.Object{School: at})
	if fail.Is(err, fail.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// School reads the school of the path, {school}: one that is open.
func School(r *web.Request, right rights.Right) (directory.Structure, error) {
	id, err := r.PathID("school")
	if err != nil {
		return directory.Structure{}, err
	}
	reached, err := Reaches(r, right, id)
	if err == nil && !reached {
		err = fail.New(fail.NotFound, "%s does not reach the school %s", right, id)
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

// Columns is where a query of directory_structure s has what reaches compare.
var Columns = rights.Columns{School: "s.id", InArea: directory.InAreas}

// Structure reads an open structure of any kind that a right reaches.
func Structure(r *web.Request, right rights.Right, id school.ID) (directory.Structure, error) {
	where, args := r.Scope(right, Columns, id)
	return directory.Structures.One(r.Tx, `id IN (
		SELECT s.id FROM directory_structure s WHERE s.id = $1 AND s.until_at IS NULL AND `+where+`)`, args...)
}

// Commune reads the commune of the path, {commune}: one that is open.
func Commune(r *web.Request, right rights.Right) (directory.Structure, error) {
	id, err := r.PathID("commune")
	if err != nil {
		return directory.Structure{}, err
	}
	at, err := Structure(r, right, id)
	if err == nil && at.Kind != directory.Commune {
		err = fail.New(fail.NotFound, "%s is no commune", id)
	}
	return at, err
}

// Room is a class with its school.
type Room struct {
	Class  directory.ClassView
	School directory.Structure
}

// Object is a class as rights reach it.
func Object(class directory.ClassView) rights.Object {
	return rights.Object{Class: class.ID, School: class.School}
}

// Class reads the class, or the group, of the path, {class}: one that there is
// now.
func Class(r *web.Request, right rights.Right) (Room, error) {
	id, err := r.PathID("class")
	if err != nil {
		return Room{}, err
	}
	classes, err := directory.ClassesByID(r.Tx, id)
	if err != nil {
		return Room{}, err
	}
	if len(classes) == 0 {
		return Room{}, fail.New(fail.NotFound, "no class %s now", id)
	}
	at := Room{Class: classes[0]}
	if err := r.Can(right, Object(at.Class)); err != nil {
		return Room{}, err
	}
	at.School, err = directory.StructureByID(r.Tx, at.Class.School)
	return at, err
}

// Page is a page about a structure: a school has a colour.
func Page(at directory.Structure, page web.Page) web.Page {
	page.School, page.Accent = at.Name, Accent(at)
	return page
}

// Accent is the colour of a school.
func Accent(at directory.Structure) ui.Accent { return ui.AccentOf(string(at.UAI)) }
