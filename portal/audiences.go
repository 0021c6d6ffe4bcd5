package portal

import (
	"slices"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// audiencesInWords names the audiences that the visitor holds: what is
// published for one of them is for this person. The closest come first.
func (p *Portal) audiencesInWords(r *web.Request, tx *db.Tx) ([]string, error) {
	ids, err := p.Audiences.Of(tx, r.Actor.Person, tx.Now)
	if err != nil {
		return nil, err
	}
	held := map[audience.Place][]audience.Audience{}
	for _, id := range ids {
		a, err := audience.Parse(id)
		if err != nil {
			return nil, err
		}
		if a.Level == "" { // of a class that is named already
			held[a.Place] = append(held[a.Place], a)
		}
	}
	var words []string
	for _, place := range []audience.Place{audience.Family, audience.Class, audience.Group, audience.School, audience.Commune} {
		names, err := namesOf(r, tx, place, held[place])
		if err != nil {
			return nil, err
		}
		var here []string
		for _, a := range held[place] {
			here = append(here, r.Say("portal.audience-"+sideOf(a), names[a.Of]))
		}
		slices.Sort(here)
		words = append(words, here...)
	}
	return words, nil
}

func sideOf(a audience.Audience) string {
	if a.Place == audience.Family {
		return "family"
	}
	return string(a.Side)
}

// namesOf names what some audiences of one kind of place belong to.
func namesOf(r *web.Request, tx *db.Tx, place audience.Place, held []audience.Audience) (map[school.ID]string, error) {
	names := map[school.ID]string{}
	ids := make([]school.ID, len(held))
	for i, a := range held {
		ids[i] = a.Of
	}
	switch place {
	case audience.Family:
		children, err := directory.ChildrenOf(tx, r.Actor.Person)
		for _, child := range children {
			names[child.ID] = i18n.Of(r.Context(), child.First)
		}
		return names, err
	case audience.Class, audience.Group:
		classes, err := directory.ClassesByID(tx, ids...)
		for _, class := range classes {
			names[class.ID] = class.Label
		}
		return names, err
	default:
		structures, err := directory.StructuresByID(tx, ids...)
		for _, structure := range structures {
			names[structure.ID] = structure.Name
		}
		return names, err
	}
}
