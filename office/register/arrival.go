package register

import (
	"errors"
	"slices"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// arrivalView is the form of a pupil whom no delivery has brought yet.
type arrivalView struct {
	School  directory.Structure
	Classes []directory.ClassView
	Was     directory.Arrival // what was written before
	Form    web.Form
}

// arrival is the form of a pupil who arrives.
func (s *Service) arrival(r *web.Request) (web.Answer, error) { return arrivalAnswer(r, web.Form{}) }

func arrivalAnswer(r *web.Request, form web.Form) (web.Answer, error) {
	at, err := schoolOf(r, keepPupils)
	if err != nil {
		return nil, err
	}
	view := arrivalView{School: at, Form: form}
	if view.Classes, err = directory.ClassesOf(r.Tx, at.ID); err != nil {
		return nil, err
	}
	return pageOf(at, web.Page{Title: r.Say("register.arrival"), Body: arrivalPage(view), Status: form.Status()}), nil
}

// arrive records a pupil who arrives, and makes their login.
func (s *Service) arrive(r *web.Request) (web.Answer, error) {
	at, err := schoolOf(r, keepPupils)
	if err != nil {
		return nil, err
	}
	a, err := arrivalIn(r, at)
	var pupil school.ID
	if err == nil {
		pupil, err = directory.AddPupil(r.Tx, a)
	}
	if form, again := r.Again(err); again {
		return arrivalAnswer(r, form)
	}
	if err == nil {
		err = s.welcome(r, pupil, a.Identity)
	}
	if err == nil {
		err = s.journal(r, audit.Entry{Action: "register.arrive", Kind: "pupil", Object: pupil, Subject: pupil, School: at.ID})
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
	if err == nil {
		who.Born, err = r.Text("born", 10)
	}
	return who, err
}

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
	return s.pupilDone(r, view, "register.correct", "register.corrected", view.Pupil.ID, err)
}

// closePupil ends everything of a pupil who came by hand and has left.
func (s *Service) closePupil(r *web.Request) (web.Answer, error) {
	view, err := decidable(r, keepPupils)
	if err != nil {
		return nil, err
	}
	err = directory.ClosePupil(r.Tx, view.School.ID, view.Pupil.ID)
	return s.pupilDone(r, view, "register.close", "register.closed", view.Pupil.ID, err)
}

// reopenPupil gives back what was closed.
func (s *Service) reopenPupil(r *web.Request) (web.Answer, error) {
	at, err := schoolOf(r, keepPupils)
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("person")
	if err != nil {
		return nil, err
	}
	if own, err := directory.SameFamily(r.Tx, r.Actor.Person, id); own || err != nil {
		return nil, errors.Join(err, ownFamily(r))
	}
	if err := directory.ReopenPupil(r.Tx, at.ID, id); err != nil {
		return nil, err
	}
	return s.pupilDone(r, pupilView{School: at, Pupil: directory.InClass{Someone: directory.Someone{ID: id}}}, "register.reopen", "register.reopened", id, nil)
}

// addGuardian makes somebody a guardian of a pupil: whom the school knows, or
// somebody new.
func (s *Service) addGuardian(r *web.Request) (web.Answer, error) {
	view, err := decidable(r, keepPupils)
	if err != nil {
		return nil, err
	}
	t, err := tieIn(r, view)
	known := t.Guardian != 0
	if err == nil {
		t.Guardian, err = directory.AddGuardian(r.Tx, t)
	}
	if err == nil && !known {
		err = s.welcome(r, t.Guardian, t.Identity)
	}
	return s.pupilDone(r, view, "register.tie", "register.tied", t.Guardian, err)
}

// tieIn reads the form of a bond. Nobody makes themself a guardian.
func tieIn(r *web.Request, view pupilView) (t directory.NewBond, err error) {
	t = directory.NewBond{Pupil: view.Pupil.ID, Link: r.PostFormValue("link"), Authority: r.PostFormValue("authority") != ""}
	if !slices.Contains(linkCodes, t.Link) {
		return t, fail.New(fail.Invalid, "the link %.10q", t.Link).Say("register.choose-link").At("link")
	}
	if r.PostFormValue("guardian") == "" {
		if t.Identity, err = identityIn(r); err != nil {
			return t, err
		}
		me, err := directory.Get(r.Tx, r.Actor.Person)
		if err == nil && me.SortKey == directory.SortKey(t.Usual, t.First) {
			err = fail.New(fail.Invalid, "%s adds themself", r.Actor.Person).Say("register.own-family").At("name")
		}
		return t, err
	}
	if t.Guardian, err = r.FormID("guardian"); err != nil {
		return t, err
	}
	kin, err := directory.KinInSchool(r.Tx, view.School.ID)
	if err == nil && (t.Guardian == r.Actor.Person || !slices.ContainsFunc(kin, func(k directory.Kin) bool { return k.ID == t.Guardian })) {
		err = fail.New(fail.NotFound, "%s is no guardian in school %s", t.Guardian, view.School.ID)
	}
	return t, err
}

// untie ends a bond that was made by hand.
func (s *Service) untie(r *web.Request) (web.Answer, error) {
	view, err := decidable(r, keepPupils)
	if err != nil {
		return nil, err
	}
	guardian, err := r.FormID("guardian")
	if err != nil {
		return nil, err
	}
	err = directory.Untie(r.Tx, view.Pupil.ID, guardian)
	return s.pupilDone(r, view, "register.untie", "register.untied", guardian, err)
}

// tieAgain gives back a bond that was ended lately.
func (s *Service) tieAgain(r *web.Request) (web.Answer, error) {
	view, err := decidable(r, keepPupils)
	if err != nil {
		return nil, err
	}
	guardian, err := r.FormID("guardian")
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(view.Untied, func(s directory.Someone) bool { return s.ID == guardian }) || guardian == r.Actor.Person {
		return nil, fail.New(fail.NotFound, "%s was not untied lately", guardian)
	}
	err = directory.TieAgain(r.Tx, view.Pupil.ID, guardian)
	return s.pupilDone(r, view, "register.tie", "register.tied", guardian, err)
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

// closedView is a pupil who came by hand and was closed.
type closedView struct {
	School directory.Structure
	Pupil  directory.Person
	When   db.Time
}

// closed is the page of a pupil who was closed, from which they are reopened.
func closed(r *web.Request, at directory.Structure, pupil school.ID) (web.Answer, error) {
	p, when, err := directory.ClosedPupil(r.Tx, at.ID, pupil)
	if err != nil {
		return nil, err
	}
	name := directory.Someone{First: p.FirstName, Usual: p.UsualName}.Name()
	return pageOf(at, web.Page{Title: name, Body: closedPage(closedView{at, p, when}, name, r.Tx.Now)}), nil
}
