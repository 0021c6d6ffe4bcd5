package people

import (
	"slices"

	"preau/core/rights"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// schoolView is a school as the visitor may see it.
type schoolView struct {
	directory.Structure
	Team    []directory.Seen // heads first
	Whole   bool             // the team is everybody who works there
	Classes []classTile
	Desk    ui.Link
}

// school shows a school: where it is, who heads it, its classes, its team.
func (s *Service) school(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, seeSchool)
	if err != nil {
		return nil, err
	}
	v := schoolView{Structure: at}
	if v.Team, err = directory.TeamOf(r.Tx, sight(r), at.ID); err != nil {
		return nil, err
	}
	v.Whole = r.Can(seeStaff, rights.Object{School: at.ID}) == nil
	classes, err := directory.ClassesBehindIn(r.Tx, gate(r, seeClass), at.ID)
	if err != nil {
		return nil, err
	}
	classes = slices.DeleteFunc(classes, func(c directory.ClassView) bool { return c.Kind == directory.Group && c.Pupils == 0 }) // nobody is in it yet
	if v.Classes, err = classTiles(r, classes); err != nil {
		return nil, err
	}
	if r.Can(officeDesk, rights.Object{School: at.ID}) == nil {
		v.Desk = ui.Link{Href: "/register/school/" + at.ID.String(), Label: r.Say("people.office-desk"), Icon: ui.IconOffice}
	}
	return place.Page(at, web.Page{Title: at.Name, Body: schoolPage(v)}), nil
}
