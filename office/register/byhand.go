package register

import (
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// correctPupil changes who a pupil is who came by hand.
func (s *Service) correctPupil(r *web.Request) (web.Answer, error) {
	view, err := decidable(r, keepPupils)
	if err != nil {
		return nil, err
	}
	a, err := arrivalIn(r, view.School)
	if err == nil {
		err = directory.CorrectPupil(r.Tx, view.Pupil.ID, a)
	}
	return s.pupilDone(r, view, actCorrect, "register.corrected", view.Pupil.ID, err)
}

// closePupil ends everything of a pupil who came by hand and has left.
func (s *Service) closePupil(r *web.Request) (web.Answer, error) {
	view, err := decidable(r, keepPupils)
	if err != nil {
		return nil, err
	}
	err = directory.ClosePupil(r.Tx, view.School.ID, view.Pupil.ID)
	return s.pupilDone(r, view, actClose, "register.closed", view.Pupil.ID, err)
}

// reopenPupil gives back what was closed.
func (s *Service) reopenPupil(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, keepPupils)
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("person")
	if err != nil {
		return nil, err
	}
	own, err := directory.SameFamily(r.Tx, r.Actor.Person, id)
	if err == nil && own {
		err = ownFamily(r)
	}
	if err == nil {
		err = directory.ReopenPupil(r.Tx, at.ID, id)
	}
	if err != nil {
		return nil, err
	}
	err = s.journal(r, audit.Entry{Action: actReopen, Kind: "pupil", Object: id, Subject: id, School: at.ID})
	return web.Redirect{To: pupilPath(at.ID, id), Notice: "register.reopened"}, err
}

// closedView is a pupil who came by hand and was closed.
type closedView struct {
	School directory.Structure
	ID     school.ID
	Name   string
	When   db.Time
	Now    time.Time
}

// closed is the page of a pupil who was closed, from which they are reopened.
func closed(r *web.Request, at directory.Structure, pupil school.ID) (web.Answer, error) {
	p, when, err := directory.ClosedPupil(r.Tx, at.ID, pupil)
	if err != nil {
		return nil, err
	}
	view := closedView{at, pupil, directory.Someone{First: p.FirstName, Usual: p.UsualName}.Name(), when, r.Tx.Now}
	return place.Page(at, web.Page{Title: view.Name, Body: closedPage(view)}), nil
}
