package portal

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// guardianView is the children of a guardian, each with what the register
// lets this guardian know.
type guardianView struct {
	front
	Cards []ui.ChildCard
}

func (p *Portal) guardianHome(r *web.Request) (templ.Component, error) {
	places, err := directory.ChildrenOf(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	teachers, err := directory.TeachersIn(r.Tx, classesOf(places)...)
	if err != nil {
		return nil, err
	}
	animals, err := animalsOf(r.Tx, classesOf(places)...)
	if err != nil {
		return nil, err
	}
	v := guardianView{Cards: cards(places, teachers, animals, r.AccentOf, r.Holds(seeChild))}
	if v.front, err = p.front(r, kids(places, v.Cards)...); err != nil {
		return nil, err
	}
	r.Keep(v.Feed.Version, v.Cards)
	proposed, err := proposals(r)
	v.Feed.Soon = append(v.Feed.Soon, proposed...)
	return guardianHome(v), err
}

// kids are the children of some cards, which come in the order of their places.
func kids(places []directory.Child, cards []ui.ChildCard) (kids []kid) {
	for _, place := range places {
		if !slices.ContainsFunc(kids, func(k kid) bool { return k.ID == place.ID }) {
			card := cards[len(kids)]
			kids = append(kids, kid{place.ID, place.First, card.Accent, card.Picture})
		}
	}
	return kids
}

func classesOf(places []directory.Child) []school.ID {
	var classes []school.ID
	for _, place := range places {
		if place.Class != 0 && !slices.Contains(classes, place.Class) {
			classes = append(classes, place.Class)
		}
	}
	return classes
}

// cards makes one card a child. A child in two schools has both on it; one
// whose place is hidden from the guardian has the first name alone, as one
// who has no place yet. Linked, each leads to the child in the directory.
func cards(places []directory.Child, teachers []directory.InClass, animals map[school.ID]ui.Pictogram, accent func(school.ID) ui.Accent, linked bool) []ui.ChildCard {
	var list []ui.ChildCard
	at := map[school.ID]int{}
	for _, place := range places {
		i, known := at[place.ID]
		if !known {
			i = len(list)
			at[place.ID] = i
			picture := animalOf(animals, place.ID)
			if place.Class == 0 { // hidden, or none: no class is told by the animal either
				picture = ui.AnimalOf(uint64(place.ID))
			}
			picture = apart(picture, list)
			card := ui.ChildCard{First: place.First, Picture: picture, Accent: accent(place.ID)}
			if linked {
				card.Href = personPath(place.ID)
			}
			list = append(list, card)
		}
		card := &list[i]
		card.Level = join(card.Level, place.Level)
		card.Class = join(card.Class, tidy(place.ClassLabel))
		card.School = join(card.School, place.SchoolName)
		for _, t := range teachers {
			if name := t.Formal(); t.Class == place.Class && !slices.Contains(card.Teachers, name) {
				card.Teachers = append(card.Teachers, name)
			}
		}
	}
	return list
}

// apart is the animal of a child beside some others of the family: the next one that is free,
// where one of them has it.
func apart(animal ui.Pictogram, beside []ui.ChildCard) ui.Pictogram {
	at := slices.Index(ui.Animals, animal)
	for i := range ui.Animals {
		one := ui.Animals[(at+i)%len(ui.Animals)]
		if !slices.ContainsFunc(beside, func(c ui.ChildCard) bool { return c.Picture == one }) {
			return one
		}
	}
	return animal
}

// join adds to a text what it does not say yet.
func join(said, more string) string {
	switch {
	case said == "":
		return more
	case slices.Contains(strings.Split(said, separator), more) || more == "":
		return said
	}
	return said + separator + more
}

const separator = " · "
