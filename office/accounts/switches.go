package accounts

import (
	"slices"
	"time"

	"preau/account"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// whom a switch, or a signing out, may be about; empty is everybody.
var whom = []school.Profile{"", school.Pupil, school.Guardian, school.Teacher}

// everybody is what a form says of all of them.
const everybody = "all"

// switchesView is what is shut in a school, or everywhere.
type switchesView struct {
	At   directory.Structure // the zero one: the whole project
	On   []account.Switch
	Form web.Form
	Now  time.Time
}

// path is the address of the page, or of an act of it.
func (v switchesView) path(act string) string {
	if v.At.ID == 0 {
		return "/accounts" + act
	}
	return schoolPath(v.At.ID) + act
}

// ground reads the school of the path, for its head; without one, an operator
// is in the whole project.
func ground(r *web.Request) (v switchesView, err error) {
	v.Now = r.Tx.Now
	if r.PathValue("school") != "" {
		v.At, err = place.School(r, shutSchool)
	}
	return v, err
}

// switches shows what is shut.
func (s *Service) switches(r *web.Request) (web.Answer, error) {
	v, err := ground(r)
	if err != nil {
		return nil, err
	}
	return s.switchesAnswer(r, v)
}

func (s *Service) switchesAnswer(r *web.Request, v switchesView) (web.Answer, error) {
	var schools []school.ID
	if v.At.ID != 0 {
		schools = append(schools, v.At.ID)
	}
	var err error
	if v.On, err = s.Accounts.Switches(r.Tx, schools...); err != nil {
		return nil, err
	}
	page := web.Page{Title: r.Say("accounts.switches"), Body: switchesPage(v), Status: v.Form.Status()}
	if v.At.ID != 0 {
		page = place.Page(v.At, page)
	}
	return page, nil
}

// switchOn makes the school, or the project, read-only.
func (s *Service) switchOn(r *web.Request) (web.Answer, error) {
	v, err := ground(r)
	if err != nil {
		return nil, err
	}
	on := account.Switch{School: v.At.ID, By: r.Actor.Person}
	if on.Profile, err = whomIn(r); err == nil {
		on.Reason, err = r.Text("reason", 120)
	}
	if err == nil {
		err = s.Accounts.SwitchOn(r.Tx, on, r.ID)
	}
	if form, again := r.Again(err); again {
		v.Form = form
		return s.switchesAnswer(r, v)
	}
	return web.Redirect{To: v.path("/switches"), Notice: "accounts.switched-on"}, err
}

// switchOff opens it again.
func (s *Service) switchOff(r *web.Request) (web.Answer, error) {
	v, err := ground(r)
	if err != nil {
		return nil, err
	}
	profile, err := whomIn(r)
	if err != nil {
		return nil, err
	}
	err = s.Accounts.SwitchOff(r.Tx, account.Switch{School: v.At.ID, Profile: profile, By: r.Actor.Person}, r.ID)
	return web.Redirect{To: v.path("/switches"), Notice: "accounts.switched-off"}, err
}

// signOut closes the sessions of everybody, but the visitor's.
func (s *Service) signOut(r *web.Request) (web.Answer, error) {
	v, err := ground(r)
	if err != nil {
		return nil, err
	}
	profile, err := whomIn(r)
	if err != nil {
		return nil, err
	}
	_, err = s.Accounts.SignEverybodyOut(r.Tx, v.At.ID, profile, r.Actor.Person, r.ID)
	return web.Redirect{To: v.path("/switches"), Notice: "accounts.signed-out"}, err
}

// whomIn reads whom a form is about.
func whomIn(r *web.Request) (school.Profile, error) {
	profile := school.Profile(r.PostFormValue("profile"))
	if profile == everybody {
		profile = ""
	} else if profile == "" || !slices.Contains(whom, profile) {
		return "", fail.New(fail.Invalid, "nobody is %.20q", string(profile)).Say("accounts.switch-whom").At("profile")
	}
	return profile, nil
}
