package portal

import (
	"strings"

	"github.com/a-h/templ"

	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// homes is the home page of each profile.
var homes = map[school.Profile]func(*Portal, *web.Request) (templ.Component, error){
	school.Pupil:     (*Portal).pupilHome,
	school.Guardian:  (*Portal).guardianHome,
	school.Teacher:   (*Portal).teacherHome,
	school.Head:      (*Portal).headHome,
	school.Staff:     (*Portal).staffHome,
	school.Admin:     (*Portal).staffHome,
	school.Municipal: (*Portal).municipalHome,
	school.Pilot:     (*Portal).pilotHome,
	school.Partner:   (*Portal).partnerHome,
	school.Operator:  (*Portal).operatorHome,
}

func (p *Portal) home(r *web.Request) (web.Answer, error) {
	body, err := homes[r.Actor.Profile](p, r)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("portal.home"), Body: body, Help: homeHelp(r.Reader, r.Actor.Profile)}, nil
}

// homeHelp says whom to ask when the page is wrong. A child asks the adult
// at their side.
func homeHelp(reader ui.Reader, profile school.Profile) templ.Component {
	if profile == school.Pupil || profile == school.Operator {
		return nil
	}
	return helpOf("portal.help-" + string(profile))
}

// greeted is how a page says hello: by the first name, which an appointed
// agent may not have given.
func greeted(r *web.Request, who directory.Someone) string {
	name := who.First
	if name == "" {
		name = who.Name()
	}
	return r.Say("portal.hello", name)
}

// tidy writes a label as people read it: the source has stray spaces.
func tidy(label string) string { return strings.Join(strings.Fields(label), " ") }

// roomView is a class with its people.
type roomView struct {
	Class    directory.ClassView
	Label    string
	Teachers []string // "Mme Bernard"
	Pupils   []directory.InClass
}

// rooms gives the classes with their teachers, and with their pupils if they
// are asked for: three queries whatever the number of classes. Groups are
// left out.
func rooms(r *web.Request, classes []directory.ClassView, pupils bool) ([]roomView, error) {
	var views []roomView
	var ids []school.ID
	at := map[school.ID]int{}
	for _, class := range classes {
		if class.Kind != directory.OrdinaryClass {
			continue
		}
		at[class.ID] = len(views)
		ids = append(ids, class.ID)
		views = append(views, roomView{Class: class, Label: tidy(class.Label)})
	}
	teachers, err := directory.TeachersIn(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	for _, t := range teachers {
		v := &views[at[t.Class]]
		v.Teachers = append(v.Teachers, t.Formal())
	}
	if !pupils {
		return views, nil
	}
	all, err := directory.PupilsIn(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	for _, pupil := range all {
		v := &views[at[pupil.Class]]
		v.Pupils = append(v.Pupils, pupil)
	}
	return views, nil
}

// faces is a class ready for photographs, as its teacher sees it. The level
// is told where there are several.
func (v roomView) faces() []ui.Face {
	several := strings.Contains(v.Class.Levels, ",")
	faces := make([]ui.Face, len(v.Pupils))
	for i, pupil := range v.Pupils {
		faces[i] = ui.Face{First: pupil.First, Last: pupil.Usual, Picture: AnimalOf(pupil.ID), Accent: accentOf(pupil.ID)}
		if several {
			faces[i].Note = pupil.Level
		}
	}
	return faces
}
