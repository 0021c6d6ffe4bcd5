package register

import (
	"time"

	"preau/core/audit"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// pupilView is a pupil as the head of the school sees them: the family, and
// what judges decided about it.
type pupilView struct {
	School    directory.Structure
	Pupil     directory.InClass
	Class     string
	Guardians []directory.Guardian
	Was       directory.Arrival // what was written of whoever came by hand
	Classes   []directory.ClassView
	ByHand    bool                              // no delivery brings the pupil
	Known     []directory.Kin                   // guardians of the school, for whoever may add one
	Others    map[school.ID][]directory.Someone // the other children here of each guardian
	Untied    []directory.Someone               // lately
	// Own tells that the visitor is of the family: others decide for it.
	Own bool
	// Decides tells that the visitor writes what a judge decided, and in which weeks a
	// child is with whom.
	Decides bool
	Custody directory.Custody // the zero one: nothing was entered
	Keeps   bool              // the visitor adds guardians, and corrects who came by hand
	// Form is the one that was sent, and is shown again.
	Form web.Form
	Now  time.Time
}

// pupil shows a pupil of the school.
func (s *Service) pupil(r *web.Request) (web.Answer, error) {
	view, err := pupilOf(r, viewPupil)
	if fail.Is(err, fail.NotFound) && view.Pupil.ID != 0 {
		return closed(r, view.School, view.Pupil.ID)
	}
	if err != nil {
		return nil, err
	}
	return pupilAnswer(r, view)
}

func pupilAnswer(r *web.Request, view pupilView) (web.Answer, error) {
	if view.Keeps = !view.Own && r.Holds(keepPupils); view.Keeps {
		var err error
		if view.Known, err = directory.KinInSchool(r.Tx, view.School.ID); err != nil {
			return nil, err
		}
	}
	if view.Keeps && view.ByHand {
		var err error
		if view.Was, err = directory.ArrivalOf(r.Tx, view.School.ID, view.Pupil.ID); err != nil {
			return nil, err
		}
		if view.Classes, err = directory.ClassesOf(r.Tx, view.School.ID); err != nil {
			return nil, err
		}
	}
	return place.Page(view.School, web.Page{Title: view.Pupil.Name(), Body: pupilPage(view), Status: view.Form.Status()}), nil
}

// pupilOf reads the pupil of the path, for those whose right reaches the
// school.
func pupilOf(r *web.Request, right rights.Right) (view pupilView, err error) {
	view.Now = r.Tx.Now
	if view.School, err = place.School(r, right); err != nil {
		return view, err
	}
	id, err := r.PathID("person")
	if err != nil {
		return view, err
	}
	view.Pupil.ID = id
	pupil, err := directory.PupilIn(r.Tx, view.School.ID, id)
	if err != nil {
		return view, err
	}
	view.Pupil = pupil
	if view.ByHand, err = directory.ByHand(r.Tx, id); err != nil {
		return view, err
	}
	classes, err := directory.ClassesByID(r.Tx, view.Pupil.Class)
	if err != nil {
		return view, err
	}
	for _, class := range classes {
		view.Class = class.Label
	}
	if view.Others, err = directory.OthersOf(r.Tx, view.School.ID, id); err != nil {
		return view, err
	}
	if view.Untied, err = directory.UntiedOf(r.Tx, id); err != nil {
		return view, err
	}
	if view.Own, err = directory.SameFamily(r.Tx, r.Actor.Person, id); err != nil {
		return view, err
	}
	view.Decides = !view.Own && r.Holds(restrictBond)
	entered, err := directory.Custodies(r.Tx, id)
	if err != nil {
		return view, err
	}
	view.Custody = entered[id]
	view.Guardians, err = directory.GuardiansOf(r.Tx, id)
	return view, err
}

// pupilDone journals an act and leads back to the pupil, or shows the form
// again.
func (s *Service) pupilDone(r *web.Request, view pupilView, action audit.Action, notice string, subject school.ID, err error) (web.Answer, error) {
	if form, again := r.Again(err); again {
		view.Form = form
		return pupilAnswer(r, view)
	}
	if err == nil {
		err = s.journal(r, audit.Entry{Action: action, Kind: "pupil", Object: view.Pupil.ID, Subject: subject, School: view.School.ID})
	}
	return web.Redirect{To: pupilPath(view.School.ID, view.Pupil.ID), Notice: notice}, err
}
