package register

import (
	"slices"
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// state is where an account is.
type state string

// The states of an account.
const (
	noAccount state = "none"      // an organisation, or somebody who came by hand
	toActive  state = "to-active" // no password was chosen yet
	active    state = "active"
	disabled  state = "disabled"
)

func stateOf(a account.Account, has bool) state {
	switch {
	case !has:
		return noAccount
	case !a.Disabled.IsZero():
		return disabled
	case !a.Activated.IsZero():
		return active
	}
	return toActive
}

// holder is somebody with the state of their account.
type holder struct {
	ID     school.ID
	Name   string
	Detail string // key of what they are to the pupil, or their function
	Mark   string // that tells a pupil from a homonym
	State  state
	Given  time.Time // when the code that waits was made; zero: none waits
	Code   string    // address of the code; empty when the visitor may not give one
}

// accountsView is the accounts of a class.
type accountsView struct {
	place
	Desk     bool
	Families []family
	Pupils   account.Activation
	Guardian account.Activation
	// OnlyWaiting leaves out the families where everybody is in.
	OnlyWaiting bool
	All         int // families, before that
	Now         time.Time
}

// family is a pupil with their guardians; a teacher sees the pupil alone.
type family struct {
	Pupil     holder
	Level     string
	Guardians []holder
}

// classAccounts shows whose account is activated in a class, and gives
// codes. Guardians are for the head.
func (s *Service) classAccounts(r *web.Request) (web.Answer, error) {
	at, err := classOf(r, issueCode)
	if err != nil {
		return nil, err
	}
	view := accountsView{place: at, Desk: r.Holds(viewSchool), OnlyWaiting: r.URL.Query().Get("show") == "waiting", Now: r.Tx.Now}
	pupils, err := directory.PupilsIn(r.Tx, at.Class.ID)
	if err != nil {
		return nil, err
	}
	people := idsOf(pupils)
	var kin []directory.Kin
	if reachesSchool(r, at) {
		if kin, err = directory.KinOf(r.Tx, people...); err != nil {
			return nil, err
		}
	}
	for _, k := range kin {
		people = append(people, k.ID)
	}
	accounts, err := s.Accounts.Of(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	codes, err := s.Accounts.Pending(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	view.gather(r.Actor.Person, pupils, apart(r.Printer, pupils), kin, accounts, codes)
	return pageOf(at.School, web.Page{Title: r.Say(accountsTitle(at.Class)), Body: accountsPage(view)}), nil
}

// reachesSchool tells a head, who has the families too, from a teacher, who
// has the pupils of the class.
func reachesSchool(r *web.Request, at place) bool {
	return r.Can(issueCode, rights.Object{School: at.School.ID}) == nil
}

// gather makes the families of the page.
func (v *accountsView) gather(visitor school.ID, pupils []directory.InClass, marks map[school.ID]string, kin []directory.Kin, accounts map[school.ID]account.Account, codes map[school.ID]account.Pending) {
	hold := func(who directory.Someone, detail string) holder {
		a, has := accounts[who.ID]
		h := holder{ID: who.ID, Name: who.Name(), Detail: detail, State: stateOf(a, has), Given: codes[who.ID].Made}
		if who.ID != visitor && (h.State == toActive || h.State == active) {
			h.Code = classPath(v.Class.ID) + "/person/" + who.ID.String() + "/code"
		}
		return h
	}
	counted := map[school.ID]bool{}
	for _, pupil := range pupils {
		f := family{Pupil: hold(pupil.Someone, ""), Level: pupil.Level}
		f.Pupil.Mark = marks[pupil.ID]
		count(&v.Pupils, f.Pupil.State)
		waits := f.Pupil.State == toActive
		for _, k := range kin {
			if k.Pupil != pupil.ID {
				continue
			}
			guardian := hold(k.Someone, linkKey(k))
			f.Guardians = append(f.Guardians, guardian)
			waits = waits || guardian.State == toActive
			if !counted[k.ID] {
				counted[k.ID] = true
				count(&v.Guardian, guardian.State)
			}
		}
		v.All++
		if waits || !v.OnlyWaiting {
			v.Families = append(v.Families, f)
		}
	}
}

func count(a *account.Activation, at state) {
	switch at {
	case active:
		a.Logins, a.Activated = a.Logins+1, a.Activated+1
	case toActive:
		a.Logins++
	}
}

// linkCodes are the codes of N_LIEN_ELEVE_RESPONSABLE that the pages say, in
// the order in which forms offer them; the others are "autre".
var linkCodes = []string{"10", "20", "50", "51", "38", "37", "39", "42", "41", "43"}

// linkKey is the key of what a guardian is to the pupil.
func linkKey(k directory.Kin) string {
	switch {
	case slices.Contains(linkCodes, k.Link):
		return "register.link-" + k.Link
	case k.Organisation:
		return "register.link-organisation"
	}
	return "register.link-other"
}

// staffView is the accounts of a school's staff.
type staffView struct {
	School  directory.Structure
	Workers []worker
	Count   account.Activation
	Now     time.Time
}

// worker is a member of the staff with their account.
type worker struct {
	holder
	Profiles []school.Profile
	ByHand   bool
}

// staffAccounts shows whose account is activated in a school's staff.
func (s *Service) staffAccounts(r *web.Request) (web.Answer, error) {
	at, err := schoolOf(r, issueCode)
	if err != nil {
		return nil, err
	}
	view := staffView{School: at, Now: r.Tx.Now}
	if view.Workers, err = s.workersOf(r.Tx, at.ID); err != nil {
		return nil, err
	}
	for i := range view.Workers {
		w := &view.Workers[i]
		count(&view.Count, w.State)
		offers, err := offersCode(r, w.ID, w.State)
		if err != nil {
			return nil, err
		}
		if offers {
			w.Code = schoolPath(at.ID) + "/staff/" + w.ID.String() + "/code"
		}
	}
	return pageOf(at, web.Page{Title: r.Say("register.staff"), Body: staffPage(view)}), nil
}

// workersOf lists a school's staff, each once, with their accounts.
func (s *Service) workersOf(tx *db.Tx, at school.ID) ([]worker, error) {
	staff, err := directory.StaffOf(tx, at)
	if err != nil {
		return nil, err
	}
	var workers []worker
	var people []school.ID
	rank := map[school.ID]int{}
	for _, one := range staff {
		i, seen := rank[one.ID]
		if !seen {
			i = len(workers)
			rank[one.ID], people = i, append(people, one.ID)
			workers = append(workers, worker{holder: holder{ID: one.ID, Name: one.Name()}, ByHand: one.ByHand})
		}
		workers[i].Profiles = append(workers[i].Profiles, one.Profile)
	}
	accounts, err := s.Accounts.Of(tx, people...)
	if err != nil {
		return nil, err
	}
	codes, err := s.Accounts.Pending(tx, people...)
	if err != nil {
		return nil, err
	}
	for i := range workers {
		a, has := accounts[workers[i].ID]
		workers[i].State, workers[i].Given = stateOf(a, has), codes[workers[i].ID].Made
	}
	return workers, nil
}
