package register

import (
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// classView is a class as its teachers and its head see it.
type classView struct {
	place.Room
	Teachers []directory.InClass
	Pupils   []directory.InClass
	Animals  map[school.ID]ui.Pictogram
	Marks    map[school.ID]string // that tell homonyms apart
	Kin      map[school.ID]int    // guardians of each pupil
	Desk     bool                 // the visitor has the school's desk
	Codes    bool                 // and hands out codes
}

// class shows the pupils of a class: faces, and a list to print.
func (s *Service) class(r *web.Request) (web.Answer, error) {
	at, err := place.Class(r, viewClass)
	if err != nil {
		return nil, err
	}
	view := classView{Room: at, Kin: map[school.ID]int{}, Desk: r.Holds(viewSchool), Codes: r.Holds(issueCodes)}
	if view.Teachers, err = directory.TeachersIn(r.Tx, at.Class.ID); err != nil {
		return nil, err
	}
	if view.Pupils, err = directory.PupilsIn(r.Tx, at.Class.ID); err != nil {
		return nil, err
	}
	view.Animals, view.Marks = place.Animals(view.Pupils), directory.TellApartByDay(r.Printer, view.Pupils)
	if view.Codes {
		view.Marks = directory.TellApart(r.Printer, view.Pupils)
	}
	kin, err := directory.KinOf(r.Tx, directory.IDs(view.Pupils)...)
	if err != nil {
		return nil, err
	}
	for _, k := range kin {
		view.Kin[k.Pupil]++
	}
	return place.Page(at.School, web.Page{Title: at.Class.Label, Body: classPage(view)}), nil
}
