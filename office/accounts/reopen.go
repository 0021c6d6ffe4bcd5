package accounts

import (
	"cmp"
	"slices"
	"strings"

	"preau/account"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

func (s *Service) askReopenInClass(r *web.Request) (web.Answer, error) {
	return s.askReopen(r, s.inClass)
}
func (s *Service) askReopenInStaff(r *web.Request) (web.Answer, error) {
	return s.askReopen(r, s.inStaff)
}
func (s *Service) askReopenInTeam(r *web.Request) (web.Answer, error) {
	return s.askReopen(r, s.inTeam)
}
func (s *Service) askReopenFrozen(r *web.Request) (web.Answer, error) {
	return s.askReopen(r, s.inFrozen)
}
func (s *Service) reopenInClass(r *web.Request) (web.Answer, error) { return s.reopen(r, s.inClass) }
func (s *Service) reopenInStaff(r *web.Request) (web.Answer, error) { return s.reopen(r, s.inStaff) }
func (s *Service) reopenInTeam(r *web.Request) (web.Answer, error)  { return s.reopen(r, s.inTeam) }
func (s *Service) reopenFrozen(r *web.Request) (web.Answer, error)  { return s.reopen(r, s.inFrozen) }

// reopenView is a frozen account, and the ways to open it again.
type reopenView struct {
	recipient
	Frozen  account.Freeze
	When    string
	Project bool // the visitor answers for the whole installation
	Young   bool // the person has no password, and needs no code
	Over    overView
	// Ending is what was handed out with the account shortly before, which comes back or
	// ends with it.
	Ending ending
}

// verified is what the form says of whoever was there all along: the account opens as
// it was.
const verified = "verified"

// askReopen shows why an account was frozen, when and from where, before it is
// opened again.
func (s *Service) askReopen(r *web.Request, find func(*web.Request) (recipient, error)) (web.Answer, error) {
	to, err := find(r)
	if err != nil {
		return nil, err
	}
	if err := s.mayGive(r, to.ID); err != nil {
		return nil, err
	}
	accounts, err := account.Of(r.Tx, to.ID)
	if err != nil {
		return nil, err
	}
	frozen := accounts[to.ID].Frozen
	if frozen.At.IsZero() {
		return nil, fail.New(fail.NotFound, "the account of %s is not frozen", to.ID)
	}
	if err := s.Accounts.Look(r, to.ID, to.School.ID); err != nil {
		return nil, err
	}
	view := reopenView{recipient: to, Frozen: frozen, When: r.Printer.Moment(frozen.At, r.Tx.Now), Project: r.Can(seeFrozen, rights.Whole) == nil}
	if view.Young, err = directory.IsYoung(r.Tx, to.ID); err != nil {
		return nil, err
	}
	if view.Ending, err = endingOf(r, to.ID); err != nil {
		return nil, err
	}
	if view.Over, err = s.overOf(r, to.ID, frozen); err != nil {
		return nil, err
	}
	page := web.Page{Title: r.Say("accounts.reopen-title", to.Name()), Body: reopenPage(view)}
	if to.School.ID != 0 {
		page = place.Page(to.School, page)
	}
	return page, nil
}

// reopen opens a frozen account again, for whoever may make a code for its person:
// as it was when the form says that it was them, or else without its password, and
// they need a code. A child of maternelle has none: the visitor is led to their pictures.
func (s *Service) reopen(r *web.Request, find func(*web.Request) (recipient, error)) (web.Answer, error) {
	to, err := find(r)
	if err != nil {
		return nil, err
	}
	if err := s.mayGive(r, to.ID); err != nil {
		return nil, err
	}
	if r.PostFormValue("how") == verified {
		return web.Redirect{To: to.Back, Notice: "accounts.verified"}, s.Accounts.Verify(r.Tx, to.ID, r.By())
	}
	young, err := directory.IsYoung(r.Tx, to.ID)
	if err != nil {
		return nil, err
	}
	ended, err := account.Suspected(r.Tx, to.ID)
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.Reopen(r.Tx, to.ID, r.By()); err != nil {
		return nil, err
	}
	if !young {
		done := web.Redirect{To: cmp.Or(to.Next, to.Path), Notice: "accounts.reopened"}
		if ended > 0 {
			done.Notice = "accounts.reopened-ended"
		}
		return done, nil
	}
	next, err := picturesPath(r, to.ID, slices.Concat([]school.ID{to.School.ID}, r.Actor.Schools)...)
	return web.Redirect{To: cmp.Or(next, to.Back), Notice: "accounts.reopened-young"}, err
}

// picturesPath is the page of the pictures of a child, of one of some schools; empty
// for a visitor who does not have the door of the class.
func picturesPath(r *web.Request, child school.ID, schools ...school.ID) (string, error) {
	for _, at := range schools {
		pupil, err := directory.PupilIn(r.Tx, at, child)
		if fail.Is(err, fail.NotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		if pupil.Class != 0 && r.Can(openDoor, rights.Object{School: at, Class: pupil.Class}) == nil {
			return classPath(pupil.Class) + "/person/" + child.String() + "/pictures", nil
		}
	}
	return "", nil
}

// reopenPath is where the account of a recipient is opened again: beside their
// code.
func (v recipient) reopenPath() string { return strings.TrimSuffix(v.Path, "code") + "reopen" }

// inFrozen finds somebody whose account is frozen, of the visitor's schools; of all,
// for an operator.
func (s *Service) inFrozen(r *web.Request) (recipient, error) {
	id, err := r.PathID("person")
	if err != nil {
		return recipient{}, err
	}
	schools, reaches := frozenIn(r)
	if !reaches {
		return recipient{}, fail.New(fail.NotFound, "%s answers for nobody", r.Actor.Person)
	}
	frozen, err := account.IsFrozen(r.Tx, id, schools...)
	if err == nil && !frozen {
		err = fail.New(fail.NotFound, "%s is not frozen in the schools of %s", id, r.Actor.Person)
	}
	if err != nil {
		return recipient{}, err
	}
	to := recipient{Path: frozenPath + "/" + id.String() + "/code", Back: frozenPath}
	if to.Someone, err = directory.Get(r.Tx, id); err != nil {
		return to, err
	}
	to.Next, err = codePath(r, id)
	return to, err
}

// codePath is where a head hands somebody of their schools a code; for whoever has none
// to hand out to them, the list of the frozen accounts.
func codePath(r *web.Request, person school.ID) (string, error) {
	seen, err := seenFrozen(r, person)
	if err != nil {
		return "", err
	}
	return codePathOf(r, seen[person]), nil
}

// codePathOf is [codePath] of somebody who was read.
func codePathOf(r *web.Request, person directory.Seen) string {
	for _, tie := range person.Ties {
		at := rights.Object{School: tie.School, Class: tie.Class}
		switch {
		case tie.Barred:
		case tie.Class != 0 && r.Can(issue, at) == nil:
			return classPath(tie.Class) + "/person/" + person.ID.String() + "/code"
		case tie.Class == 0 && r.Can(issueStaff, at) == nil:
			return schoolPath(tie.School) + "/staff/" + person.ID.String() + "/code"
		}
	}
	return frozenPath
}

// frozenIn are the schools whose frozen accounts the visitor opens again: none named
// is all of them, and false is none at all.
func frozenIn(r *web.Request) (schools []school.ID, reaches bool) {
	if r.Can(seeFrozen, rights.Whole) == nil {
		return nil, true
	}
	return r.Actor.Schools, len(r.Actor.Schools) > 0
}
