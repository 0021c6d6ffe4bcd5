package news

import (
	"slices"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
	"preau/directory/whom"
)

// spot is where somebody writes: in a school, or in all of a commune's.
type spot struct {
	School  directory.Structure // without an identifier: every school of the commune
	Commune directory.Structure // without one: the school itself tells
}

// Name is what the spot is called.
func (s spot) Name() string {
	if s.School.ID != 0 {
		return s.School.Name
	}
	return s.Commune.Name
}

// path is where something new is written there.
func (s spot) path() string {
	if s.School.ID != 0 {
		return "/news/new/school/" + s.School.ID.String()
	}
	return "/news/new/commune/" + s.Commune.ID.String()
}

// audience is the spot as audiences name it.
func (s spot) audience() (audience.Place, school.ID) {
	if s.School.ID != 0 {
		return audience.School, s.School.ID
	}
	return audience.Commune, s.Commune.ID
}

// choose asks where the visitor writes; who may in one place alone is there already.
func (s *Service) choose(r *web.Request) (web.Answer, error) {
	spots, err := spots(r)
	if err != nil {
		return nil, err
	}
	if len(spots) == 1 {
		return web.Redirect{To: spots[0].path()}, nil
	}
	at, circles := targets(r, spots)
	written, err := db.All(r.Tx, db.Column[school.ID], `SELECT id FROM news_item WHERE author_id = $1 ORDER BY id DESC LIMIT 20`, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	door, err := whom.Open(r, "/news/new", at, circles, written)
	return web.Page{Title: r.Say("news.new"), Body: choosePage(door), Finds: true}, err
}

// targets are the spots, then the circles of each.
func targets(r *web.Request, spots []spot) (at, circles []whom.Target) {
	for _, s := range spots {
		t := whom.Target{Path: s.path(), Name: s.School.Name, About: s.School.Town, Icon: ui.IconSchool}
		if s.School.ID == 0 {
			t.Name, t.About, t.Icon = r.Say("news.whole-commune"), s.Commune.Name, ui.IconTown
		}
		at = append(at, t)
		where, of := s.audience()
		circles = append(circles, whom.Circled(r, t, where, of)...)
	}
	return at, circles
}

// spots are where the visitor may write: communes, then schools.
func spots(r *web.Request) (all []spot, err error) {
	areas, err := directory.StructuresByID(r.Tx, r.Actor.Areas...)
	if err != nil {
		return nil, err
	}
	schools := slices.Clone(r.Actor.Schools)
	var communes []school.ID
	for _, area := range areas {
		if area.Kind == directory.Commune && r.Can(write, rights.Object{Areas: []school.ID{area.ID}}) == nil {
			if _, err := reachOf(r, area.ID); err == nil {
				all = append(all, spot{Commune: area})
			} else if !fail.Is(err, fail.Forbidden) {
				return nil, err
			}
			communes = append(communes, area.ID)
		}
	}
	within, err := directory.SchoolsWithin(r.Tx, communes...)
	if err != nil {
		return nil, err
	}
	for _, at := range within {
		schools = append(schools, at.ID)
	}
	known, err := directory.StructuresByID(r.Tx, schools...)
	for _, at := range known {
		if at.Until.IsZero() && r.Can(write, rights.Object{School: at.ID}) == nil {
			all = append(all, spot{School: at})
		}
	}
	return all, err
}

// at reads where the visitor writes: the {commune} of the path, or its {school}, in the
// name of their commune for an agent.
func at(r *web.Request) (s spot, err error) {
	if r.PathValue("commune") != "" {
		id, err := r.PathID("commune")
		if err != nil {
			return s, err
		}
		if s.Commune, err = place.Structure(r, write, id); err == nil && s.Commune.Kind != directory.Commune {
			err = fail.New(fail.NotFound, "%s is no commune", id)
		}
		if err == nil {
			_, err = reachOf(r, id)
		}
		return s, err
	}
	if s.School, err = place.School(r, write); err != nil || r.Actor.Profile != school.Municipal {
		return s, err
	}
	above, err := directory.Above(r.Tx, s.School.ID)
	for _, area := range above {
		if area.Kind == directory.Commune && slices.Contains(r.Actor.Areas, area.ID) {
			s.Commune = area
		}
	}
	if err == nil && s.Commune.ID == 0 {
		err = fail.New(fail.NotFound, "%s is of no commune of %s", s.School.ID, r.Actor.Person)
	}
	return s, err
}
