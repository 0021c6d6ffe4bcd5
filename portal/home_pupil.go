package portal

import (
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// pupilView is a pupil's class and school, as the home page and the two pages
// under it show them.
type pupilView struct {
	First   string
	Picture ui.Pictogram
	Rooms   []pupilRoom // one, for nearly all
	Schools []pupilSchool
	Tiles   []ui.Tile
}

// pupilRoom is a class as its pupils see it: first names only.
type pupilRoom struct {
	Label    string
	Teachers []string // "Madame Bernard"
	Mates    []ui.Face
}

// pupilSchool is a school as its pupils see it.
type pupilSchool struct {
	Name, Town string
	Heads      []string
}

// pupilHome is three pictures for those who do not read yet, and the whole
// class for the others.
func (p *Portal) pupilHome(r *web.Request) (templ.Component, error) {
	v, err := p.pupilView(r)
	if err != nil {
		return nil, err
	}
	if r.Reader == ui.PreReader {
		return smallHome(v), nil
	}
	return pupilHome(v), nil
}

// class is the class of a pupil who does not read yet, on a page of its own.
func (p *Portal) class(r *web.Request) (web.Answer, error) {
	v, err := p.pupilView(r)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("portal.my-class"), Body: classPage(v)}, nil
}

// school is the school of a pupil.
func (p *Portal) school(r *web.Request) (web.Answer, error) {
	v, err := p.pupilView(r)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("portal.my-school"), Body: schoolPage(v)}, nil
}

func (p *Portal) pupilView(r *web.Request) (pupilView, error) {
	v := pupilView{First: r.Name, Picture: r.Picture, Tiles: p.tiles(r)}
	classes, err := directory.ClassesByID(r.Tx, r.Actor.Classes...)
	if err != nil {
		return v, err
	}
	views, err := rooms(r, classes, true)
	if err != nil {
		return v, err
	}
	for _, room := range views {
		v.Rooms = append(v.Rooms, pupilRoom{room.Label, addressed(r, room.Teachers), mates(room.Pupils, r.Actor.Person)})
	}
	schools, err := directory.StructuresByID(r.Tx, r.Actor.Schools...)
	if err != nil {
		return v, err
	}
	if len(schools) == 0 {
		return v, fail.New(fail.NotFound, "the pupil %s has no school", r.Actor.Person)
	}
	for _, s := range schools {
		heads, err := headsOf(r, s.ID)
		if err != nil {
			return v, err
		}
		v.Schools = append(v.Schools, pupilSchool{s.Name, s.Town, heads})
	}
	return v, nil
}

// headsOf names the heads of a pupil's school; a pupil has one school, or two
// for a while.
func headsOf(r *web.Request, id school.ID) ([]string, error) {
	staff, err := directory.StaffOf(r.Tx, id)
	if err != nil {
		return nil, err
	}
	var heads []string
	for _, worker := range staff {
		if worker.Profile == school.Head {
			heads = append(heads, worker.Formal())
		}
	}
	return addressed(r, heads), nil
}

// addressed writes "Mme Bernard" as one says it to a child, and as a voice
// reads it: "Madame Bernard".
func addressed(r *web.Request, names []string) []string {
	said := make([]string, len(names))
	for i, name := range names {
		said[i] = name
		if rest, ok := strings.CutPrefix(name, "Mme "); ok {
			said[i] = r.Say("portal.madam", rest)
		} else if rest, ok := strings.CutPrefix(name, "M. "); ok {
			said[i] = r.Say("portal.mister", rest)
		}
	}
	return said
}

// mates are the others of the class, by their first names; a first letter
// parts those who share one.
func mates(pupils []directory.InClass, me school.ID) []ui.Face {
	named := map[string]int{}
	for _, pupil := range pupils {
		named[pupil.First]++
	}
	var faces []ui.Face
	for _, pupil := range pupils {
		if pupil.ID == me {
			continue
		}
		first := pupil.First
		if named[first] > 1 {
			letter, _ := utf8.DecodeRuneInString(pupil.Usual)
			first += " " + string(letter) + "."
		}
		faces = append(faces, ui.Face{First: first, Picture: AnimalOf(pupil.ID), Accent: accentOf(pupil.ID)})
	}
	return faces
}
