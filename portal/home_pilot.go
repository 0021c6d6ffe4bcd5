package portal

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/a-h/templ"

	"preau/account"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// pilotView is how far Préau is deployed in an area, in figures.
type pilotView struct {
	front
	Tasks   []ui.Task
	Figures []ui.Figure
	Table   ui.Table
	Counted string // when
}

// deployment is the figures of a school, or of schools together.
type deployment struct {
	Name string
	account.Deployment
}

func (d deployment) plus(e deployment) deployment {
	d.Deployment = d.Deployment.Plus(e.Deployment)
	return d
}

// pilotHome is by circonscription, and by school in one circonscription.
func (p *Portal) pilotHome(r *web.Request) (templ.Component, error) {
	mine, err := mySchools(r)
	if err != nil {
		return nil, err
	}
	rows, counted, err := deployments(r, mine)
	if err != nil {
		return nil, err
	}
	bySchool := true
	over, err := directory.Circonscriptions(r.Tx)
	if err != nil {
		return nil, err
	}
	if areas := together(r, mine, rows, over); len(areas) > 1 {
		rows, bySchool = areas, false
	}
	tasks, err := p.awaitsInterim(r)
	if err != nil {
		return nil, err
	}
	f, err := p.front(r)
	if err != nil {
		return nil, err
	}
	v := pilotView{front: f, Table: deploymentTable(r, rows, bySchool),
		Counted: r.Say("portal.counted", i18n.Moment(r.Context(), counted, r.Tx.Now)), Tasks: tasks}
	if len(rows) > 0 {
		v.Figures = deploymentFigures(r, rows)
	}
	return pilotHome(v), nil
}

// deployments gives the figures of each school, in the same order, and when
// they were counted.
func deployments(r *web.Request, mine []directory.Place) ([]deployment, time.Time, error) {
	all, counted, err := account.Deployments(r.Tx, identifiers(mine)...)
	rows := make([]deployment, len(mine))
	for i, s := range mine {
		rows[i] = deployment{s.Name, all[s.ID]}
	}
	return rows, counted, err
}

// together adds the schools of each circonscription up.
func together(r *web.Request, mine []directory.Place, schools []deployment, over map[school.ID]directory.Place) []deployment {
	areas := map[school.ID]deployment{}
	for i, s := range mine {
		circonscription := over[s.ID]
		area := areas[circonscription.ID]
		area.Name = cmp.Or(circonscription.Name, r.Say("portal.no-circonscription"))
		areas[circonscription.ID] = area.plus(schools[i])
	}
	return slices.SortedFunc(maps.Values(areas), func(a, b deployment) int {
		return cmp.Compare(school.Fold(a.Name), school.Fold(b.Name))
	})
}

// sum adds rows up, and tells whether the count of pupils may be told.
func sum(rows []deployment) (total deployment, told bool) {
	pupils := make([]int, len(rows))
	for i, row := range rows {
		total, pupils[i] = total.plus(row), row.Pupils
	}
	return total, tellable(append(pupils, total.Pupils))
}

func deploymentFigures(r *web.Request, rows []deployment) []ui.Figure {
	total, told := sum(rows)
	figures := []ui.Figure{
		{Label: r.Say("portal.schools"), Value: total.Schools},
		{Label: r.Say("portal.classes"), Value: total.Classes},
		{Label: r.Say("portal.attached"), Value: total.Attached, Note: r.Say("portal.of-classes", total.Classes)},
	}
	if told {
		figures = append(figures, ui.Figure{Label: r.Say("portal.pupils"), Value: total.Pupils})
	}
	return figures
}

// deploymentTable has a line for each school, or for each circonscription
// with the number of its schools.
func deploymentTable(r *web.Request, rows []deployment, bySchool bool) ui.Table {
	columns := []ui.Column{
		{Label: r.Say("portal.circonscription")}, {Label: r.Say("portal.schools"), Numeric: true},
		{Label: r.Say("portal.classes"), Numeric: true}, {Label: r.Say("portal.attached"), Numeric: true},
		{Label: r.Say("portal.pupils"), Numeric: true}, {Label: r.Say("portal.activated-accounts"), Numeric: true},
	}
	if bySchool {
		columns = slices.Delete(columns, 1, 2)
		columns[0].Label = r.Say("portal.school")
	}
	table := ui.Table{
		Caption: r.Say("portal.deployment-table"), CaptionHidden: true, Columns: columns,
		Empty: ui.Empty{Icon: ui.IconChart, Title: r.Say("portal.no-school"), Text: r.Say("portal.no-school-text")},
	}
	cells := func(d deployment, pupils templ.Component) ui.Row {
		row := ui.Row{
			ui.Text(d.Name), ui.Number(d.Schools), ui.Number(d.Classes), ui.Number(d.Attached), pupils, d.share(r.Printer),
		}
		if bySchool {
			row = slices.Delete(row, 1, 2)
		}
		return row
	}
	for _, row := range rows {
		table.Rows = append(table.Rows, cells(row, people(row.Pupils)))
	}
	if len(rows) > 1 {
		total, told := sum(rows)
		total.Name = r.Say("portal.together")
		pupils := people(total.Pupils)
		if !told {
			pupils = untold()
		}
		table.Foot = cells(total, pupils)
	}
	return table
}
