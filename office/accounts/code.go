package accounts

import (
	"slices"
	"strconv"
	"time"

	"preau/account"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// recipient is somebody for whom the visitor asks for a code.
type recipient struct {
	directory.Someone
	School directory.Structure
	Class  string        // of a pupil, or of a guardian's
	Mark   string        // that tells a pupil from a homonym
	Child  string        // of a guardian: who sorts the slips looks for it
	Path   string        // address of the code
	Back   string        // the page that it was asked from
	Next   string        // address of the code where Path is that of another act only
	OfTeam bool          // that page is their own
	Right  rights.Right  // by which the visitor gives it
	Over   rights.Object // what that right is over
}

// resetConfirmed is what the form says once it was told that the account is
// activated already.
const resetConfirmed = "reset"

// standing is how the account of a recipient stands.
type standing struct {
	account.Account
	Code account.Pending // none: its Made is zero
}

// stamp is the instant of the last change that a new code would undo: of the
// code that waits, or of the password. A form carries the one it saw, so that
// a page that is sent again kills no code that was printed meanwhile. It is
// empty when nothing would be undone.
func (s standing) stamp() string {
	last := s.Code.Made
	if s.Password.After(last) {
		last = s.Password
	}
	if last.IsZero() {
		return ""
	}
	return strconv.FormatInt(last.UnixMilli(), 10)
}

// active tells that a password was chosen already.
func (s standing) active() bool { return !s.Activated.IsZero() }

// first tells that no code was handed out yet.
func (s standing) first() bool { return !s.active() && s.Code.Made.IsZero() }

// codeView is a question before a code, or the code.
type codeView struct {
	recipient
	Standing standing     // when the visitor is asked first
	Factors  bool         // the person has a second factor, which a code leaves as it is
	Maker    string       // who made the code that waits; may be unknown
	Given    account.Code // none when the visitor is asked first
	Address  string       // where it is typed
	Now      time.Time
}

func (s *Service) askClassCode(r *web.Request) (web.Answer, error)  { return s.ask(r, s.inClass) }
func (s *Service) giveClassCode(r *web.Request) (web.Answer, error) { return s.give(r, s.inClass) }
func (s *Service) askStaffCode(r *web.Request) (web.Answer, error)  { return s.ask(r, s.inStaff) }
func (s *Service) giveStaffCode(r *web.Request) (web.Answer, error) { return s.give(r, s.inStaff) }
func (s *Service) askTeamCode(r *web.Request) (web.Answer, error)   { return s.ask(r, s.inTeam) }
func (s *Service) giveTeamCode(r *web.Request) (web.Answer, error)  { return s.give(r, s.inTeam) }

// inClass finds a pupil of the class of the path or, for a head, a guardian
// of one.
func (s *Service) inClass(r *web.Request) (recipient, error) {
	at, err := place.Class(r, issue)
	if err != nil {
		return recipient{}, err
	}
	id, err := r.PathID("person")
	if err != nil {
		return recipient{}, err
	}
	to := recipient{School: at.School, Class: at.Class.Label, Back: classPath(at.Class.ID), Right: issue, Over: place.Object(at.Class)}
	to.Path = classPath(at.Class.ID) + "/person/" + id.String() + "/code"
	pupils, err := directory.PupilsIn(r.Tx, at.Class.ID)
	if err != nil {
		return recipient{}, err
	}
	for _, pupil := range pupils {
		if pupil.ID == id {
			to.Someone, to.Mark = pupil.Someone, tellApart(r.Printer, at.Class, pupils)[id]
			return to, nil
		}
	}
	if to.Right = issueFamilies; r.Can(to.Right, to.Over) == nil {
		kin, err := directory.KinOf(r.Tx, directory.IDs(pupils)...)
		if err != nil {
			return recipient{}, err
		}
		for _, k := range kin {
			if k.ID == id && k.PlaceHidden {
				return recipient{}, fail.New(fail.Conflict, "a judge keeps the school of %s from %s", k.Pupil, id).Say("accounts.no-code-judged")
			}
			if k.ID == id {
				to.Someone = k.Someone
				to.Child = i18n.Dots(to.Child, childOf(pupils, k.Pupil))
			}
		}
		if to.ID != 0 {
			return to, nil
		}
	}
	return recipient{}, fail.New(fail.NotFound, "%s is nobody of class %s", id, at.Class.ID)
}

// childOf names a pupil among those of a class.
func childOf(pupils []directory.InClass, id school.ID) string {
	i := slices.IndexFunc(pupils, func(p directory.InClass) bool { return p.ID == id })
	return pupils[i].Name()
}

// inStaff finds a member of the staff of the school of the path.
func (s *Service) inStaff(r *web.Request) (recipient, error) {
	at, err := place.School(r, issueStaff)
	if err != nil {
		return recipient{}, err
	}
	id, err := r.PathID("person")
	if err != nil {
		return recipient{}, err
	}
	staff, err := directory.StaffOf(r.Tx, at.ID)
	if err != nil {
		return recipient{}, err
	}
	i := slices.IndexFunc(staff, func(w directory.Worker) bool { return w.ID == id })
	if i < 0 {
		return recipient{}, fail.New(fail.NotFound, "%s does not work in %s", id, at.ID)
	}
	return recipient{
		Someone: staff[i].Someone, School: at,
		Path: schoolPath(at.ID) + "/staff/" + id.String() + "/code", Back: schoolPath(at.ID) + "/staff",
		Right: issueStaff, Over: rights.Object{School: at.ID},
	}, nil
}

// inTeam finds somebody who works in the structure of the path, and whom the
// visitor may appoint.
func (s *Service) inTeam(r *web.Request) (recipient, error) {
	at, who, err := s.Colleague(r)
	if err != nil {
		return recipient{}, err
	}
	return recipient{
		Someone: who, School: at,
		Path: "/accounts/structure/" + at.ID.String() + "/person/" + who.ID.String() + "/code",
		Back: "/register/structure/" + at.ID.String() + "/team/" + who.ID.String(), OfTeam: true,
		Right: issueTeam, Over: rights.Object{School: at.ID},
	}, nil
}

// ask is the page before a code: it says what the code will do.
func (s *Service) ask(r *web.Request, find func(*web.Request) (recipient, error)) (web.Answer, error) {
	to, err := find(r)
	if err != nil {
		return nil, err
	}
	current, err := s.mayReceive(r, to)
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.Look(r, to.ID, to.School.ID); err != nil {
		return nil, err
	}
	view := codeView{recipient: to, Standing: current, Now: r.Tx.Now}
	makers, err := directory.SomeByID(r.Tx, current.Code.By)
	if err != nil {
		return nil, err
	}
	for _, maker := range makers {
		view.Maker = maker.Formal()
	}
	if view.Factors, err = account.HasFactor(r.Tx, to.ID); err != nil {
		return nil, err
	}
	title := "accounts.new-code"
	if current.first() {
		title = "accounts.give-code"
	}
	return place.Page(to.School, web.Page{Title: r.Say(title), Body: askCodePage(view)}), nil
}

// give makes a code and shows it, this once. An account that is activated
// needs a word more, as the code will change a password that works; so does
// one that changed since the form was shown: the visitor is asked again.
func (s *Service) give(r *web.Request, find func(*web.Request) (recipient, error)) (web.Answer, error) {
	to, err := find(r)
	if err != nil {
		return nil, err
	}
	current, err := s.mayReceive(r, to)
	if err != nil {
		return nil, err
	}
	unsaid := current.active() && r.PostFormValue("confirm") != resetConfirmed
	if unsaid || r.PostFormValue("seen") != current.stamp() {
		return web.Redirect{To: to.Path}, nil
	}
	if err := r.ActsOn(1); err != nil {
		return nil, err
	}
	by, err := warrant(r, to.Right, to.Over)
	if err != nil {
		return nil, err
	}
	code, err := s.Accounts.IssueSlip(r.Tx, to.ID, by)
	if err != nil {
		return nil, err
	}
	view := codeView{recipient: to, Given: code, Now: r.Tx.Now, Address: r.Absolute("/activate")}
	return place.Page(to.School, web.Page{Title: r.Say("accounts.code"), Body: givenCodePage(view)}), nil
}

// mayReceive gives the account of somebody to whom the visitor may give a
// code.
func (s *Service) mayReceive(r *web.Request, to recipient) (standing, error) {
	if err := s.mayGive(r, to.ID); err != nil {
		return standing{}, err
	}
	if err := account.Grown(r.Tx, to.ID); err != nil {
		return standing{}, err
	}
	accounts, err := account.Of(r.Tx, to.ID)
	if err != nil {
		return standing{}, err
	}
	a, has := accounts[to.ID]
	if at := account.StateOf(a, has); at == account.NoAccount || at == account.Disabled {
		return standing{}, fail.New(fail.Conflict, "the account of %s is %s", to.ID, at).Say("accounts.no-code-" + string(at))
	}
	codes, err := account.PendingOf(r.Tx, to.ID)
	return standing{a, codes[to.ID]}, err
}
