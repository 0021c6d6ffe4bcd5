package register

import (
	"slices"
	"time"

	"preau/core/audit"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// feeds is the function of who keeps the register of a school in step, all its
// classes at once.
const feeds rights.Function = "feeds"

// functions are what a head may lend: each a set of rights that rooms lend
// together.
var functions = []rights.Function{"accounts", feeds}

// lentView is what the head of a school has lent, and to whom they may lend.
type lentView struct {
	School  directory.Structure
	Lent    []lentLine
	Staff   []directory.Someone
	Classes []directory.ClassView
	Term    time.Time // when what is lent ends, unless one says otherwise
	Form    web.Form
	Now     time.Time
}

// lentLine is a function that was lent, in words.
type lentLine struct {
	directory.Grant
	Who, Class, Granter string
}

// lent lists, on one page, all that the head of a school has lent.
func (s *Service) lent(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, lend)
	if err != nil {
		return nil, err
	}
	return lentAnswer(r, at, web.Form{})
}

func lentAnswer(r *web.Request, at directory.Structure, form web.Form) (web.Answer, error) {
	v := lentView{School: at, Form: form, Now: r.Tx.Now, Term: school.YearOf(r.Tx.Now).End()}
	var err error
	if v.Classes, err = directory.ClassesOf(r.Tx, at.ID); err != nil {
		return nil, err
	}
	if v.Staff, err = borrowersAt(r, at.ID); err != nil {
		return nil, err
	}
	lent, err := directory.LentAt(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	var people []school.ID
	for _, g := range lent {
		people = append(people, g.Person, g.GrantedBy)
	}
	named, err := directory.SomeByID(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	names := map[school.ID]string{}
	for _, one := range named {
		names[one.ID] = one.Name()
	}
	for _, class := range v.Classes {
		names[class.ID] = class.Label
	}
	for _, g := range lent {
		v.Lent = append(v.Lent, lentLine{g, names[g.Person], names[g.Class], names[g.GrantedBy]})
	}
	return place.Page(at, web.Page{Title: r.Say("register.lent"), Body: lentPage(v), Status: form.Status()}), nil
}

// borrowersAt lists those of a school to whom its head may lend: they work
// there, and do not head it.
func borrowersAt(r *web.Request, at school.ID) (who []directory.Someone, err error) {
	staff, err := directory.StaffOf(r.Tx, at)
	heads := map[school.ID]bool{}
	for _, one := range staff {
		heads[one.ID] = heads[one.ID] || one.Profile == school.Head
	}
	for _, one := range staff {
		known := slices.ContainsFunc(who, func(s directory.Someone) bool { return s.ID == one.ID })
		if !heads[one.ID] && !known && one.ID != r.Actor.Person {
			who = append(who, one.Someone)
		}
	}
	return who, err
}

// lendFunction lends a function of the head's, until a day.
func (s *Service) lendFunction(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, lend)
	if err != nil {
		return nil, err
	}
	g, until, err := lendingIn(r, at.ID)
	if err == nil {
		err = directory.Give(r.Tx, g, until)
	}
	if form, again := r.Again(err); again {
		return lentAnswer(r, at, form)
	}
	if err != nil {
		return nil, err
	}
	e := s.entry(r, at)
	e.Action, e.Subject = "register.lend", g.Person
	e.Detail = audit.Detail{"function": string(g.Function), "class": g.Class.String()}
	return web.Redirect{To: lentPath(at.ID), Notice: "register.lent-done"}, s.Audit.Write(r.Tx, e)
}

// lendingIn reads the form of what is lent.
func lendingIn(r *web.Request, at school.ID) (g directory.Grant, until time.Time, err error) {
	g = directory.Grant{School: at, GrantedBy: r.Actor.Person, Function: rights.Function(r.PostFormValue("function"))}
	if !slices.Contains(functions, g.Function) {
		return g, until, fail.New(fail.Invalid, "%.20q is not lent", string(g.Function)).Say("register.lend-what").At("function")
	}
	who, err := borrowersAt(r, at)
	if err != nil {
		return g, until, err
	}
	g.Person, err = r.FormID("person")
	if err != nil || !slices.ContainsFunc(who, func(s directory.Someone) bool { return s.ID == g.Person }) {
		return g, until, fail.New(fail.Invalid, "nobody of the school is chosen").Say("register.lend-whom").At("person")
	}
	if r.PostFormValue("class") != "" {
		if g.Function == feeds {
			return g, until, fail.New(fail.Invalid, "the feeds of a class").Say("register.lend-whole").At("class")
		}
		if g.Class, err = r.FormID("class"); err != nil {
			return g, until, err
		}
	}
	if g.Reason, err = r.Text("reason", 120); err != nil {
		return g, until, err
	}
	until, err = untilIn(r)
	return g, until, err
}

// recall ends what was lent, now.
func (s *Service) recall(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, lend)
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("grant")
	if err != nil {
		return nil, err
	}
	g, err := directory.TakeBack(r.Tx, at.ID, id)
	if err != nil {
		return nil, err
	}
	e := s.entry(r, at)
	e.Action, e.Subject = "register.recall", g.Person
	return web.Redirect{To: lentPath(at.ID), Notice: "register.recalled"}, s.Audit.Write(r.Tx, e)
}

func lentPath(at school.ID) string { return schoolPath(at) + "/lent" }
