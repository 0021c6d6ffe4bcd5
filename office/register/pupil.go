package register

import (
	"net/http"
	"slices"
	"time"

	"preau/core/rights"
	"preau/core/web"
	"preau/directory"
)

// pupilView is a pupil as the head of the school sees them: the family, and
// what judges decided about it.
type pupilView struct {
	School    directory.Structure
	Pupil     directory.InClass
	Class     string
	Guardians []directory.Guardian
	// Own tells that the visitor is of the family: others decide for it.
	Own  bool
	Form restrictForm
	Now  time.Time
}

// pupil shows a pupil of the school.
func (s *Service) pupil(r *web.Request) (web.Answer, error) {
	view, err := pupilOf(r, viewPupil)
	if err != nil {
		return nil, err
	}
	return pupilAnswer(view), nil
}

func pupilAnswer(view pupilView) web.Page {
	page := pageOf(view.School, web.Page{Title: view.Pupil.Name(), Body: pupilPage(view)})
	if len(view.Form.Wrong) > 0 {
		page.Status = http.StatusUnprocessableEntity
	}
	return page
}

// pupilOf reads the pupil of the path, for those whose right reaches the
// school.
func pupilOf(r *web.Request, right rights.Right) (view pupilView, err error) {
	view.Now = r.Tx.Now
	if view.School, err = schoolOf(r, right); err != nil {
		return view, err
	}
	id, err := r.PathID("person")
	if err != nil {
		return view, err
	}
	if view.Pupil, err = directory.PupilIn(r.Tx, view.School.ID, id); err != nil {
		return view, err
	}
	classes, err := directory.ClassesByID(r.Tx, view.Pupil.Class)
	if err != nil {
		return view, err
	}
	for _, class := range classes {
		view.Class = class.Label
	}
	view.Guardians, err = directory.GuardiansOf(r.Tx, id)
	view.Own = slices.ContainsFunc(view.Guardians, func(g directory.Guardian) bool { return g.ID == r.Actor.Person })
	return view, err
}
