package register

import (
	"preau/account"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
)

// deskView is what waits for a head in one school.
type deskView struct {
	School      directory.Structure
	Figures     directory.Figures
	Classes     []directory.ClassView
	Troubles    int // that the school mends
	Holds       []feed.Waiting
	Duplicates  int // likely ones
	Activations map[account.Side]account.Activation
}

// desk is a school seen by its head: what waits, then its classes.
func (s *Service) desk(r *web.Request) (web.Answer, error) {
	at, err := schoolOf(r, viewSchool)
	if err != nil {
		return nil, err
	}
	view := deskView{School: at}
	if view.Classes, err = directory.ClassesOf(r.Tx, at.ID); err != nil {
		return nil, err
	}
	figures, err := directory.SchoolFigures(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	view.Figures = figures[at.ID]
	if view.Holds, err = feed.HoldsWaiting(r.Tx, []school.ID{at.ID}); err != nil {
		return nil, err
	}
	if view.Duplicates, err = countDuplicates(r, at); err != nil {
		return nil, err
	}
	activations, err := account.Activations(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	view.Activations = activations[at.ID]
	_, lines, err := feed.SchoolReport(r.Tx, at.ID, at.Source)
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		if l.BySchool() {
			view.Troubles += l.Count
		}
	}
	return pageOf(at, web.Page{Title: at.Name, Body: deskPage(view)}), nil
}
