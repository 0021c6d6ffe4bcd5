package message

import (
	"net/url"
	"slices"
	"sync"

	"preau/core/db"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// choose asks to whom the visitor writes; who may at one desk alone is there already.
func (s *Service) choose(r *web.Request) (web.Answer, error) {
	if saidShut(r) {
		return web.Page{Title: r.Say("message.new"), Body: closedPage(writeView{Closed: closed{Said: true}})}, nil
	}
	reach := s.reachOnce(r)
	desks, err := s.desks(r, reach)
	if err != nil {
		return nil, err
	}
	if len(desks) == 1 {
		return web.Redirect{To: desks[0].Path}, nil
	}
	var others []whom.Target
	var begun []school.ID
	if r.Actor.Profile != school.Pupil {
		if others, err = s.targets(r, desks, reach); err != nil {
			return nil, err
		}
		begun, err = db.All(r.Tx, db.Column[school.ID], `SELECT id FROM message_thread WHERE author_id IN (`+oneWith(1)+`) ORDER BY last_at DESC LIMIT 20`, r.Actor.Person)
		if err != nil {
			return nil, err
		}
	}
	door, err := whom.Open(r, "/message/new", desks, others, begun)
	return web.Page{Title: r.Say("message.new"), Body: choosePage(door), Finds: true}, err
}

// reachOnce is [Service.reach] of the visitor, worked out where it is asked for, once.
func (s *Service) reachOnce(r *web.Request) func() ([]contact, error) {
	return sync.OnceValues(func() ([]contact, error) { return s.reach(r.Tx, r.Actor) })
}

// writes tells whether the visitor has a desk: who works in a school has one.
func (s *Service) writes(r *web.Request) (bool, error) {
	if slices.Contains(atWork, r.Actor.Profile) && len(r.Actor.Schools) > 0 {
		return true, nil
	}
	desks, err := s.desks(r, s.reachOnce(r))
	return len(desks) > 0, err
}

// desks are those of the visitor.
func (s *Service) desks(r *web.Request, reach func() ([]contact, error)) (tiles []whom.Target, err error) {
	me := sideOf(r.Actor.Profile)
	switch me {
	case guardian:
		children, err := directory.ChildrenOf(r.Tx, r.Actor.Person)
		seen := map[school.ID]bool{}
		for _, child := range children {
			if child.School != 0 && !seen[child.ID] {
				seen[child.ID] = true
				tiles = append(tiles, whom.Target{Path: childPath(child.ID), Name: r.Say("message.about", child.First), About: child.ClassLabel, Icon: ui.IconPerson})
			}
		}
		return tiles, err
	case municipal:
		areas, err := directory.StructuresByID(r.Tx, r.Actor.Areas...)
		for _, at := range areas {
			tiles = append(tiles, whom.Target{Path: communePath(at.ID), Name: r.Say("message.heads"), About: at.Name, Icon: ui.IconSchool})
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
	var all []contact
	if me != teacher && me != head {
		if all, err = reach(); err != nil {
			return nil, err
		}
	}
	for _, class := range classes {
		if me == teacher || me == head || slices.ContainsFunc(all, func(c contact) bool { return c.Class == class.ID }) {
			tiles = append(tiles, whom.Target{Path: classPath(class.ID), Name: class.Label, About: r.Say("whom.children", class.Pupils), Icon: ui.IconClass})
		}
	}
	return tiles, nil
}

// teamTiles are the teams of the schools where the visitor works and, for their head, all
// their families.
func teamTiles(r *web.Request, me side) (tiles []whom.Target, err error) {
	schools, err := directory.StructuresByID(r.Tx, r.Actor.Schools...)
	for _, at := range schools {
		tiles = append(tiles, whom.Target{
			Path: teamPath(at.ID), Answer: url.Values{"to": {theTeam}}, Name: r.Say("message.team"), About: at.Name, Icon: ui.IconPupils, To: teamOf(at.ID),
		})
		if me == head {
			tiles = append(tiles, whom.Target{Path: schoolPath(at.ID), Name: r.Say("message.all-families"), About: at.Name, Icon: ui.IconSchool})
		}
	}
	return tiles, err
}
