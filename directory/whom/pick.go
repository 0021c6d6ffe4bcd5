package whom

import (
	"net/url"
	"slices"
	"strings"

	"preau/core/audience"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// The fields of a form that hold the answer.
const (
	fieldTo     = "to"     // audiences
	fieldFamily = "family" // pupils; where there are some, theirs are meant and nobody else's
	fieldClass  = "class"  // classes; where there are some, all their families are meant
)

// Question is for whom something is, where it is written.
type Question struct {
	Path   string      // of the form
	Place  Place       // whose families may be meant, all or some of them; the zero one: none
	Among  []Place     // classes of the same school of which several may be meant together; fewer than two: none
	Wholes []Whole     // who else may be meant together
	Lately []school.ID // what the visitor published last: its families may be meant again
	Named  bool        // somebody may be named instead: nobody is meant until the visitor says so
}

// Whole is people who are meant together.
type Whole struct {
	Value, Label string
	To           []audience.Audience
}

// Reading finds for whom a form is, by what it says.
type Reading func(sent url.Values) ([]audience.Audience, error)

// Picker is the question, as a form asks it.
type Picker struct {
	Wholes  ui.Choices
	Some    ui.Choices // pupils whose families alone may be meant
	Open    bool       // some are
	Classes ui.Choices // those that may be meant together
	Several bool       // some are
	Seen    ui.Readers
}

// Pick makes the question, with what a form has answered already, which read reads. Unless
// somebody may be named, the first answer holds until another one is given.
func (q Question) Pick(r *web.Request, form web.Form, read Reading) (v Picker, err error) {
	v.Wholes = ui.Choices{Name: fieldTo, Legend: r.Say("whom.legend"), Error: form.Error(fieldTo)}
	wholes, err := q.wholes(r)
	if err != nil {
		return v, err
	}
	chosen := false
	for _, w := range wholes {
		count, err := counted(r, w.To...)
		if err != nil {
			return v, err
		}
		o := ui.Option{Value: w.Value, Label: w.Label, Hint: count, Selected: form.Chosen(fieldTo, w.Value)}
		v.Wholes.Options, chosen = append(v.Wholes.Options, o), chosen || o.Selected
	}
	if v.Some, err = q.some(r, form); err != nil {
		return v, err
	}
	v.Classes = q.classes(r, form)
	selected := func(o ui.Option) bool { return o.Selected }
	v.Open, v.Several = slices.ContainsFunc(v.Some.Options, selected), slices.ContainsFunc(v.Classes.Options, selected)
	if q.Named || chosen || v.Open || v.Several || form.Filled() || len(wholes) == 0 {
		v.Seen, err = Readers(r, q.Path, form, read)
		return v, err
	}
	v.Wholes.Options[0].Selected = true
	v.Seen.Path = q.Path
	v.Seen.Sentence, err = Sentence(r, wholes[0].To...)
	return v, err
}

// wholes are who may be meant together: the families of the place and of each of its levels,
// those who were meant last, and whoever else there is.
func (q Question) wholes(r *web.Request) (all []Whole, err error) {
	if q.Place.School.ID != 0 {
		levels, err := directory.LevelsIn(r.Tx, q.Place.Class.ID)
		if err != nil {
			return nil, err
		}
		all = q.Place.families(r, levels)
	}
	again, err := q.again(r)
	return slices.Concat(all, again, q.Wholes), err
}

// again are the families of some pupils of the place, to whom the visitor wrote lately.
func (q Question) again(r *web.Request) (all []Whole, err error) {
	if q.Place.Class.ID == 0 || len(q.Lately) == 0 {
		return nil, nil
	}
	lately, err := lately(r, q.Lately)
	if err != nil {
		return nil, err
	}
	pupils, err := directory.PupilsIn(r.Tx, q.Place.Class.ID)
	if err != nil {
		return nil, err
	}
	ids := directory.IDs(pupils)
	for _, to := range lately {
		if len(all) == mostLately || slices.ContainsFunc(to, func(a audience.Audience) bool { return a.Place != audience.Family || !slices.Contains(ids, a.Of) }) {
			continue
		}
		label, err := Names(r, to...)
		if err != nil {
			return nil, err
		}
		all = append(all, Whole{Value: joined(to), Label: label, To: to})
	}
	return all, nil
}

// some asks for the families of which pupils something is.
func (q Question) some(r *web.Request, form web.Form) (v ui.Choices, err error) {
	v = ui.Choices{Name: fieldFamily, Legend: r.Say("whom.some-legend"), Hint: r.Say("whom.some-hint"), Many: true, Names: true}
	if q.Place.Class.ID == 0 {
		return v, nil
	}
	pupils, err := directory.PupilsIn(r.Tx, q.Place.Class.ID)
	marks := directory.TellApartByDay(r.Printer, pupils)
	for _, pupil := range pupils {
		id := pupil.ID.String()
		v.Options = append(v.Options, ui.Option{Value: id, Label: marks.On(pupil.Someone).Name(), Selected: form.Chosen(fieldFamily, id)})
	}
	return v, err
}

// classes asks for which classes together something is.
func (q Question) classes(r *web.Request, form web.Form) (v ui.Choices) {
	v = ui.Choices{Name: fieldClass, Legend: r.Say("whom.classes-legend"), Hint: r.Say("whom.classes-hint"), Many: true, Error: form.Error(fieldClass)}
	if len(q.Among) < 2 {
		return v
	}
	for _, p := range q.Among {
		id := p.Class.ID.String()
		v.Options = append(v.Options, ui.Option{Value: id, Label: p.Name(), Hint: r.Say("whom.children", p.Class.Pupils), Selected: form.Chosen(fieldClass, id)})
	}
	return v
}

// Read reads the answer: audiences that the question offers, and no other.
func (q Question) Read(r *web.Request, sent url.Values) ([]audience.Audience, error) {
	switch some, several := sent[fieldFamily], sent[fieldClass]; {
	case len(some) > 0 && len(several) > 0:
		return nil, fail.New(fail.Invalid, "for %d families and for %d classes", len(some), len(several)).Say("whom.either").At(fieldClass)
	case len(some) > 0:
		return q.families(r, some)
	case len(several) > 0:
		return q.together(several)
	}
	value := sent.Get(fieldTo)
	for _, w := range q.Wholes {
		if w.Value == value {
			return w.To, nil
		}
	}
	var pupils []string
	for id := range strings.SplitSeq(value, ",") {
		a, err := audience.Parse(audience.ID(id))
		if err != nil {
			return nil, fail.New(fail.Invalid, "for whom: %w", err).Say("whom.choose").At(fieldTo)
		}
		if a.Place != audience.Family {
			return q.whole(r, a)
		}
		pupils = append(pupils, a.Of.String())
	}
	return q.families(r, pupils)
}

// Reading is [Question.Read] of a request.
func (q Question) Reading(r *web.Request) Reading {
	return func(sent url.Values) ([]audience.Audience, error) { return q.Read(r, sent) }
}

// together are the families of some classes.
func (q Question) together(chosen []string) (list []audience.Audience, err error) {
	for _, p := range q.Among {
		if slices.Contains(chosen, p.Class.ID.String()) {
			list = append(list, p.audience(audience.Families))
		}
	}
	if len(list) < len(chosen) {
		return nil, fail.New(fail.NotFound, "%d of %d classes may be meant from %s", len(list), len(chosen), q.Place.Name())
	}
	return list, nil
}

// whole reads all the families of the place, or those of one of its levels.
func (q Question) whole(r *web.Request, a audience.Audience) ([]audience.Audience, error) {
	whole := a
	whole.Level = ""
	if q.Place.School.ID == 0 || whole != q.Place.audience(audience.Families) {
		return nil, fail.New(fail.NotFound, "%s is no audience of %s", a, q.Place.Name())
	}
	if a.Level != "" {
		levels, err := directory.LevelsIn(r.Tx, q.Place.Class.ID)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(levels, func(l directory.Level) bool { return l.Code == a.Level }) {
			return nil, fail.New(fail.NotFound, "%s has no level %s", q.Place.Name(), a.Level)
		}
	}
	return []audience.Audience{a}, nil
}

// families are those of some pupils of a class.
func (q Question) families(r *web.Request, chosen []string) (list []audience.Audience, err error) {
	if q.Place.Class.ID == 0 {
		return nil, fail.New(fail.NotFound, "families of the school %s are not chosen one by one", q.Place.School.ID)
	}
	pupils, err := directory.PupilsIn(r.Tx, q.Place.Class.ID)
	if err != nil {
		return nil, err
	}
	for _, pupil := range pupils {
		if slices.Contains(chosen, pupil.ID.String()) {
			list = append(list, audience.Audience{Place: audience.Family, Of: pupil.ID})
		}
	}
	if len(list) < len(chosen) {
		return nil, fail.New(fail.Invalid, "%d of %d families are of %s", len(list), len(chosen), q.Place.Name()).Say("whom.left").At(fieldTo)
	}
	return list, nil
}
