package people

import (
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
	all, err := directory.FindClasses(r.Tx, gate(r, seeClass), "")
	if err != nil {
		return nil, err
	}
	var classes []directory.ClassView
	for _, class := range all {
		empty := class.Kind == directory.Group && class.Pupils == 0 // nobody is in it yet
		if class.School == at.ID && !empty {
			classes = append(classes, class)
		}
	}
	if v.Classes, err = classTiles(r, classes); err != nil {
		return nil, err
	}
	if r.Can(officeDesk, rights.Object{School: at.ID}) == nil {
		v.Desk = ui.Link{Href: "/register/school/" + at.ID.String(), Label: r.Say("people.office-desk"), Icon: ui.IconOffice}
	}
	return place.Page(at, web.Page{Title: at.Name, Body: schoolPage(v)}), nil
}
