package register

import (
	"slices"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// colleagueView is somebody who works in a structure: what they do there, by
// whose will, and what they were given.
type colleagueView struct {
	At      directory.Structure
	Who     directory.Person
	Duties  []directory.Duty
	Mine    map[string]bool // codes of the posts that the visitor may end
	ByHand  bool            // no source tells of them
	Grants  []grantLine
	Classes []directory.ClassView // that may be given; none unless the visitor may
	Pupils  []directory.InClass
	Term    time.Time // when what is given ends, unless one says otherwise
	State   account.State
	Code    string // address of the code; empty when the visitor may not give one
	Desk    bool
	Form    web.Form
	Now     time.Time
}

// grantLine is a grant in words.
type grantLine struct {
	directory.Grant
	To      string // the class, or the pupil
	Granter string
}

// colleague shows somebody who works in a structure.
func (s *Service) colleague(r *web.Request) (web.Answer, error) {
	view, err := s.colleagueOf(r)
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.Look(r, view.Who.ID, s.entry(r, view.At).School); err != nil {
		return nil, err
	}
	return colleagueAnswer(view), nil
}

func colleagueAnswer(view colleagueView) web.Page {
	return place.Page(view.At, web.Page{Title: view.name(), Body: colleaguePage(view), Status: view.Form.Status()})
}

// colleagueOf reads the structure and the person of the path.
func (s *Service) colleagueOf(r *web.Request) (view colleagueView, err error) {
	at, may, err := structureOf(r)
	if err != nil {
		return view, err
	}
	id, err := r.PathID("person")
	if err != nil {
		return view, err
	}
	view = colleagueView{At: at, Desk: deskOf(r, at), Now: r.Tx.Now, Mine: map[string]bool{}}
	all, err := dutiesSeen(r, at, may)
	if err != nil {
		return view, err
	}
	for _, d := range all {
		if d.ID == id {
			view.Duties = append(view.Duties, d)
			view.Mine[d.Code] = d.ByHand && id != r.Actor.Person && may[d.Profile] && !twice(d)
		}
	}
	if len(view.Duties) == 0 {
		return view, fail.New(fail.NotFound, "%s does not work in %s", id, at.ID)
	}
	if view.Who, err = directory.Persons.One(r.Tx, "id = $1", id); err != nil {
		return view, err
	}
	if view.ByHand, err = directory.ByHand(r.Tx, id); err != nil {
		return view, err
	}
	if err := s.account(r, &view); err != nil {
		return view, err
	}
	return view, grants(r, &view)
}

// account tells how the person's account stands, and whether the visitor may
// give its code.
func (s *Service) account(r *web.Request, view *colleagueView) error {
	accounts, err := account.Of(r.Tx, view.Who.ID)
	if err != nil {
		return err
	}
	a, has := accounts[view.Who.ID]
	view.State = account.StateOf(a, has)
	if view.State != account.ToActivate && view.State != account.Active {
		return nil
	}
	err = MayGiveCode(r, view.Who.ID)
	if fail.Is(err, fail.Forbidden) {
		return nil
	}
	view.Code = "/accounts/structure/" + view.At.ID.String() + "/person/" + view.Who.ID.String() + "/code"
	return err
}

// grants reads what a member of a school's staff was given and, for whoever may
// give more, what there is to give.
func grants(r *web.Request, view *colleagueView) error {
	staff := slices.ContainsFunc(view.Duties, func(d directory.Duty) bool { return d.Profile == school.Staff })
	if view.At.Kind != directory.School || !staff || !r.Holds(grant) {
		return nil
	}
	held, err := directory.GrantsOf(r.Tx, view.Who.ID)
	if err != nil {
		return err
	}
	if view.Term, _, err = directory.GrantTerm(r.Tx, view.At.ID, view.Who.ID); err != nil {
		return err
	}
	if view.Term, err = withinOwn(r, view.At, view.Term); err != nil {
		return err
	}
	if view.Classes, err = directory.ClassesOf(r.Tx, view.At.ID); err != nil {
		return err
	}
	ids := make([]school.ID, len(view.Classes))
	names := map[school.ID]string{}
	for i, class := range view.Classes {
		ids[i], names[class.ID] = class.ID, class.Label
	}
	if view.Pupils, err = directory.PupilsIn(r.Tx, ids...); err != nil {
		return err
	}
	for _, pupil := range view.Pupils {
		names[pupil.ID] = i18n.Dots(pupil.Name(), names[pupil.Class])
	}
	var granters []school.ID
	for _, g := range held {
		granters = append(granters, g.GrantedBy)
	}
	people, err := directory.SomeByID(r.Tx, granters...)
	if err != nil {
		return err
	}
	for _, p := range people {
		names[p.ID] = p.Name()
	}
	for _, g := range held {
		if g.School == view.At.ID {
			view.Grants = append(view.Grants, grantLine{g, names[max(g.Class, g.Pupil)], names[g.GrantedBy]})
		}
	}
	return nil
}

// extend gives a post that somebody holds until another day.
func (s *Service) extend(r *web.Request) (web.Answer, error) {
	view, duty, err := s.dutyOf(r)
	if err != nil {
		return nil, err
	}
	a := directory.Appointment{
		Person: view.Who.ID, Structure: view.At.ID, Template: duty.Code, Label: duty.Label, By: r.Actor.Person, Reason: duty.Reason,
	}
	a.Until, err = untilIn(r)
	if err == nil {
		_, err = s.Appoint(r.Tx, a, "", s.entry(r, view.At))
	}
	if err == nil {
		err = directory.KeepAttached(r.Tx, view.At.ID, view.Who.ID)
	}
	return s.colleagueDone(r, view, "register.term-saved", err)
}

// dismiss ends a post.
func (s *Service) dismiss(r *web.Request) (web.Answer, error) {
	view, duty, err := s.dutyOf(r)
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: teamPath(view.At.ID), Notice: "register.dismissed"}, s.endDuty(r, view.At, duty)
}

