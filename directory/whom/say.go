package whom

import (
	"fmt"
	"slices"
	"strings"

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
	n, err := r.Audiences().Count(r.Tx, audiences...)
	count := r.Say("whom.people", n.People)
	if !slices.ContainsFunc(audiences, func(a audience.Audience) bool { return a.Side != audience.Families && a.Place != audience.Family }) {
		count = r.Say("whom.count", n.People, r.Say("whom.children", n.Children))
	}
	return r.Say("whom.sentence", names, count), err
}

// manyFamilies is from how many on families are counted rather than named.
const manyFamilies = 4

// Names says in words who some audiences are.
func Names(r *web.Request, audiences ...audience.Audience) (string, error) {
	var names []string
	var children []school.ID
	sides := map[audience.Audience][]audience.Side{} // of places, without their sides
	for _, a := range audiences {
		whole := audience.Audience{Place: a.Place, Of: a.Of, Level: a.Level}
		sides[whole] = append(sides[whole], a.Side)
	}
	for _, a := range audiences {
		if a.Place == audience.Family {
			children = append(children, a.Of)
			continue
		}
		whole := audience.Audience{Place: a.Place, Of: a.Of, Level: a.Level}
		of := sides[whole]
		delete(sides, whole)
		if of == nil { // said already
			continue
		}
		label, err := name(r, a, of...)
		if err != nil {
			return "", err
		}
		names = append(names, label)
	}
	switch {
	case len(children) >= manyFamilies:
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

// name says who an audience of a class is, or some sides of a school or of a commune.
func name(r *web.Request, a audience.Audience, sides ...audience.Side) (string, error) {
	switch a.Place {
	case audience.School, audience.Commune:
		at, err := directory.StructureByID(r.Tx, a.Of)
		if a.Place == audience.School && slices.Equal(sides, []audience.Side{audience.Families}) {
			return r.Say("whom.school", r.Printer.Of(at.Name)), err
		}
		return first(r.Say("whom.of-"+string(a.Place), circled(r, sides), i18n.Of(r.Context(), at.Name))), err
	}
	classes, err := directory.PlainClassesByID(r.Tx, a.Of)
	if err != nil || len(classes) == 0 {
		return r.Say("whom.class-gone"), err
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
