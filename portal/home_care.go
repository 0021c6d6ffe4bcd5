package portal

import (
	"slices"

	"github.com/a-h/templ"

	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// careAgentView is the activities of an agent of the périscolaire: each leads
// to the list of the children enrolled in it. Then what the commune lends them.
type careAgentView struct {
	front
	Absent     absentView
	Activities []ui.Tile
	Lent       []ui.Tile
	Lists      ui.Table // of the schools whose lists they borrow; without a row when there are none
}

func (p *Portal) careAgentHome(r *web.Request) (templ.Component, error) {
	f, err := p.front(r)
	if err != nil {
		return nil, err
	}
	v := careAgentView{front: f}
	duties, err := directory.DutiesOf(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	duties = slices.DeleteFunc(duties, func(d directory.Duty) bool { return d.Profile != school.CareAgent })
	at := make([]school.ID, len(duties))
	for i, d := range duties {
		at[i] = d.Place.ID
	}
	figures, err := directory.SchoolFigures(r.Tx, at...)
	if err != nil {
		return nil, err
	}
	for _, d := range duties {
		v.Activities = append(v.Activities, ui.Tile{
			Href: "/register/school/" + d.Place.ID.String() + "/care/" + string(d.Care()), Icon: careIcons[d.Care()],
			Title: r.Say("portal." + string(d.Care())), Subtitle: join(d.Place.Name, r.Say("portal.children-count", figures[d.Place.ID].Enrolled(d.Care()))),
		})
	}
	if v.Absent, err = p.absentFrom(r, duties); err != nil {
		return nil, err
	}
	if v.Lent, err = entrusted(r); err != nil {
		return nil, err
	}
	v.Lists, err = careLent(r)
	return careAgentHome(v), err
}

var careIcons = map[directory.Care]ui.Icon{
	directory.Canteen: ui.IconMeal, directory.MorningCare: ui.IconClock, directory.EveningCare: ui.IconClock, directory.Study: ui.IconBook,
}