// endDuty ends what somebody was appointed to, with what they handed out in it.
func (s *Service) endDuty(r *web.Request, at directory.Structure, duty directory.Duty) error {
	if err := directory.Dismiss(r.Tx, duty.ID, at.ID, duty.Code); err != nil {
		return err
	}
	if err := s.Accounts.EndPost(r.Tx, at.ID, duty.ID, r.By()); err != nil {
		return err
	}
	e := s.entry(r, at)
	e.Action, e.Subject, e.Detail = account.ActDismiss, duty.ID, audit.Detail{"post": duty.Code}
	return s.Audit.Write(r.Tx, e)
}

// dutyOf reads the post that the form names, which the visitor may end.
func (s *Service) dutyOf(r *web.Request) (view colleagueView, duty directory.Duty, err error) {
	if view, err = s.colleagueOf(r); err != nil {
		return view, duty, err
	}
	code := r.PostFormValue("post")
	for _, d := range view.Duties {
		if d.Code == code && view.Mine[code] {
			return view, d, nil
		}
	}
	return view, duty, fail.New(fail.NotFound, "%s gives no post %.20q to %s", r.Actor.Person, code, view.Who.ID)
}

// grant gives a class to help in, or a pupil to follow.
func (s *Service) grant(r *web.Request) (web.Answer, error) {
	view, err := s.colleagueOf(r)
	if err != nil {
		return nil, err
	}
	if err := r.Can(grant, rights.Object{School: view.At.ID}); err != nil {
		return nil, err
	}
	g := directory.Grant{Person: view.Who.ID, School: view.At.ID, GrantedBy: r.Actor.Person}
	to, err := r.FormID("to")
	if err != nil {
		err = fail.New(fail.Invalid, "nothing is given").Say("register.choose-grant").At("to")
	}
	if slices.ContainsFunc(view.Classes, func(c directory.ClassView) bool { return c.ID == to }) {
		g.Class = to
	} else {
		g.Pupil = to
	}
	if err == nil {
		g.Reason, err = r.Text("reason", 120)
	}
	var until time.Time
	if err == nil {
		until, err = untilIn(r)
	}
	if err == nil {
		g, err = directory.Lend(r.Tx, g, r.Actor.Profile, until)
	}
	if err == nil {
		e := s.entry(r, view.At)
		e.Action, e.Kind, e.Object, e.Subject = account.ActEntrust, "class", max(g.Class, g.Pupil), g.Person
		if g.Pupil != 0 {
			e.Kind = "pupil"
		}
		e.Detail = audit.Detail{}
		account.UntilDay(e.Detail, g.Until.Time)
		err = s.Audit.Write(r.Tx, e)
	}
	notice := "register.granted"
	if g.Class != 0 {
		notice = "register.granted-class"
	}
	return s.colleagueDone(r, view, notice, err)
}

// takeBack ends what somebody was given.
func (s *Service) takeBack(r *web.Request) (web.Answer, error) {
	view, err := s.colleagueOf(r)
	if err != nil {
		return nil, err
	}
	id, err := r.FormID("grant")
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(view.Grants, func(l grantLine) bool { return l.ID == id }) {
		return nil, fail.New(fail.NotFound, "%s was not given %s", view.Who.ID, id)
	}
	g, err := directory.TakeBack(r.Tx, view.At.ID, id)
	if err != nil {
		return nil, err
	}
	e := s.entry(r, view.At)
	e.Action, e.Kind, e.Object, e.Subject = account.ActTakeBack, "grant", id, g.Person
	return web.Redirect{To: colleaguePath(view.At.ID, view.Who.ID), Notice: "register.taken-back"}, s.Audit.Write(r.Tx, e)
}

// correct changes who somebody is whom no source tells of.
func (s *Service) correct(r *web.Request) (web.Answer, error) {
	view, err := s.colleagueOf(r)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(view.Duties, func(d directory.Duty) bool { return view.Mine[d.Code] }) {
		return nil, fail.New(fail.NotFound, "%s appoints nobody like %s", r.Actor.Person, view.Who.ID)
	}
	if err := answersFor(r, view.Who.ID); err != nil {
		return nil, err
	}
	identity, err := identityIn(r)
	if err == nil {
		err = directory.Correct(r.Tx, view.Who.ID, identity)
	}
	if err == nil {
		e := s.entry(r, view.At)
		e.Action, e.Subject = actCorrect, view.Who.ID
		err = s.Audit.Write(r.Tx, e)
	}
	return s.colleagueDone(r, view, "register.corrected", err)
}

// colleagueDone leads back to the person, or shows the form again.
func (s *Service) colleagueDone(r *web.Request, view colleagueView, notice string, err error) (web.Answer, error) {
	if form, again := r.Again(err); again {
		view.Form = form
		return colleagueAnswer(view), nil
	}
	return web.Redirect{To: colleaguePath(view.At.ID, view.Who.ID), Notice: notice}, err
}

// Colleague reads the structure and the person of the path: somebody who works
// there, and whom the visitor may appoint.
func (s *Service) Colleague(r *web.Request) (directory.Structure, directory.Someone, error) {
	view, err := s.colleagueOf(r)
	if err != nil {
		return directory.Structure{}, directory.Someone{}, err
	}
	return view.At, view.Duties[0].Someone, nil
}
