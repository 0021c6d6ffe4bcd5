package register

import (
	"slices"
	"time"

	"preau/core/audit"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// arrivalView is the form of a pupil whom no delivery has brought yet.
type arrivalView struct {
	School  directory.Structure
	Classes []directory.ClassView
	Was     directory.Arrival // what was written before
	Closed  []directory.Someone
	Form    web.Form
}

// arrival is the form of a pupil who arrives.
func (s *Service) arrival(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, keepPupils)
	if err != nil {
		return nil, err
	}
	return arrivalAnswer(r, at, web.Form{})
}

func arrivalAnswer(r *web.Request, at directory.Structure, form web.Form) (web.Answer, error) {
	view := arrivalView{School: at, Form: form}
	var err error
	if view.Classes, err = directory.ClassesOf(r.Tx, at.ID); err != nil {
		return nil, err
	}
	if view.Closed, err = directory.ClosedIn(r.Tx, at.ID); err != nil {
		return nil, err
	}
	return place.Page(at, web.Page{Title: r.Say("register.arrival"), Body: arrivalPage(view), Status: form.Status()}), nil
}

// arrive records a pupil who arrives, and makes their login.
func (s *Service) arrive(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, keepPupils)
	if err != nil {
		return nil, err
	}
	a, err := arrivalIn(r, at)
	var pupil school.ID
	if err == nil {
		pupil, err = directory.AddPupil(r.Tx, a)
	}
	if form, again := r.Again(err); again {
		return arrivalAnswer(r, at, form)
	}
	if err == nil {
		err = s.welcome(r, pupil, a.Identity)
	}
	if err == nil {
		err = s.journal(r, audit.Entry{Action: actArrive, Kind: "pupil", Object: pupil, Subject: pupil, School: at.ID})
	}
	return web.Redirect{To: pupilPath(at.ID, pupil), Notice: "register.arrived"}, err
}

// arrivalIn reads what is written of a pupil.
func arrivalIn(r *web.Request, at directory.Structure) (a directory.Arrival, err error) {
	a.School = at.ID
	if a.Identity, err = childIn(r); err != nil {
		return a, err
	}
	if a.Class, err = r.FormID("class"); err != nil {
		return a, fail.New(fail.Invalid, "no class is chosen").Say("register.choose-class").At("class")
	}
	levels := levelsOf(at)
	i := slices.IndexFunc(levels, func(l school.Level) bool { return l.Code == r.PostFormValue("level") })
	if i < 0 {
		return a, fail.New(fail.Invalid, "no level is chosen").Say("register.choose-level").At("level")
	}
	a.Level = levels[i]
	for _, care := range r.PostForm["care"] {
		a.Cares = append(a.Cares, directory.Care(care))
	}
	return a, nil
}

// levelsOf are those that a school teaches.
func levelsOf(at directory.Structure) []school.Level {
	return slices.DeleteFunc(slices.Clone(school.Levels), func(l school.Level) bool {
		return at.Stage == directory.Maternelle && l.Cycle() != 1 || at.Stage == directory.Elementaire && l.Cycle() == 1
	})
}

// welcome makes the login of somebody new.
func (s *Service) welcome(r *web.Request, person school.ID, who directory.Identity) error {
	_, err := s.Accounts.Welcome(r.Tx, directory.Newcomer{Person: person, First: who.First, Usual: who.Usual})
	return err
}

// childIn reads who a pupil is.
func childIn(r *web.Request) (directory.Identity, error) {
	who, err := identityIn(r)
	if err == nil && who.Civility == "" {
		err = fail.New(fail.Invalid, "neither girl nor boy").Say("register.choose-child").At("civility")
	}
	if err != nil {
		return who, err
	}
	born, err := r.Day("born")
	if err == nil && !born.IsZero() {
		who.Born = born.Format(time.DateOnly)
	}
	return who, err
}
