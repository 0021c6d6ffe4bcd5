package register

import (
	"slices"
	"strings"
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// replacement is the post that a pass gives.
const replacement = "replacement"

// longestPass is how long somebody replaces a teacher with a pass: beyond, they
// have a post of the school.
const longestPass = 28 * 24 * time.Hour

// maxKnow is how long what is to be known may be: it is read in a minute, at 8:20.
const maxKnow = 600

// passView is the form of a pass, with the passes that run.
type passView struct {
	School  directory.Structure
	Passes  []runningPass
	Ended   []directory.Duty // passes that ended lately
	Classes []directory.ClassView
	Same    []directory.Holder // who may be the one whom the form names
	Doors   bool               // the visitor has the doors of the classes, and their badges
	Form    web.Form
	Now     time.Time
}

// runningPass is somebody who replaces, with the classes that they hold.
type runningPass struct {
	directory.Duty
	Classes []directory.ClassView
	Mine    bool // the visitor's own, which somebody else reprints and ends
}

// askPass is the form of a pass: who, which classes, until when; and who has one.
func (s *Service) askPass(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, appointSchool)
	if err != nil {
		return nil, err
	}
	return passAnswer(r, at, web.Form{})
}

func passAnswer(r *web.Request, at directory.Structure, form web.Form, same ...directory.Holder) (web.Answer, error) {
	v := passView{School: at, Same: same, Doors: r.Holds(openDoors), Form: form, Now: r.Tx.Now}
	var err error
	if v.Classes, err = directory.ClassesOf(r.Tx, at.ID); err != nil {
		return nil, err
	}
	if v.Passes, err = passesOf(r, at, v.Classes); err != nil {
		return nil, err
	}
	ended, err := directory.DutiesEndedAt(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	v.Ended = slices.DeleteFunc(ended, func(d directory.Duty) bool { return !d.Replaces() })
	return place.Page(at, web.Page{Title: r.Say("register.pass"), Body: passPage(v), Status: form.Status()}), nil
}

// passesOf lists who replaces in a school now, by name.
func passesOf(r *web.Request, at directory.Structure, classes []directory.ClassView) ([]runningPass, error) {
	duties, err := directory.DutiesAt(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	teachers, err := directory.TeachersIn(r.Tx, directory.ClassIDs(classes)...)
	if err != nil {
		return nil, err
	}
	var passes []runningPass
	for _, d := range duties {
		if !d.Replaces() {
			continue
		}
		p := runningPass{Duty: d, Mine: d.ID == r.Actor.Person}
		for _, class := range classes {
			if slices.ContainsFunc(teachers, func(t directory.InClass) bool { return t.ID == d.ID && t.Class == class.ID }) {
				p.Classes = append(p.Classes, class)
			}
		}
		passes = append(passes, p)
	}
	return passes, nil
}

// passOfPath reads the pass of the path, which is another's than the visitor.
func passOfPath(r *web.Request) (at directory.Structure, p runningPass, err error) {
	if at, err = place.School(r, appointSchool); err != nil {
		return at, p, err
	}
	id, err := r.PathID("person")
	if err != nil {
		return at, p, err
	}
	classes, err := directory.ClassesOf(r.Tx, at.ID)
	if err != nil {
		return at, p, err
	}
	passes, err := passesOf(r, at, classes)
	if err != nil {
		return at, p, err
	}
	i := slices.IndexFunc(passes, func(p runningPass) bool { return p.ID == id && !p.Mine })
	if i < 0 {
		return at, p, fail.New(fail.NotFound, "%s has no pass of %s that %s keeps", id, at.ID, r.Actor.Person)
	}
	return at, passes[i], nil
}

// reprintPass prints a pass again: with a new code for whoever has not come in, since the
// one of before may be lost.
func (s *Service) reprintPass(r *web.Request) (web.Answer, error) {
	at, p, err := passOfPath(r)
	if err != nil {
		return nil, err
	}
	know, err := knowIn(r)
	if form, again := r.Again(err); again {
		return passAnswer(r, at, form)
	}
	if err != nil {
		return nil, err
	}
	return s.printPass(r, at, directory.Appointment{Person: p.ID, Structure: at.ID, Until: p.Until.Time}, p.Classes, know)
}

// endPass ends a pass before its day, once the visitor has read what ends with it.
func (s *Service) endPass(r *web.Request) (web.Answer, error) {
	at, p, err := passOfPath(r)
	if err != nil {
		return nil, err
	}
	if !r.Confirmed() {
		return place.Page(at, web.Page{Title: r.Say("register.pass-end-title"), Body: ui.Ask(ui.AskView{
			Title: r.Say("register.pass-end-title"), Lead: i18n.Dots(p.Name(), p.labels()),
			Crumb:  crumbs(r.Context(), at, ui.Link{Href: passPath(at), Label: r.Say("register.pass")}),
			What:   []string{r.Say("register.pass-end-what", p.Name()), r.Say("register.pass-end-again")},
			Action: passPath(at) + "/" + p.ID.String() + "/end", Back: passPath(at), Button: r.Say("register.pass-end"), Cancel: r.Say("register.cancel"),
		})}), nil
	}
	return web.Redirect{To: passPath(at), Notice: "register.pass-ended"}, s.endDuty(r, at, p.Duty)
}

// pass appoints somebody who replaces a teacher, gives them the classes, and
// prints what they need to begin: how to come in, and who is in the class. It all
// ends with the day.
func (s *Service) pass(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, appointSchool)
	if err != nil {
		return nil, err
	}
	a, classes, err := passIn(r, at)
	var know string
	if err == nil {
		know, err = knowIn(r)
	}
	var same []directory.Holder
	if err == nil {
		a.Person, same, err = sameIn(r, a)
	}
	until := a.Until // of these classes, and of no other
	if err == nil {
		a.Until, err = longest(r.Tx, a)
	}
	if err == nil {
		a.Person, err = s.Appoint(r.Tx, a, "", s.entry(r, at))
	}
	a.Until = until
	for _, class := range classes {
		if err == nil {
			err = directory.Attach(r.Tx, directory.Attachment{Class: class.ID, Teacher: a.Person, By: r.Actor.Person, Until: until})
		}
	}
	if form, again := r.Again(err); again {
		return passAnswer(r, at, form, same...)
	}
	if err != nil {
		return nil, err
	}
	return s.printPass(r, at, a, classes, know)
}

// longest is when a pass ends, or the one that its person has there already, if that
// ends later: another class does not shorten it.
func longest(tx *db.Tx, a directory.Appointment) (time.Time, error) {
	if a.Person == 0 {
		return a.Until, nil
	}
	duties, err := directory.DutiesOf(tx, a.Person)
	for _, d := range duties {
		if d.Place.ID == a.Structure && d.Code == replacement && d.Until.After(a.Until) {
			a.Until = d.Until.Time
		}
	}
	return a.Until, err
}

// printPass gives the sheets of a pass.
func (s *Service) printPass(r *web.Request, at directory.Structure, a directory.Appointment, classes []directory.ClassView, know string) (web.Answer, error) {
	who, err := directory.Get(r.Tx, a.Person)
	if err != nil {
		return nil, err
	}
	sheet := passSheet{
		School: at, Who: who, Until: a.Until, Address: strings.TrimSuffix(r.Absolute("/"), "/"), Know: know,
		Words: i18n.Printer{Catalogue: r.Printer.Catalogue, Lang: i18n.French}, Made: r.Tx.Now,
	}
	if sheet.Classes, err = handovers(r, who, classes); err != nil {
		return nil, err
	}
	if sheet.Called, err = directory.CalledFor(r.Tx, false, at.ID); err != nil {
		return nil, err
	}
	heads, err := directory.HeadsOf(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	for _, head := range heads {
		sheet.Heads = append(sheet.Heads, head.Formal())
	}
	if sheet.Code, err = s.firstCode(r, a); err != nil {
		return nil, err
	}
	return web.PDF{
		Name: r.Say("register.pass-file", who.Name()), Draw: sheet.draw, Notice: "register.pass-done", Undrawn: "register.pass-undrawn",
	}, nil
}

// firstCode makes the code of whoever has never come in; who has, comes in as they do.
func (s *Service) firstCode(r *web.Request, a directory.Appointment) (account.Code, error) {
	accounts, err := account.Of(r.Tx, a.Person)
	if err != nil {
		return account.Code{}, err
	}
	mine, has := accounts[a.Person]
	if account.StateOf(mine, has) != account.ToActivate {
		return account.Code{}, nil
	}
	if err := MayGiveCode(r, a.Person); err != nil {
		return account.Code{}, err
	}
	by, err := account.ByPost(r.Tx, r.By(), r.Actor.Profile, a.Structure)
	if err != nil {
		return account.Code{}, err
	}
	by.Until = a.Until // which outlives no post of the visitor's
	return s.Accounts.IssueSlip(r.Tx, a.Person, by)
}

// passIn reads the form of a pass, with the classes of the school that it names.
func passIn(r *web.Request, at directory.Structure) (a directory.Appointment, chosen []directory.ClassView, err error) {
	a = directory.Appointment{By: r.Actor.Person, Structure: at.ID, Template: replacement}
	identity, err := identityIn(r)
	if err != nil {
		return a, nil, err
	}
	a.Civility, a.First, a.Usual, a.Mail = identity.Civility, identity.First, identity.Usual, identity.Mail
	classes, err := directory.ClassesOf(r.Tx, at.ID)
	if err != nil {
		return a, nil, err
	}
	for _, class := range classes {
		if slices.Contains(r.PostForm["class"], class.ID.String()) {
			chosen = append(chosen, class)
		}
	}
	if len(chosen) == 0 {
		return a, nil, fail.New(fail.Invalid, "a pass for no class").Say("register.pass-class").At("class")
	}
	if a.Until, err = untilIn(r); err != nil {
		return a, nil, err
	}
	if a.Until.IsZero() {
		a.Until = endOfDay(r.Tx.Now)
	}
	if !a.Until.After(r.Tx.Now) || a.Until.Sub(r.Tx.Now) > longestPass {
		return a, nil, fail.New(fail.Invalid, "a pass until %s", a.Until).Say("register.pass-until").At("until")
	}
	a.Reason, err = r.Text("reason", 120)
	return a, chosen, err
}

// knowIn reads what is to be known today, on ten lines at most: it has a part of a page.
func knowIn(r *web.Request) (string, error) {
	know, err := r.Text("know", maxKnow)
	if know = strings.ReplaceAll(know, "\r\n", "\n"); strings.Count(know, "\n") >= 10 {
		know = strings.Join(strings.Fields(know), " ")
	}
	return know, err
}

// endOfDay is when the day is over.
func endOfDay(now time.Time) time.Time {
	return school.DayOf(now).AddDate(0, 0, 1)
}
