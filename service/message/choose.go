package message

import (
	"slices"

	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// chooseView is where the visitor may write.
type chooseView struct{ Tiles []ui.Tile }

// choose lists where the visitor may write; who may at one place alone is there already.
func (s *Service) choose(r *web.Request) (web.Answer, error) {
	tiles, err := s.places(r)
	if err != nil {
		return nil, err
	}
	if len(tiles) == 1 {
		return web.Redirect{To: tiles[0].Href}, nil
	}
	return web.Page{Title: r.Say("message.new"), Body: choosePage(chooseView{tiles})}, nil
}

// places are the desks of the visitor.
func (s *Service) places(r *web.Request) (tiles []ui.Tile, err error) {
	me := sideOf(r.Actor.Profile)
	switch me {
	case guardian:
		children, err := directory.ChildrenOf(r.Tx, r.Actor.Person)
		seen := map[school.ID]bool{}
		for _, child := range children {
			if child.School != 0 && !seen[child.ID] {
				seen[child.ID] = true
				tiles = append(tiles, ui.Tile{Href: "/message/new/child/" + child.ID.String(), Title: r.Say("message.about", child.First), Subtitle: child.ClassLabel, Icon: ui.IconPerson})
			}
		}
		return tiles, err
	case municipal:
		areas, err := directory.StructuresByID(r.Tx, r.Actor.Areas...)
		for _, at := range areas {
			tiles = append(tiles, ui.Tile{Href: "/message/new/commune/" + at.ID.String(), Title: r.Say("message.heads"), Subtitle: at.Name, Icon: ui.IconSchool})
		}
		return tiles, err
	}
	if me == head || me == teacher || me == staff {
		if tiles, err = teamTiles(r, me); err != nil {
			return nil, err
		}
	}
	classes, err := directory.PlainClassesByID(r.Tx, r.Actor.Classes...)
	if me == head {
		classes, err = directory.PlainClassesOf(r.Tx, r.Actor.Schools...)
	}
	if err != nil {
		return nil, err
	}
	all, err := s.reach(r.Tx, r.Actor)
	if err != nil {
		return nil, err
	}
	for _, class := range classes {
		if me == teacher || me == head || slices.ContainsFunc(all, func(c contact) bool { return c.Class == class.ID }) {
			tiles = append(tiles, ui.Tile{Href: "/message/new/class/" + class.ID.String(), Title: class.Label, Subtitle: r.Say("whom.children", class.Pupils), Icon: ui.IconClass})
		}
	}
	return tiles, nil
}

// teamTiles are the teams of the schools where the visitor works and, for their head, all
// their families.
func teamTiles(r *web.Request, me side) (tiles []ui.Tile, err error) {
	schools, err := directory.StructuresByID(r.Tx, r.Actor.Schools...)
	for _, at := range schools {
		tiles = append(tiles, ui.Tile{Href: "/message/new/team/" + at.ID.String(), Title: r.Say("message.team"), Subtitle: at.Name, Icon: ui.IconPupils})
		if me == head {
			tiles = append(tiles, ui.Tile{Href: "/message/new/school/" + at.ID.String(), Title: r.Say("message.all-families"), Subtitle: at.Name, Icon: ui.IconSchool})
		}
	}
	return tiles, err
}
