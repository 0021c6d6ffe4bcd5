package whom

import (
	"slices"

	"preau/core/audience"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// Place is where somebody may publish: a class, a group, or a school.
type Place struct {
	Class  directory.ClassView // the zero one: the whole school
	School directory.Structure
}

// Object is the place as rights reach it.
func (p Place) Object() rights.Object {
	return rights.Object{Class: p.Class.ID, School: p.School.ID}
}

// Name is what the place is called.
func (p Place) Name() string {
	if p.Class.ID != 0 {
		return p.Class.Label
	}
	return p.School.Name
}

// audience is the place's audience of one side.
func (p Place) audience(side audience.Side) audience.Audience {
	switch {
	case p.Class.ID == 0:
		return audience.Audience{Place: audience.School, Of: p.School.ID, Side: side}
	case p.Class.Kind == directory.Group:
		return audience.Audience{Place: audience.Group, Of: p.Class.ID, Side: side}
	}
	return audience.Audience{Place: audience.Class, Of: p.Class.ID, Side: side}
}

// families are those of the place, all of them first, then those of each of its levels where
// it has several.
func (p Place) families(r *web.Request, levels []directory.Level) []Whole {
	whole := p.audience(audience.Families)
	label := r.Say("whom.school", r.Printer.Of(p.School.Name))
	if p.Class.ID != 0 {
		label = r.Say("whom.class", r.Printer.Of(p.Class.Label))
	}
	all := []Whole{{Value: string(whole.ID()), Label: label, To: []audience.Audience{whole}}}
	if whole.Place != audience.Class || len(levels) < 2 {
		return all
	}
	for _, level := range levels {
		whole.Level = level.Code
		all = append(all, Whole{Value: string(whole.ID()), Label: r.Say("whom.level", r.Printer.Of(level.Label), p.Class.Label), To: []audience.Audience{whole}})
	}
	return all
}

// Places lists where a right lets the visitor publish: the schools that it reaches
// whole, then their classes and groups, or those alone that are the visitor's.
func Places(r *web.Request, right rights.Right) ([]Place, error) {
	var places []Place
	schools := map[school.ID]directory.Structure{}
	for _, id := range r.Actor.Schools {
		at, err := directory.StructureByID(r.Tx, id)
		if err != nil {
			return nil, err
		}
		schools[id] = at
		if r.Can(right, rights.Object{School: id}) == nil {
			places = append(places, Place{School: at})
		}
	}
	classes, err := directory.ClassesBehind(r.Tx, func(columns rights.Columns, args ...any) (string, []any) { return r.Scope(right, columns, args...) })
	for _, class := range classes {
		if p := (Place{Class: class, School: schools[class.School]}); r.Can(right, p.Object()) == nil {
			places = append(places, p)
		}
	}
	return places, err
}

// Among are those of some places that are classes or groups of the school of a place.
func (p Place) Among(places []Place) []Place {
	return slices.DeleteFunc(slices.Clone(places), func(o Place) bool { return o.Class.ID == 0 || o.School.ID != p.School.ID })
}

// At reads the place of the path, {class} or else {school}, which the right reaches.
func At(r *web.Request, right rights.Right) (p Place, err error) {
	if r.PathValue("class") == "" {
		p.School, err = place.School(r, right)
		return p, err
	}
	room, err := place.Class(r, right)
	return Place{Class: room.Class, School: room.School}, err
}
