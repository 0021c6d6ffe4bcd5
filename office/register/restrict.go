package register

import (
	"slices"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// The effects of a restriction, as the form sends them, from the heaviest.
var effects = [...]struct {
	name string
	of   func(*directory.Restriction) *bool
}{
	{"no-access", func(r *directory.Restriction) *bool { return &r.NoAccess }},
	{"hide-place", func(r *directory.Restriction) *bool { return &r.HidePlace }},
	{"informed-only", func(r *directory.Restriction) *bool { return &r.InformedOnly }},
	{"may-not-sign", func(r *directory.Restriction) *bool { return &r.MayNotSign }},
}

// restrict records what a judge decided about a bond.
func (s *Service) restrict(r *web.Request) (web.Answer, error) {
	view, err := decidable(r, restrictBond)
	if err != nil {
		return nil, err
	}
	restriction, err := restrictionIn(r, view.Pupil.ID)
	var recorded []directory.Restriction
	if err == nil {
		recorded, err = directory.Restrict(r.Tx, restriction)
	}
	if form, again := r.Again(err); again {
		view.Form = form
		return pupilAnswer(r, view)
	}
	if err != nil {
		return nil, err
	}
	for _, one := range recorded {
		if err := s.journalRestriction(r, actRestrict, view.School.ID, one); err != nil {
			return nil, err
		}
	}
	renewed := false
	for _, one := range recorded {
		if !one.NoAccess && !one.HidePlace {
			continue
		}
		did, err := s.renewChild(r, one.Pupil) // a parent may know the child's password, or have the slip
		if err != nil {
			return nil, err
		}
		renewed = renewed || did
	}
	return web.Redirect{To: pupilPath(view.School.ID, view.Pupil.ID), Notice: noticeOf(recorded, renewed, r.Tx.Now)}, nil
}

// renewChild ends the password and the code of a pupil, and tells whether they
// had a password.
func (s *Service) renewChild(r *web.Request, pupil school.ID) (bool, error) {
	accounts, err := account.Of(r.Tx, pupil)
	if err != nil {
		return false, err
	}
	return !accounts[pupil].Activated.IsZero(), s.Accounts.Renew(r.Tx, pupil, r.By())
}

// noticeOf says what a restriction does at once, whether the child needs a new
// code, and whether another record of the family is struck too.
func noticeOf(recorded []directory.Restriction, renewed bool, now time.Time) string {
	switch {
	case recorded[0].From.After(now):
		return "register.restricted-later"
	case renewed:
		return "register.restricted-child"
	case len(recorded) > 1:
		return "register.restricted-also"
	}
	return "register.restricted"
}

// journalRestriction journals an act on a restriction: which, whose, and what
// it does.
func (s *Service) journalRestriction(r *web.Request, action audit.Action, at school.ID, of directory.Restriction) error {
	detail := audit.Detail{"restriction": of.ID.String()}
	for _, effect := range effects {
		if *effect.of(&of) {
			detail[effect.name] = "yes"
		}
	}
	return s.journal(r, audit.Entry{
		Action: action, Kind: "pupil", Object: of.Pupil, Subject: of.Guardian, School: at, Detail: detail,
	})
}

// lift ends a restriction.
func (s *Service) lift(r *web.Request) (web.Answer, error) {
	return s.turn(r, directory.Lift, actLift, "register.lifted")
}

// resume puts back a restriction that was ended lately.
func (s *Service) resume(r *web.Request) (web.Answer, error) {
	return s.turn(r, directory.Resume, actResume, "register.restricted")
}

// confirm says that a restriction which was carried over is the pupil's.
func (s *Service) confirm(r *web.Request) (web.Answer, error) {
	return s.turn(r, directory.Confirm, actConfirm, "register.confirmed")
}

// carriedView is the pupils to whom a decision was carried over.
type carriedView struct {
	School directory.Structure
	Pupils []directory.Someone
}

// carried lists the pupils to whom a decision was carried over, until somebody
// confirms or ends it.
func (s *Service) carried(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, restrictBond)
	if err != nil {
		return nil, err
	}
	view := carriedView{School: at}
	if view.Pupils, err = directory.CarriedIn(r.Tx, at.ID); err != nil {
		return nil, err
	}
	return place.Page(at, web.Page{Title: r.Say("register.to-confirm"), Body: carriedPage(view)}), nil
}

// turn changes a restriction of the pupil of the path.
func (s *Service) turn(r *web.Request, act func(tx *db.Tx, pupil, restriction school.ID) (directory.Restriction, error), action audit.Action, notice string) (web.Answer, error) {
	view, err := decidable(r, restrictBond)
	if err != nil {
		return nil, err
	}
	id, err := r.FormID("restriction")
	if err != nil {
		return nil, err
	}
	restriction, err := act(r.Tx, view.Pupil.ID, id)
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: pupilPath(view.School.ID, view.Pupil.ID), Notice: notice}, s.journalRestriction(r, action, view.School.ID, restriction)
}

// decidable reads the pupil of the path for whoever may decide about the family:
// nobody does about their own.
func decidable(r *web.Request, right rights.Right) (pupilView, error) {
	view, err := pupilOf(r, right)
	if err == nil && view.Own {
		err = ownFamily(r)
	}
	return view, err
}

// restrictionIn reads the form.
func restrictionIn(r *web.Request, pupil school.ID) (directory.Restriction, error) {
	restriction := directory.Restriction{Pupil: pupil, RecordedBy: r.Actor.Person}
	var err error
	if restriction.Guardian, err = r.FormID("restrict"); err != nil {
		return restriction, err
	}
	for _, effect := range effects {
		*effect.of(&restriction) = slices.Contains(r.PostForm["effect"], effect.name)
	}
	if restriction.Reference, err = r.Text("reference", 80); err != nil {
		return restriction, err
	}
	from, err := r.Day("from")
	if err != nil {
		return restriction, err
	}
	until, err := untilIn(r)
	if err != nil {
		return restriction, err
	}
	if from.IsZero() {
		from = r.Tx.Now
	}
	restriction.From, restriction.Until = db.At(from), db.At(until)
	return restriction, nil
}

// ownFamily is the refusal of whoever decides about their own.
func ownFamily(r *web.Request) error {
	return fail.New(fail.Conflict, "%s is of the family", r.Actor.Person).Say("register.own-family")
}
