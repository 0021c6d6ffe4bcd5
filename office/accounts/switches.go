package accounts

import (
	"slices"
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
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
	At      directory.Structure // the zero one: the whole project
	On      []lasting           // by which nothing is written
	Stopped []lasting           // services
	Stops   []account.Switch    // that may be put on services
	Rules   []ui.Link           // to what governs these
	Form    web.Form
	Now     time.Time
}

// lasting is a switch that is on, and who put it on.
type lasting struct {
	account.Switch
	Who string
}

// path is the address of an act of the page.
func (v switchesView) path(act string) string {
	if v.At.ID == 0 {
		return "/accounts" + act
	}
	return schoolPath(v.At.ID) + act
}

// switchesPath is the page of a school, or of the whole project (0).
func switchesPath(at school.ID) string {
	return switchesView{At: directory.Structure{ID: at}}.path("/switches")
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
	on, err := urgent(r.Tx, v.At.ID)
	if err != nil {
		return nil, err
	}
	by := make([]school.ID, len(on))
	for i, one := range on {
		by[i] = one.By
	}
	names, err := namesOf(r, by)
	if err != nil {
		return nil, err
	}
	for _, one := range on {
		to := &v.On
		if one.Service != "" {
			to = &v.Stopped
		}
		*to = append(*to, lasting{one, names.of(r, one.By)})
	}
	v.Stops = s.stops(v.At.ID)
	for _, one := range s.Stops {
		if one.Rules != "" {
			v.Rules = append(v.Rules, ui.Link{Href: one.Rules, Label: r.Say("accounts.stop-rules", r.Say(one.Title))})
		}
	}
	return v.answer(web.Page{Title: r.Say("accounts.switches"), Body: switchesPage(v), Status: v.Form.Status()}), nil
}

// urgent lists the switches that were put on in an emergency.
func urgent(tx *db.Tx, schools ...school.ID) ([]account.Switch, error) {
	on, err := account.Switches(tx, schools...)
	return slices.DeleteFunc(on, func(s account.Switch) bool { return s.Chosen }), err
}

// answer is a page of the school, or of the whole project.
func (v switchesView) answer(page web.Page) web.Answer {
	if v.At.ID == 0 {
		return page
	}
	return place.Page(v.At, page)
}

// awaitsSwitches are the switches that the visitor may take off, for their home
// page: nothing else says to them that they are on.
func (s *Service) awaitsSwitches(r *web.Request) (tasks []ui.Task, err error) {
	mine := r.Actor.Schools
	switch {
	case r.Can(shutProject, rights.Whole) == nil:
		mine = []school.ID{0}
	case !r.Holds(shutSchool):
		return nil, nil
	}
	on, err := urgent(r.Tx, mine...)
	if err != nil {
		return nil, err
	}
	for _, one := range on {
		if !slices.Contains(mine, one.School) {
			continue
		}
		since, title := r.Printer.Moment(one.At, r.Tx.Now), ""
		if one.Service == "" {
			title = r.Say("accounts.switch-task", since)
		} else {
			title = r.Say("accounts.stop-task", r.Say(one.Service+".title"), since)
		}
		tasks = append(tasks, ui.Task{
			Href: switchesPath(one.School), Icon: ui.IconStop, Title: title, Text: i18n.Dots(r.Say(account.WhomKey(one.Profile)), one.Reason),
		})
	}
	return tasks, nil
}

// switchOn makes the school, or the project, read-only.
func (s *Service) switchOn(r *web.Request) (web.Answer, error) {
	v, err := ground(r)
	if err != nil {
		return nil, err
	}
	on := account.Switch{School: v.At.ID}
	if on.Profile, err = whomIn(r); err == nil {
		on.Reason, err = r.Text("reason", 120)
	}
	if err == nil {
		err = s.Accounts.SwitchOn(r.Tx, on, r.By())
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
	err = s.Accounts.SwitchOff(r.Tx, account.Switch{School: v.At.ID, Profile: profile}, r.By())
	return web.Redirect{To: v.path("/switches"), Notice: "accounts.switched-off"}, err
}

// signOut closes the sessions of everybody, but the visitor's, once they have read
// how many people that is.
func (s *Service) signOut(r *web.Request) (web.Answer, error) {
	v, err := ground(r)
	if err != nil {
		return nil, err
	}
	profile, err := whomIn(r)
	if err != nil {
		return nil, err
	}
	people, err := account.CountSignedIn(r.Tx, v.At.ID, profile, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	if people == 0 {
		return web.Redirect{To: v.path("/switches"), Notice: "accounts.nobody-in"}, nil
	}
	if !r.Confirmed() {
		return v.answer(web.Page{Title: r.Say("accounts.sign-out"), Body: ui.Ask(ui.AskView{
			Title: r.Say("accounts.sign-out-confirm", people), Lead: i18n.Dots(v.At.Name, r.Say(account.WhomKey(profile))),
			Crumb: crumbs(r.Context(), ui.Link{Href: v.path("/switches"), Label: r.Say("accounts.switches")}),
			What:  []string{r.Say("accounts.sign-out-text")}, Action: v.path("/sign-out"), Back: v.path("/switches"),
			Button: r.Say("accounts.sign-out-button", people), Icon: ui.IconLogOut, Cancel: r.Say("accounts.cancel"),
			Fields: []ui.Hidden{{Name: "profile", Value: told(profile)}},
		})}), nil
	}
	err = s.Accounts.SignEverybodyOut(r.Tx, v.At.ID, profile, r.By())
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
