package accounts

import (
	"slices"
	"time"

	"preau/account"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// holder is somebody with the state of their account.
type holder struct {
	ID     school.ID
	Name   string
	Detail string // key of what they are to the pupil, or their function
	Mark   string // that tells a pupil from a homonym
	// Animal is what a pupil is known by at the door of the class; empty for whoever has
	// none there.
	Animal ui.Pictogram
	State  account.State
	Given  time.Time // when the code that waits was made; zero: none waits
	Code   string    // address of the code; empty when the visitor may not give one
	// Seen is what the form of a code says that it saw, so that a pupil gets another
	// at once; empty: the page that asks first is shown, where there is one to replace.
	Seen string
	// Idle tells that the account was opened, and when its person was last in.
	Idle   time.Time
	Judged bool // a judge keeps the school and the class from them
	// Frozen is why their account was shut without the school; Reopen is the
	// address where it is opened again, empty when the visitor may not.
	Frozen account.Freeze
	Reopen string
	// Command is what an operator runs on the server in its place.
	Command string
}

// classView is the accounts of a class.
type classView struct {
	place.Room
	Families []family
	Pupils   account.Activation
	Guardian account.Activation
	Letters  bool     // the visitor has the families too
	Asked    []string // who may lend them to whoever has not
	Door     bool     // and the door of the class
	// Small is that door, which comes first, where nobody writes yet; nil elsewhere.
	Small    *doorView
	Children []child  // of the class, read where one of them is of maternelle
	Mail     int      // guardians to whom their code may be sent by mail
	Tongues  []tongue // of letters, beside French
	// Show is [showWaiting] for the families where somebody has not come in, [showIdle]
	// for those where somebody came in and is not seen any more, empty for all.
	Show  string
	All   int // families, before that
	Given int // people who hold a code that they have not used
	Idle  int // people who are not seen any more
	Now   time.Time
}

// family is a pupil with their guardians; a teacher sees the pupil alone.
type family struct {
	Pupil     holder
	Level     string
	Child     *child // who comes in by pictures, of maternelle; nil for the others
	Guardians []holder
	// Waits tells that somebody of it cannot come in yet, or has no pictures, and Idle
	// that somebody came in and is not seen any more.
	Waits, Idle bool
}

// class shows whose account is activated in a class, and gives
// codes. Guardians are for the head.
func (s *Service) class(r *web.Request) (web.Answer, error) {
	at, err := place.Class(r, issue)
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.LookAtClass(r, at.Class.ID, at.School.ID); err != nil {
		return nil, err
	}
	view := classView{Room: at, Show: r.URL.Query().Get("show"), Now: r.Tx.Now}
	view.Letters = r.Can(issueFamilies, place.Object(at.Class)) == nil
	view.Door = at.Class.Kind == directory.OrdinaryClass && r.Can(openDoor, place.Object(at.Class)) == nil
	if view.Tongues, err = tongues(); err != nil {
		return nil, err
	}
	pupils, err := directory.PupilsIn(r.Tx, at.Class.ID)
	if err != nil {
		return nil, err
	}
	people := directory.IDs(pupils)
	var kin []directory.Kin
	if view.Letters {
		if kin, err = directory.KinOf(r.Tx, people...); err != nil {
			return nil, err
		}
	}
	if !view.Letters {
		heads, err := directory.HeadsOf(r.Tx, at.School.ID)
		if err != nil {
			return nil, err
		}
		for _, head := range heads {
			view.Asked = append(view.Asked, head.Formal())
		}
		view.Asked = slices.Compact(view.Asked)
	}
	for _, k := range kin {
		people = append(people, k.ID)
	}
	accounts, err := account.Of(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	codes, err := account.PendingOf(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	mailable, err := s.mailable(r, kin)
	if err != nil {
		return nil, err
	}
	view.Mail = len(mailable)
	if view.Door && slices.ContainsFunc(pupils, func(p directory.InClass) bool { return p.Young }) {
		if view.Children, err = s.childrenOf(r, at.Class.ID, pupils, accounts); err != nil {
			return nil, err
		}
	}
	if view.Door && allSmall(pupils) {
		small, err := s.doorOf(r, at, view.Children)
		if err != nil {
			return nil, err
		}
		view.Small = &small
	}
	view.gather(r.Actor.Person, pupils, directory.TellApart(r.Printer, pupils), kin, accounts, codes)
	return place.Page(at.School, web.Page{Title: r.Say("accounts.accounts-of", at.Class.Label), Body: classPage(view)}), nil
}

// allSmall tells whether the pupils of a class are all of maternelle.
func allSmall(pupils []directory.InClass) bool {
	return len(pupils) > 0 && !slices.ContainsFunc(pupils, func(p directory.InClass) bool { return !p.Young })
}

// gather makes the families of the page.
func (v *classView) gather(visitor school.ID, pupils []directory.InClass, marks map[school.ID]string, kin []directory.Kin, accounts map[school.ID]account.Account, codes map[school.ID]account.Pending) {
	hold := func(who directory.Someone, detail string) holder {
		a, has := accounts[who.ID]
		h := holder{ID: who.ID, Name: who.Name(), Detail: detail, State: account.StateOf(a, has), Given: codes[who.ID].Made}
		if a.Idle(v.Now) {
			if h.Idle = a.Seen; h.Idle.IsZero() {
				h.Idle = a.Activated
			}
		}
		own := classPath(v.Class.ID) + "/person/" + who.ID.String()
		if who.ID != visitor && (h.State == account.ToActivate || h.State == account.Active) {
			h.Code = own + "/code"
		}
		if h.Frozen = a.Frozen; !h.Frozen.At.IsZero() && who.ID != visitor {
			h.Reopen = own + "/reopen"
		}
		return h
	}
	counted := map[school.ID]bool{}
	count := func(h holder, side *account.Activation) {
		if counted[h.ID] {
			return
		}
		counted[h.ID] = true
		side.Count(h.State)
		if !h.Given.IsZero() {
			v.Given++
		}
		if !h.Idle.IsZero() {
			v.Idle++
		}
	}
	var animals map[school.ID]ui.Pictogram
	if v.Class.Kind == directory.OrdinaryClass { // a group has no door
		animals = place.Animals(pupils)
	}
	for _, pupil := range pupils {
		f := family{Pupil: hold(pupil.Someone, ""), Level: pupil.Level}
		f.Pupil.Mark, f.Pupil.Animal = marks[pupil.ID], animals[pupil.ID]
		f.Pupil.Seen = standing{accounts[pupil.ID], codes[pupil.ID]}.stamp()
		if pupil.Young {
			f.Pupil.Code = ""
			if f.Pupil.State == account.ToActivate {
				f.Pupil.State = account.ByDoor
			}
		}
		if i := slices.IndexFunc(v.Children, func(c child) bool { return c.ID == pupil.ID }); i >= 0 && pupil.Young {
			f.Child = &v.Children[i]
		}
		count(f.Pupil, &v.Pupils)
		f.Waits, f.Idle = f.Pupil.State == account.ToActivate || f.Child.unpictured(), !f.Pupil.Idle.IsZero()
		for _, k := range kin {
			if k.Pupil != pupil.ID {
				continue
			}
			guardian := hold(k.Someone, k.LinkKey())
			if k.PlaceHidden { // a slip says the school
				guardian.Code, guardian.Reopen, guardian.Judged = "", "", true
			}
			f.Guardians = append(f.Guardians, guardian)
			f.Waits, f.Idle = f.Waits || guardian.State == account.ToActivate, f.Idle || !guardian.Idle.IsZero()
			count(guardian, &v.Guardian)
		}
		v.Families = append(v.Families, f)
	}
	v.All = len(v.Families)
	v.choose()
}

// The families that are shown, where not all are.
const (
	showWaiting = "waiting"
	showIdle    = "idle"
)

// choose keeps the families that are asked for; all of them, where nothing is counted
// by which to choose.
func (v *classView) choose() {
	switch {
	case v.Show == showWaiting && v.showsWaiting():
		v.Families = slices.DeleteFunc(v.Families, func(f family) bool { return !f.Waits })
	case v.Show == showIdle && v.showsIdle():
		v.Families = slices.DeleteFunc(v.Families, func(f family) bool { return !f.Idle })
	default:
		v.Show = ""
	}
}

// showsWaiting tells whether the page knows who waits for something to come in with.
func (v classView) showsWaiting() bool {
	return v.showsIdle() || slices.ContainsFunc(v.Children, func(c child) bool { return c.Young && c.mayEnter() })
}

// showsIdle tells whether it knows accounts that are opened with a code.
func (v classView) showsIdle() bool { return v.Pupils.Logins+v.Guardian.Logins > 0 }

// unpictured tells whether a child who comes in by pictures has none.
func (c *child) unpictured() bool {
	return c != nil && c.mayEnter() && c.Account != account.Active && c.Since.IsZero()
}
