package whom

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"preau/core/audience"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// Sentence says in words who sees what is published to some audiences, and how many they
// are: "Les familles de CP – Mme Bernard : 43 parents de 24 enfants".
func Sentence(r *web.Request, audiences ...audience.Audience) (string, error) {
	names, err := Names(r, audiences...)
	if err != nil {
		return "", err
	}
	count, err := counted(r, audiences...)
	if count == names { // many people who are named
		return names, err
	}
	return r.Say("whom.sentence", names, count), err
}

// counted says how many some audiences are: of families alone, for how many children too.
func counted(r *web.Request, audiences ...audience.Audience) (string, error) {
	n, err := r.Audiences().Count(r.Tx, audiences...)
	if slices.ContainsFunc(audiences, func(a audience.Audience) bool { return a.Side != audience.Families && a.Place != audience.Family }) {
		return r.Say("whom.people", n.People), err
	}
	return r.Say("whom.count", n.People, r.Say("whom.children", n.Children)), err
}

// many is from how many on families, people and schools are counted rather than named.
const many = 4

// Names says in words who some audiences are.
func Names(r *web.Request, audiences ...audience.Audience) (string, error) {
	var names []string
	var children, people []school.ID
	sides := map[audience.Audience][]audience.Side{} // of places, without their sides
	for _, a := range audiences {
		whole := audience.Audience{Place: a.Place, Of: a.Of, Level: a.Level}
		sides[whole] = append(sides[whole], a.Side)
	}
	schools, classes := 0, 0
	for of, sides := range sides {
		switch {
		case of.Place == audience.School:
			schools++
		case of.Place == audience.Class && of.Level == "" && slices.Equal(sides, []audience.Side{audience.Families}):
			classes++
		}
	}
	for _, a := range audiences {
		switch a.Place {
		case audience.Family:
			children = append(children, a.Of)
			continue
		case audience.Person:
			people = append(people, a.Of)
			continue
		}
		whole := audience.Audience{Place: a.Place, Of: a.Of, Level: a.Level}
		of := sides[whole]
		delete(sides, whole)
		if of == nil { // said already
			continue
		}
		if a.Place == audience.School && schools >= many { // the same sides of each
			label := first(r.Say("whom.of-schools", schools, circled(r, of)))
			if !slices.Contains(names, label) {
				names = append(names, label)
			}
			continue
		}
		if a.Place == audience.Class && a.Level == "" && classes >= many && slices.Equal(of, []audience.Side{audience.Families}) {
			if label := r.Say("whom.of-classes", classes); !slices.Contains(names, label) {
				names = append(names, label)
			}
			continue
		}
		label, err := name(r, a, of...)
		if err != nil {
			return "", err
		}
		if (a.Place == audience.Class || a.Place == audience.Group) && len(names) > 0 { // within a sentence
			label = began(label, unicode.ToLower)
		}
		names = append(names, label)
	}
	switch {
	case len(children) >= many:
		names = append(names, r.Say("whom.families", len(children)))
	case len(children) > 0:
		named, err := directory.SomeByID(r.Tx, children...)
		if err != nil {
			return "", err
		}
		for _, child := range named {
			names = append(names, r.Say("whom.family", i18n.Of(r.Context(), child.First)))
		}
	}
	switch {
	case len(people) >= many:
		names = append(names, r.Say("whom.people", len(people)))
	case len(people) > 0:
		named, err := directory.SomeByID(r.Tx, people...)
		if err != nil {
			return "", err
		}
		for _, one := range named {
			names = append(names, one.Formal())
		}
	}
	return strings.Join(names, ", "), nil
}

// Sayer says in words who the audiences of many things are, most of which are for the same
// people: those it has said once are not read again.
type Sayer map[string]string

// Names is [Names].
func (s Sayer) Names(r *web.Request, audiences ...audience.Audience) (string, error) {
	key := fmt.Sprint(audiences)
	said, known := s[key]
	if known {
		return said, nil
	}
	said, err := Names(r, audiences...)
	s[key] = said
	return said, err
}

// name says who some sides of a place are, of which an audience is one.
func name(r *web.Request, a audience.Audience, sides ...audience.Side) (string, error) {
	families := slices.Equal(sides, []audience.Side{audience.Families})
	switch a.Place {
	case audience.School, audience.Commune, audience.RPI:
		at, err := directory.StructureByID(r.Tx, a.Of)
		if a.Place == audience.School && families {
			return r.Say("whom.school", r.Printer.Of(at.Name)), err
		}
		return first(r.Say("whom.of-"+string(a.Place), circled(r, sides), i18n.Of(r.Context(), at.Name))), err
	}
	classes, err := directory.PlainClassesByID(r.Tx, a.Of)
	if err != nil || len(classes) == 0 {
		return r.Say("whom.class-gone"), err
	}
	if !families {
		return first(r.Say("whom.of-class", circled(r, sides), i18n.Of(r.Context(), classes[0].Label))), nil
	}
	if a.Level == "" {
		return r.Say("whom.class", r.Printer.Of(classes[0].Label)), nil
	}
	levels, err := directory.LevelsIn(r.Tx, a.Of)
	for _, level := range levels {
		if level.Code == a.Level {
			return r.Say("whom.level", r.Printer.Of(level.Label), classes[0].Label), err
		}
	}
	return r.Say("whom.class", r.Printer.Of(classes[0].Label)), err
}
