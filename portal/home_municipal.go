package portal

import (
	"github.com/a-h/templ"

	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// municipalView is the schools of a commune, with how many pupils each
// service of the périscolaire has: numbers, and no name.
type municipalView struct {
	Hello string
	Table ui.Table
	Tiles []ui.Tile
}

func (p *Portal) municipalHome(r *web.Request) (templ.Component, error) {
	who, err := directory.Get(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	structures, err := mySchools(r)
	if err != nil {
		return nil, err
	}
	figures, err := directory.SchoolFigures(r.Tx, identifiers(structures)...)
	if err != nil {
		return nil, err
	}
	return municipalHome(municipalView{
		Hello: greeted(r, who), Table: careTable(r, structures, figures), Tiles: p.tiles(r),
	}), nil
}

// careTable has a school a line.
func careTable(r *web.Request, structures []directory.Structure, figures map[school.ID]directory.Figures) ui.Table {
	table := ui.Table{
		Caption: r.Say("portal.care"), CaptionHidden: true,
		Columns: []ui.Column{
			{Label: r.Say("portal.school")}, {Label: r.Say("portal.pupils"), Numeric: true},
			{Label: r.Say("portal.canteen"), Numeric: true}, {Label: r.Say("portal.morning-care"), Numeric: true},
			{Label: r.Say("portal.evening-care"), Numeric: true}, {Label: r.Say("portal.study"), Numeric: true},
		},
		Empty: ui.Empty{Icon: ui.IconSchool, Title: r.Say("portal.no-school"), Text: r.Say("portal.no-school-text")},
	}
	cells := func(name string, f directory.Figures) ui.Row {
		return ui.Row{
			ui.Text(name), ui.Number(f.Pupils), ui.Number(f.Canteen), ui.Number(f.MorningCare), ui.Number(f.EveningCare), ui.Number(f.Study),
		}
	}
	var total directory.Figures
	for _, s := range structures {
		table.Rows = append(table.Rows, cells(s.Name, figures[s.ID]))
		total = total.Plus(figures[s.ID])
	}
	if len(structures) > 1 {
		table.Foot = cells(r.Say("portal.together"), total)
	}
	return table
}

// mySchools are those within the actor's areas.
func mySchools(r *web.Request) ([]directory.Structure, error) {
	return directory.SchoolsWithin(r.Tx, r.Actor.Areas...)
}

func identifiers(structures []directory.Structure) []school.ID {
	ids := make([]school.ID, len(structures))
	for i, s := range structures {
		ids[i] = s.ID
	}
	return ids
}
