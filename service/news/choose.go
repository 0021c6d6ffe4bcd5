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

// spot is where somebody writes: in a school, or in one of its classes, or in all of a commune's
// schools, or of an RPI's.
type spot struct {
	Class   directory.ClassView // of the school; without an identifier: the whole school
	RPI     directory.Structure // of which the school is; without an identifier: the school alone
	School  directory.Structure // without an identifier: every school of the commune
	Commune directory.Structure // without one: the school itself tells
}

// Name is what the spot is called.
func (s spot) Name() string {
	switch {
	case s.Class.ID != 0:
		return s.Class.Label
	case s.RPI.ID != 0:
		return s.RPI.Name
	case s.School.ID != 0:
		return s.School.Name
	}
	return s.Commune.Name
}

// item is one that is told there.
func (s spot) item() item {
	return item{School: s.School.ID, Commune: s.Commune.ID, RPI: s.RPI.ID, Class: s.Class.ID, Group: s.Class.Kind == directory.Group}
}

// path is where something new is written there.
func (s spot) path() string {
	path := "/news/new/school/" + s.School.ID.String()
	switch {
	case s.Class.ID != 0:
		return "/news/new/class/" + s.Class.ID.String()
	case s.RPI.ID != 0:
		return path + "/rpi/" + s.RPI.ID.String()
	case s.School.ID != 0:
		return path
	}
	return "/news/new/commune/" + s.Commune.ID.String()
}

// audience is the spot as audiences name it.
func (s spot) audience() (audience.Place, school.ID) {
	switch {
	case s.Class.ID != 0:
		return audience.Place(s.Class.Kind), s.Class.ID
	case s.RPI.ID != 0:
		return audience.RPI, s.RPI.ID
	case s.School.ID != 0:
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
		if s.Class.ID != 0 {
			t.Name, t.About, t.Icon = s.Class.Label, s.School.Name, ui.IconClass
		} else if s.RPI.ID != 0 {
			t.Name, t.About, t.Icon = r.Say("news.whole-rpi"), s.RPI.Name, ui.IconTown
		} else if s.School.ID == 0 {
			t.Name, t.About, t.Icon = r.Say("news.whole-commune"), s.Commune.Name, ui.IconTown
		}
		at = append(at, t)
		where, of := s.audience()
		circles = append(circles, whom.Circled(r, t, where, of)...)
	}
	return at, circles
}

// spots are where the visitor may write: communes, then schools; for whoever teaches, their classes
// before the school that they are in.
func spots(r *web.Request) (all []spot, err error) {
	classes, err := whom.Places(r, writeClass)
	if err != nil {
		return nil, err
	}
	for _, p := range classes {
		if p.Class.ID != 0 && slices.Contains(r.Actor.Classes, p.Class.ID) {
			all = append(all, spot{Class: p.Class, School: p.School})
		}
	}
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
	if err := r.CanOfMany(write, schools...); err != nil {
		return nil, err
	}
	known, err := directory.StructuresByID(r.Tx, schools...)
	for _, at := range known {
		if !at.Until.IsZero() || r.Can(write, rights.Object{School: at.ID}) != nil {
			continue
		}
		all = append(all, spot{School: at})
		if r.Can(lead, rights.Object{School: at.ID}) != nil {
			continue
		}
		groupings, err := directory.GroupingsOf(r.Tx, at.ID)
		if err != nil {
			return nil, err
		}
		for _, g := range groupings {
			all = append(all, spot{School: at, RPI: g.Structure})
		}
	}
	return all, err
}

// inRPI reads the RPI {structure} of the path, of which a school that the visitor leads is.
func inRPI(r *web.Request, at directory.Structure) (s spot, err error) {
	s.School = at
	if err := r.Can(lead, rights.Object{School: at.ID}); err != nil {
		return s, err
	}
	id, err := r.PathID("structure")
	if err != nil {
		return s, err
	}
	g, err := directory.GroupingIn(r.Tx, at.ID, id)
	if err == nil {
		s.RPI = g.Structure
		_, err = reachOf(r, id)
	}
	return s, err
}

// at reads where the visitor writes: the {class} of the path, its {commune}, or its {school}, in the
// name of their commune for an agent.
func at(r *web.Request) (s spot, err error) {
	if r.PathValue("class") != "" {
		at, err := place.Class(r, writeClass)
		return spot{Class: at.Class, School: at.School}, err
	}
	if r.PathValue("commune") != "" {
		if s.Commune, err = place.Commune(r, write); err == nil {
			_, err = reachOf(r, s.Commune.ID)
		}
		return s, err
	}
	if s.School, err = place.School(r, write); err == nil && r.PathValue("structure") != "" {
		return inRPI(r, s.School)
	}
	if err != nil || r.Actor.Profile != school.Municipal {
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
