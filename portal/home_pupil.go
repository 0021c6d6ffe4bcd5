package portal

import (
	"slices"
	"strings"

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
	front
	First   string
	Picture ui.Pictogram
	Rooms   []pupilRoom // one, for nearly all
	Schools []pupilSchool
}

// pupilRoom is a class as its pupils see it: first names only.
type pupilRoom struct {
	Title    string
	Label    string
	Teachers []pupilTeacher
	Mates    []ui.Face
}

// pupilSchool is a school as its pupils see it.
type pupilSchool struct {
	Name, Town string
	Heads      []pupilTeacher
}

// pupilTeacher is an adult as pupils call them, with a picture that looks
// like no other sex than theirs.
type pupilTeacher struct {
	Name    string // "Madame Bernard"
	Picture ui.Pictogram
}

// pupilHome is two pictures for those who do not read yet, and the whole
// class for the others.
func (p *Portal) pupilHome(r *web.Request) (templ.Component, error) {
	v, err := p.pupilView(r)
	if err != nil {
		return nil, err
	}
	if v.front, err = p.front(r); err != nil {
		return nil, err
	}
	r.Keep(v.Feed.Version, slices.Sorted(slices.Values(r.Actor.Classes)))
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
	v := pupilView{First: r.Name, Picture: r.Picture}
	classes, err := directory.PlainClassesByID(r.Tx, r.Actor.Classes...)
	if err != nil {
		return v, err
	}
	views, err := rooms(r, classes, true)
	if err != nil {
		return v, err
	}
	for _, room := range views {
		title := r.Say("portal.my-class")
		if len(views) > 1 {
			title = join(title, room.Label)
		}
		v.Rooms = append(v.Rooms, pupilRoom{title, room.Label, addressed(r, room.Teachers), apartByAnimal(r, mates(room.Pupils, room.Animals, r.Actor.Person))})
	}
	schools, err := directory.StructuresByID(r.Tx, r.Actor.Schools...)
	if err != nil {
		return v, err
	}
	if len(schools) == 0 {
		return v, fail.New(fail.NotFound, "the pupil %s has no school", r.Actor.Person)
	}
	heads, err := directory.HeadsOf(r.Tx, r.Actor.Schools...)
	for _, s := range schools {
		v.Schools = append(v.Schools, pupilSchool{s.Name, s.Town, addressed(r, headsOf(heads, s.ID))})
	}
	return v, err
}

// headsOf names the heads of a school among some, each once: who is its head may
// be acting for it too.
func headsOf(heads []directory.SchoolHead, at school.ID) (names []string) {
	for _, h := range heads {
		if name := h.Formal(); h.School == at && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// addressed writes "Mme Bernard" as one says it to a child, and as a voice
// reads it: "Madame Bernard".
func addressed(r *web.Request, names []string) []pupilTeacher {
	said := make([]pupilTeacher, len(names))
	for i, name := range names {
		said[i] = pupilTeacher{name, ui.PictureBooks}
		if rest, ok := strings.CutPrefix(name, "Mme "); ok {
			said[i] = pupilTeacher{r.Say("portal.madam", rest), ui.PictureTeacher}
		} else if rest, ok := strings.CutPrefix(name, "M. "); ok {
			said[i].Name = r.Say("portal.mister", rest)
		}
	}
	return said
}

// mates are the others of the class, as they are called in it.
func mates(pupils []directory.InClass, animals map[school.ID]ui.Pictogram, me school.ID) []ui.Face {
	var faces []ui.Face
	for _, pupil := range pupils {
		if pupil.ID != me {
			faces = append(faces, ui.Face{First: directory.CalledIn(pupil, pupils), Picture: animalOf(animals, pupil.ID), Accent: accentOf(pupil.ID)})
		}
	}
	return faces
}

// apartByAnimal names the animals of those who are called the same.
func apartByAnimal(r *web.Request, faces []ui.Face) []ui.Face {
	called := map[string]int{}
	for _, face := range faces {
		called[face.First]++
	}
	for i := range faces {
		if called[faces[i].First] > 1 {
			faces[i].Note = faces[i].Picture.Label(r.Context())
		}
	}
	return faces
}
