package portal

import (
	"slices"

	"preau/core/audience"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// audiencesInWords names the audiences that the visitor holds: what is
// published for one of them is for this person. The closest come first.
func (p *Portal) audiencesInWords(r *web.Request) ([]string, error) {
	holdings, err := r.HeldWithAny()
	if err != nil {
		return nil, err
	}
	held := map[audience.Place][]audience.Audience{}
	for _, h := range holdings.At(r.Tx.Now) {
		if h.Level == "" && !slices.Contains(held[h.Place], h.Audience) { // a level is of a class that is named already
			held[h.Place] = append(held[h.Place], h.Audience)
		}
	}
	var words []string
	for _, place := range []audience.Place{audience.Family, audience.Class, audience.Group, audience.School, audience.Commune} {
		if len(held[place]) == 0 {
			continue
		}
		names, err := namesOf(r, place, held[place])
		if err != nil {
			return nil, err
		}
		for _, named := range names {
			for _, a := range held[place] {
				if a.Of == named.ID {
					words = append(words, r.Say("portal.audience-"+sideOf(a), named.Name))
				}
			}
		}
	}
	return words, nil
}

func sideOf(a audience.Audience) string {
	if a.Place == audience.Family {
		return "family"
	}
	return string(a.Side)
}

// namesOf names what some audiences of one kind of place belong to, in the
// order in which pages list them.
func namesOf(r *web.Request, place audience.Place, held []audience.Audience) (names []directory.Place, err error) {
	ids := make([]school.ID, len(held))
	for i, a := range held {
		ids[i] = a.Of
	}
	switch place {
	case audience.Family:
		children, err := directory.ChildrenOf(r.Tx, r.Actor.Person)
		for i, child := range children {
			if i == 0 || child.ID != children[i-1].ID { // in two schools
				names = append(names, directory.Place{ID: child.ID, Name: i18n.Of(r.Context(), child.First)})
			}
		}
		return names, err
	case audience.Class, audience.Group:
		classes, err := directory.ClassesByID(r.Tx, ids...)
		for _, class := range classes {
			names = append(names, directory.Place{ID: class.ID, Name: class.Label})
		}
		return names, err
	}
	structures, err := directory.StructuresByID(r.Tx, ids...)
	for _, structure := range structures {
		names = append(names, directory.Place{ID: structure.ID, Name: structure.Name})
	}
	return names, err
}
