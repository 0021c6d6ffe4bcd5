package register

import (
	"slices"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
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
	if err == nil {
		err = directory.Restrict(r.Tx, restriction)
	}
	return s.pupilDone(r, view, "register.restrict", "register.restricted", restriction.Guardian, err)
}

// lift ends a restriction.
func (s *Service) lift(r *web.Request) (web.Answer, error) {
	return s.turn(r, directory.Lift, "register.lift", "register.lifted")
}

// resume puts back a restriction that was ended lately.
func (s *Service) resume(r *web.Request) (web.Answer, error) {
	return s.turn(r, directory.Resume, "register.resume", "register.restricted")
}

// turn ends a restriction, or puts it back.
func (s *Service) turn(r *web.Request, act func(tx *db.Tx, pupil, restriction school.ID) error, action audit.Action, notice string) (web.Answer, error) {
	view, err := decidable(r, restrictBond)
	if err != nil {
		return nil, err
	}
	id, err := r.FormID("restriction")
	if err != nil {
		return nil, err
	}
	if err := act(r.Tx, view.Pupil.ID, id); err != nil {
		return nil, err
	}
	err = s.journal(r, audit.Entry{
		Action: action, Kind: "pupil", Object: view.Pupil.ID, School: view.School.ID, Detail: audit.Detail{"restriction": id.String()},
	})
	return web.Redirect{To: pupilPath(view.School.ID, view.Pupil.ID), Notice: notice}, err
}

// decidable reads the pupil of the path for who may decide about the family:
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

// ownFamily is the refusal of who decides about their own.
func ownFamily(r *web.Request) error {
	return fail.New(fail.Conflict, "%s is of the family", r.Actor.Person).Say("register.own-family")
}
