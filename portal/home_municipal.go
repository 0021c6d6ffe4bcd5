package portal

import (
	"github.com/a-h/templ"

	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// municipalView is the schools of a commune, with how many pupils each
// service of the périscolaire has. Each number leads to its list.
type municipalView struct {
	Hello string
	Tasks []ui.Task
	Table ui.Table
	Tiles []ui.Tile
}

func (p *Portal) municipalHome(r *web.Request) (templ.Component, error) {
	mine, err := mySchools(r)
	if err != nil {
		return nil, err
	}
	figures, err := directory.SchoolFigures(r.Tx, identifiers(mine)...)
	if err != nil {
		return nil, err
	}
	tasks, err := p.awaitsInterim(r)
	if err != nil {
		return nil, err
	}
	tiles, err := p.waiting(r)
	if err != nil {
		return nil, err
	}
	return municipalHome(municipalView{
		Hello: greeted(r), Tasks: tasks, Table: careTable(r, mine, figures), Tiles: tiles,
	}), nil
}

// careTable has a school a line.
func careTable(r *web.Request, mine []directory.Place, figures map[school.ID]directory.Figures) ui.Table {
	table := ui.Table{
		Caption: r.Say("portal.care"), CaptionHidden: true,
		Columns: []ui.Column{
			{Label: r.Say("portal.school")}, {Label: r.Say("portal.pupils"), Numeric: true},
			{Label: r.Say("portal.canteen"), Numeric: true}, {Label: r.Say("portal.morning-care"), Numeric: true},
			{Label: r.Say("portal.evening-care"), Numeric: true}, {Label: r.Say("portal.study"), Numeric: true},
		},
		Empty: ui.Empty{Icon: ui.IconSchool, Title: r.Say("portal.no-school"), Text: r.Say("portal.no-school-text")},
	}
	cells := func(name string, f directory.Figures, cell func(directory.Care, int) templ.Component) ui.Row {
		return ui.Row{
			ui.Text(name), ui.Number(f.Pupils), cell(directory.Canteen, f.Canteen), cell(directory.MorningCare, f.MorningCare),
			cell(directory.EveningCare, f.EveningCare), cell(directory.Study, f.Study),
		}
	}
	var total directory.Figures
	for _, s := range mine {
		table.Rows = append(table.Rows, cells(s.Name, figures[s.ID], func(care directory.Care, n int) templ.Component {
			if n == 0 {
				return ui.Number(n)
			}
			return ui.Anchor{Href: "/register/school/" + s.ID.String() + "/care/" + string(care), Label: i18n.Number(r.Context(), n)}
		}))
		total = total.Plus(figures[s.ID])
	}
	if len(mine) > 1 {
		table.Foot = cells(r.Say("portal.together"), total, func(_ directory.Care, n int) templ.Component { return ui.Number(n) })
	}
	return table
}

// mySchools are those within the actor's areas.
func mySchools(r *web.Request) ([]directory.Place, error) {
	return directory.SchoolsWithin(r.Tx, r.Actor.Areas...)
}

func identifiers(mine []directory.Place) []school.ID {
	ids := make([]school.ID, len(mine))
	for i, s := range mine {
		ids[i] = s.ID
	}
	return ids
}
