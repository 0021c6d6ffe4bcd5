package whom

import (
	"embed"
	"slices"

	"preau/core/audience"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// Words are the texts of the component.
//
//go:embed words/*.json
var Words embed.FS

// The fields of a form that hold the answer.
const (
	fieldTo     = "to"     // an audience
	fieldFamily = "family" // pupils; where there are some, theirs are meant and nobody else's
)

// Picker is the question for whom something is, in one place.
type Picker struct {
	Wholes []ui.Option // audiences of the place, the widest first
	Pupils []ui.Option // whose families alone may be meant
	Open   bool        // some are
	Error  string
}

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

// At reads the place of the path, {class} or else {school}, which the right reaches.
func At(r *web.Request, right rights.Right) (p Place, err error) {
	if r.PathValue("class") == "" {
		p.School, err = place.School(r, right)
		return p, err
	}
	room, err := place.Class(r, right)
	return Place{Class: room.Class, School: room.School}, err
}

// Pick makes the question, with what a form that is shown again answered.
func Pick(r *web.Request, p Place, form web.Form) (Picker, error) {
	v := Picker{Error: form.Error(fieldTo)}
	whole := p.audience(audience.Families)
	wholes := []audience.Audience{whole}
	if whole.Place != audience.School {
		pupils, err := directory.PupilsIn(r.Tx, p.Class.ID)
		if err != nil {
			return v, err
		}
		marks := directory.TellApartByDay(r.Printer, pupils)
		for _, pupil := range pupils {
			name := pupil.Name()
			if mark := marks[pupil.ID]; mark != "" {
				name += " (" + mark + ")"
			}
			v.Pupils = append(v.Pupils, ui.Option{Value: pupil.ID.String(), Label: name, Selected: form.Chosen(fieldFamily, pupil.ID.String())})
			v.Open = v.Open || form.Chosen(fieldFamily, pupil.ID.String())
		}
		if whole.Place == audience.Class {
			levels, err := directory.LevelsIn(r.Tx, p.Class.ID)
			if err != nil {
				return v, err
			}
			for _, level := range levels {
				one := whole
				one.Level = level.Code
				if len(levels) > 1 {
					wholes = append(wholes, one)
				}
			}
		}
	}
	for i, a := range wholes {
		n, err := r.Audiences().Count(r.Tx, a)
		if err != nil {
			return v, err
		}
		label, err := name(r, a, a.Side)
		if err != nil {
			return v, err
		}
		v.Wholes = append(v.Wholes, ui.Option{
			Value: string(a.ID()), Label: label, Hint: r.Say("whom.count", n.People, r.Say("whom.children", n.Children)),
			Selected: form.Chosen(fieldTo, string(a.ID())) || i == 0 && !form.Filled(),
		})
	}
	return v, nil
}

// Read reads the answer: audiences of the place, and no other.
func Read(r *web.Request, p Place) ([]audience.Audience, error) {
	if chosen := r.PostForm[fieldFamily]; len(chosen) > 0 {
		return families(r, p, chosen)
	}
	a, err := audience.Parse(audience.ID(r.PostFormValue(fieldTo)))
	if err != nil {
		return nil, fail.New(fail.Invalid, "for whom: %w", err).Say("whom.choose").At(fieldTo)
	}
	whole := a
	whole.Level = ""
	if whole != p.audience(audience.Families) {
		return nil, fail.New(fail.NotFound, "%s is no audience of %s", a, p.Name())
	}
	if a.Level != "" {
		levels, err := directory.LevelsIn(r.Tx, p.Class.ID)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(levels, func(l directory.Level) bool { return l.Code == a.Level }) {
			return nil, fail.New(fail.NotFound, "%s has no level %s", p.Name(), a.Level)
		}
	}
	return []audience.Audience{a}, nil
}

// families are those of some pupils of a class.
func families(r *web.Request, p Place, chosen []string) (list []audience.Audience, err error) {
	if p.Class.ID == 0 {
		return nil, fail.New(fail.NotFound, "families of the school %s are not chosen one by one", p.School.ID)
	}
	pupils, err := directory.PupilsIn(r.Tx, p.Class.ID)
	if err != nil {
		return nil, err
	}
	for _, pupil := range pupils {
		if slices.Contains(chosen, pupil.ID.String()) {
			list = append(list, audience.Audience{Place: audience.Family, Of: pupil.ID})
		}
	}
	if len(list) < len(chosen) {
		return nil, fail.New(fail.Invalid, "%d of %d families are of %s", len(list), len(chosen), p.Name()).Say("whom.left").At(fieldTo)
	}
	return list, nil
}
