package register

import (
	"slices"
	"strings"
	"time"

	"preau/account"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/paper"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// longestPass is how long somebody replaces a teacher with a pass: beyond, they
// have a post of the school.
const longestPass = 28 * 24 * time.Hour

// passView is the form of a pass.
type passView struct {
	School  directory.Structure
	Classes []directory.ClassView
	Same    []directory.Holder // who may be the one whom the form names
	Form    web.Form
	Now     time.Time
}

// askPass is the form of a pass: who, which classes, until when.
func (s *Service) askPass(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, appointSchool)
	if err != nil {
		return nil, err
	}
	return passAnswer(r, at, web.Form{})
}

func passAnswer(r *web.Request, at directory.Structure, form web.Form, same ...directory.Holder) (web.Answer, error) {
	v := passView{School: at, Same: same, Form: form, Now: r.Tx.Now}
	var err error
	if v.Classes, err = directory.ClassesOf(r.Tx, at.ID); err != nil {
		return nil, err
	}
	return place.Page(at, web.Page{Title: r.Say("register.pass"), Body: passPage(v), Status: form.Status()}), nil
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
	var same []directory.Holder
	if err == nil {
		a.Person, same, err = sameIn(r, a)
	}
	if err == nil {
		a.Person, err = s.Appoint(r.Tx, a, "", s.entry(r, at))
	}
	for _, class := range classes {
		if err == nil {
			err = directory.Attach(r.Tx, directory.Attachment{Class: class.ID, Teacher: a.Person, By: r.Actor.Person})
		}
	}
	if form, again := r.Again(err); again {
		return passAnswer(r, at, form, same...)
	}
	if err != nil {
		return nil, err
	}
	who, err := directory.Get(r.Tx, a.Person)
	if err != nil {
		return nil, err
	}
	sheet := passSheet{
		School: at, Who: who, Until: a.Until, Address: r.Absolute("/"),
		Words: i18n.Printer{Catalogue: r.Printer.Catalogue, Lang: i18n.French}, Made: r.Tx.Now,
	}
	if sheet.Classes, err = classLists(r, classes); err != nil {
		return nil, err
	}
	if sheet.Code, err = s.firstCode(r, a); err != nil {
		return nil, err
	}
	return web.PDF{
		Name: r.Say("register.pass-file", who.Name()), Draw: sheet.draw, Notice: "register.pass-done", Undrawn: "register.pass-undrawn",
	}, nil
}

// firstCode makes the code of who has never come in; who has, comes in as they do.
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
	by, err := account.ByPost(r.Tx, r.Actor.Person, r.Actor.Profile, a.Structure)
	if err != nil {
		return account.Code{}, err
	}
	by.Until = a.Until // which outlives no post of the visitor's
	return s.Accounts.IssueSlip(r.Tx, a.Person, by, r.ID)
}

// passIn reads the form of a pass, with the classes of the school that it names.
func passIn(r *web.Request, at directory.Structure) (a directory.Appointment, chosen []directory.ClassView, err error) {
	a = directory.Appointment{By: r.Actor.Person, Structure: at.ID, Template: "replacement"}
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

// endOfDay is when the day is over.
func endOfDay(now time.Time) time.Time {
	year, month, day := now.In(school.Paris).Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, school.Paris)
}

// passSheet is what a replacement holds: the first page is theirs alone, the
// others are the classes.
type passSheet struct {
	School  directory.Structure
	Who     directory.Someone
	Classes []classList
	Code    account.Code // none for who has come in before
	Address string
	Until   time.Time
	Made    time.Time
	Words   i18n.Printer
}

// classList is a class with its pupils.
type classList struct {
	Label  string
	Pupils []directory.InClass
}

// classLists reads the pupils of some classes.
func classLists(r *web.Request, classes []directory.ClassView) ([]classList, error) {
	ids := make([]school.ID, len(classes))
	for i, class := range classes {
		ids[i] = class.ID
	}
	pupils, err := directory.PupilsIn(r.Tx, ids...)
	list := make([]classList, len(classes))
	for i, class := range classes {
		list[i].Label = class.Label
		for _, pupil := range pupils {
			if pupil.Class == class.ID {
				list[i].Pupils = append(list[i].Pupils, pupil)
			}
		}
	}
	return list, err
}

func (p passSheet) say(key string, args ...any) string {
	return p.Words.Say(p.Words.Lang, key, args...)
}

// The columns of a pass, in millimetres.
const (
	passLeft   = 20.0
	passColumn = paper.Width - 2*passLeft
)

func (p passSheet) draw() ([]byte, error) {
	d := paper.New(p.say("register.pass-file", p.Who.Name()), p.Made)
	d.Page()
	y := d.Write(passLeft, 20, passColumn, paper.Strong, paper.Left, p.School.Name)
	y = d.Write(passLeft, y+10, passColumn, paper.Title, paper.Left, p.say("register.pass-title", p.Who.Name()))
	labels := make([]string, len(p.Classes))
	for i, class := range p.Classes {
		labels[i] = class.Label
	}
	last := p.Words.Date(p.Until.Add(-time.Millisecond).In(school.Paris))
	y = d.Write(passLeft, y+4, passColumn, paper.Plain, paper.Left, p.say("register.pass-lead", strings.Join(labels, ", "), last)) + 6
	if p.Code.Text == "" {
		y = d.Write(passLeft, y, passColumn, paper.Plain, paper.Left, p.say("register.pass-known", p.Address)) + 4
	} else {
		y = d.Key(passLeft, y, passColumn, strings.TrimSuffix(p.Address, "/")+p.Code.Link(),
			paper.Fact{Name: p.say("register.pass-address"), Text: strings.TrimSuffix(p.Address, "/") + "/activate"},
			paper.Fact{Name: p.say("register.pass-login"), Text: p.Code.Login.String()}, paper.Fact{Name: p.say("register.pass-code"), Text: p.Code.Text})
	}
	d.Write(passLeft, y, passColumn, paper.Small, paper.Left, p.say("register.pass-keep"))
	for _, class := range p.Classes {
		p.drawClass(d, class)
	}
	return d.Bytes()
}

// drawClass lists the pupils of a class, with room to tick.
func (p passSheet) drawClass(d *paper.Document, class classList) {
	marks := directory.TellApartByDay(p.Words, class.Pupils)
	const line, box = 7.5, 4.5
	y := paper.Height // no page yet
	for _, pupil := range class.Pupils {
		if y+line > paper.Height-paper.Margin {
			d.Page()
			y = d.Write(passLeft, 20, passColumn, paper.Title, paper.Left, class.Label)
			y = d.Write(passLeft, y+2, passColumn, paper.Small, paper.Left, i18n.Dots(p.School.Name, p.say("register.pupils", len(class.Pupils)))) + 4
		}
		d.Write(passLeft, y, 90, paper.Plain, paper.Left, i18n.Dots(pupil.Name(), marks[pupil.ID]))
		d.Write(passLeft+92, y, 15, paper.Small, paper.Left, pupil.Level)
		for i := range 5 {
			d.Box(passLeft+110+float64(i)*12, y, box)
		}
		y += line
	}
}
