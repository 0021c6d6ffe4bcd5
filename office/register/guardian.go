package register

import (
	"slices"

	"preau/core/fail"
	"preau/core/web"
	"preau/directory"
)

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
	return s.pupilDone(r, view, actTie, "register.tied", t.Guardian, err)
}

// tieIn reads the form of a bond. Nobody makes themself a guardian.
func tieIn(r *web.Request, view pupilView) (t directory.NewBond, err error) {
	t = directory.NewBond{Pupil: view.Pupil.ID, Link: r.PostFormValue("link"), Authority: r.PostFormValue("authority") != ""}
	if !slices.Contains(directory.LinkCodes, t.Link) {
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
	if r.PostFormValue("name") != "" || r.PostFormValue("first") != "" {
		return t, fail.New(fail.Invalid, "a guardian is chosen, and another is written").Say("register.one-guardian").At("guardian")
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
	return s.pupilDone(r, view, actUntie, "register.untied", guardian, err)
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
	return s.pupilDone(r, view, actTie, "register.tied", guardian, err)
}
