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

// teamView is who works in a structure, by whose will and until when.
type teamView struct {
	At      directory.Structure
	Workers []colleague
	Ended   []directory.Duty // lately, that the visitor may give back
	Offered []directory.Template
	Form    web.Form
	Same    []directory.Holder // who may be the one whom the form names
	Now     time.Time
	Desk    bool
	Roll    bool // the visitor may enter many from a sheet
	Interim bool // the visitor may propose acting heads, and there is no head here
	Lender  bool // the visitor lends functions over its schools
}

// colleague is somebody with all they do in a structure.
type colleague struct {
	directory.Someone
	Duties []directory.Duty
}

// team shows who works in a structure.
func (s *Service) team(r *web.Request) (web.Answer, error) {
	at, may, err := structureOf(r)
	if err != nil {
		return nil, err
	}
	return teamAnswer(r, at, may, web.Form{})
}

func teamAnswer(r *web.Request, at directory.Structure, may gifts, form web.Form, same ...directory.Holder) (web.Answer, error) {
	view := teamView{Same: same, Now: r.Tx.Now, At: at, Offered: offered(at, may), Form: form, Desk: deskOf(r, at), Roll: r.Holds(enterRoll)}
	view.Lender = r.Holds(lend) && slices.Contains(r.Actor.Areas, at.ID)
	duties, err := dutiesSeen(r, at, may)
	if err != nil {
		return nil, err
	}
	if view.Interim = r.Holds(nameInterim); view.Interim && at.Kind == directory.School {
		heads, err := directory.HeadsOf(r.Tx, at.ID)
		if err != nil {
			return nil, err
		}
		view.Interim = !slices.ContainsFunc(heads, func(h directory.SchoolHead) bool { return !h.Acting })
	}
	if view.Ended, err = directory.DutiesEndedAt(r.Tx, at.ID); err != nil {
		return nil, err
	}
	view.Ended = slices.DeleteFunc(view.Ended, func(d directory.Duty) bool { return !may[d.Profile] || d.ID == r.Actor.Person || twice(d) })
	for _, d := range duties {
		if last := len(view.Workers) - 1; last >= 0 && view.Workers[last].ID == d.ID {
			view.Workers[last].Duties = append(view.Workers[last].Duties, d)
			continue
		}
		view.Workers = append(view.Workers, colleague{d.Someone, []directory.Duty{d}})
	}
	return place.Page(at, web.Page{Title: r.Say("register.team"), Body: teamPage(view), Status: form.Status()}), nil
}

// dutiesSeen lists what people do in a structure, as far as the visitor may
// see: a head sees the whole school, others whom they may appoint, and who
// borrows the codes of the agents sees these.
func dutiesSeen(r *web.Request, at directory.Structure, may gifts) ([]directory.Duty, error) {
	duties, err := directory.DutiesAt(r.Tx, at.ID)
	if deskOf(r, at) {
		return duties, err
	}
	codes := r.Actor.Borrows(directory.LentTeamCodes, at.ID)
	return slices.DeleteFunc(duties, func(d directory.Duty) bool { return !may[d.Profile] && !(codes && d.Profile == school.CareAgent) }), err
}

// twice tells whether a post is one that two people give.
func twice(d directory.Duty) bool {
	post, _ := directory.TemplateOf(d.Code)
	return post.Twice
}

// deskOf tells whether the visitor has the desk of the school.
func deskOf(r *web.Request, at directory.Structure) bool {
	return at.Kind == directory.School && r.Holds(viewSchool)
}

// appoint gives somebody a post. Who may give which is in [giving].
func (s *Service) appoint(r *web.Request) (web.Answer, error) {
	at, may, err := structureOf(r)
	if err != nil {
		return nil, err
	}
	if len(offered(at, may)) == 0 {
		return nil, fail.New(fail.NotFound, "%s gives no post in %s", r.Actor.Person, at.ID)
	}
	a, err := appointmentIn(r)
	a.Structure = at.ID
	if post, known := directory.TemplateOf(a.Template); known && err == nil {
		if !may[post.Profile] {
			return nil, fail.New(fail.NotFound, "%s gives no %s in %s", r.Actor.Person, post.Code, at.ID)
		}
	}
	var same []directory.Holder
	if err == nil {
		a.Person, same, err = sameIn(r, a)
	}
	if err == nil {
		a.Person, err = s.Appoint(r.Tx, a, "", s.entry(r, at))
	}
	if form, again := r.Again(err); again {
		return teamAnswer(r, at, may, form, same...)
	}
	return web.Redirect{To: colleaguePath(at.ID, a.Person), Notice: "register.appointed"}, err
}

// giveBack gives again a post that ended lately: until the end of the school
// year, or of what gives the visitor the right to, if that is sooner.
func (s *Service) giveBack(r *web.Request) (web.Answer, error) {
	at, may, err := structureOf(r)
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("person")
	if err != nil {
		return nil, err
	}
	ended, err := directory.DutiesEndedAt(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(ended, func(d directory.Duty) bool {
		return d.ID == id && d.Code == r.PostFormValue("post") && may[d.Profile] && id != r.Actor.Person && !twice(d)
	})
	if i < 0 {
		return nil, fail.New(fail.NotFound, "%s gives nothing back to %s", r.Actor.Person, id)
	}
	until, err := directory.EndOf(r.Tx, r.Actor.Person, r.Actor.Profile, at.ID)
	if err != nil {
		return nil, err
	}
	if until.After(school.YearOf(r.Tx.Now).End()) {
		until = time.Time{}
	}
	back, err := comesBack(r.Tx, id)
	if err != nil {
		return nil, err
	}
	notice := "register.given-back"
	if back {
		notice = "register.appointed"
	}
	_, err = s.Appoint(r.Tx, directory.Appointment{
		Until: until, Person: id, Structure: at.ID, Template: ended[i].Code, Label: ended[i].Label, By: r.Actor.Person, Reason: ended[i].Reason,
	}, "", s.entry(r, at))
	return web.Redirect{To: colleaguePath(at.ID, id), Notice: notice}, err
}

// entry begins the journal of an act in a structure.
func (s *Service) entry(r *web.Request, at directory.Structure) audit.Entry {
	e := audit.Entry{By: r.By(), Kind: "structure", Object: at.ID}
	if at.Kind == directory.School {
		e.School = at.ID
	}
	return e
}

// appointmentIn reads the form of somebody new.
func appointmentIn(r *web.Request) (a directory.Appointment, err error) {
	a.By, a.Template = r.Actor.Person, r.PostFormValue("post")
	identity, err := identityIn(r)
	if err != nil {
		return a, err
	}
	a.Civility, a.First, a.Usual, a.Mail = identity.Civility, identity.First, identity.Usual, identity.Mail
	if a.Label, err = r.Text("label", 80); err != nil {
		return a, err
	}
	if a.Reason, err = r.Text("reason", 120); err != nil {
		return a, err
	}
	a.Until, err = untilIn(r)
	return a, err
}
