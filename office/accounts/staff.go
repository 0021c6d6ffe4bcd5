package accounts

import (
	"slices"
	"strings"
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/paper"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// staffView is the accounts of a school's staff.
type staffView struct {
	School  directory.Structure
	Workers []worker
	Count   account.Activation
	Waiting int // who may get a code of the visitor's, and has not come in
	Mail    int // who may get it by mail
	Now     time.Time
}

// worker is a member of the staff with their account.
type worker struct {
	holder
	Profiles []school.Profile
	Acting   bool // a head until the school has one
	ByHand   bool
}

// staff shows whose account is activated in a school's staff.
func (s *Service) staff(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, issueStaff)
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.LookAtSide(r, account.Staff, at.ID); err != nil {
		return nil, err
	}
	view := staffView{School: at, Now: r.Tx.Now}
	if view.Workers, err = s.workersOf(r.Tx, at.ID); err != nil {
		return nil, err
	}
	people := make([]school.ID, len(view.Workers))
	for i, w := range view.Workers {
		people[i] = w.ID
	}
	refused, err := s.Refuse(r, people...)
	if err != nil {
		return nil, err
	}
	for i := range view.Workers {
		w := &view.Workers[i]
		view.Count.Count(w.State)
		if refused[w.ID] != nil {
			continue
		}
		own := schoolPath(at.ID) + "/staff/" + w.ID.String()
		if w.State == account.ToActivate || w.State == account.Active {
			w.Code = own + "/code"
		}
		if w.State == account.ToActivate {
			view.Waiting++
		}
		if !w.Frozen.At.IsZero() {
			w.Reopen = own + "/reopen"
		}
	}
	mailable, err := s.reached(r, people)
	if err != nil {
		return nil, err
	}
	view.Mail = len(mailable)
	return place.Page(at, web.Page{Title: r.Say("accounts.staff"), Body: staffPage(view)}), nil
}

// staffLetters prints a letter for each member of the staff who has not come in, and
// a list of whom they are for.
func (s *Service) staffLetters(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, issueStaff)
	if err != nil {
		return nil, err
	}
	staff, err := membersOf(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	p := s.printing(r, place.Room{School: at})
	p.Over, p.Of, p.Back = rights.Object{School: at.ID}, at.Name, schoolPath(at.ID)+"/staff"
	who := make([]sheet, len(staff))
	for i, one := range staff {
		who[i].Who = one.Someone
		for _, post := range one.Posts {
			who[i].Of = append(who[i].Of, p.say(directory.ProfileKey(post.Profile, "", post.Acting)))
		}
	}
	return s.print(r, p, issueStaff, who, "accounts.staff-letters-file", printing.staffLetters)
}

// staffLetters draws a letter a page, and the list of whom they are for.
func (p printing) staffLetters() ([]byte, error) {
	d := paper.New(p.say("accounts.staff-letters-file", p.Of), p.Made)
	for _, one := range p.Sheets {
		d.Page()
		p.letter(d, one, "staff", strings.Join(one.Of, ", "))
	}
	p.list(d)
	return d.Bytes()
}

// mailStaff sends their code to each member of the staff who has an address, and
// neither came in nor holds a code.
func (s *Service) mailStaff(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, issueStaff)
	if err != nil {
		return nil, err
	}
	staff, err := membersOf(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	people := make([]school.ID, len(staff))
	for i, one := range staff {
		people[i] = one.ID
	}
	waiting, err := s.reached(r, people)
	if err != nil {
		return nil, err
	}
	by, err := warrant(r, issueStaff, rights.Object{School: at.ID})
	if err != nil {
		return nil, err
	}
	return s.send(r, schoolPath(at.ID)+"/staff", waiting, func(person school.ID) (bool, error) {
		return s.Accounts.SendSlip(r.Tx, person, account.Staff, by, at)
	})
}

// member is somebody of the staff, with all that they are there.
type member struct {
	directory.Someone
	Posts []directory.Worker
}

// membersOf lists a school's staff, each once.
func membersOf(tx *db.Tx, at school.ID) (members []member, err error) {
	staff, err := directory.StaffOf(tx, at)
	for _, one := range staff {
		i := slices.IndexFunc(members, func(m member) bool { return m.ID == one.ID })
		if i < 0 {
			i, members = len(members), append(members, member{Someone: one.Someone})
		}
		members[i].Posts = append(members[i].Posts, one)
	}
	return members, err
}

// workersOf lists a school's staff, each once, with their accounts.
func (s *Service) workersOf(tx *db.Tx, at school.ID) ([]worker, error) {
	staff, err := membersOf(tx, at)
	if err != nil {
		return nil, err
	}
	workers, people := make([]worker, len(staff)), make([]school.ID, len(staff))
	for i, one := range staff {
		people[i] = one.ID
		workers[i] = worker{holder: holder{ID: one.ID, Name: one.Name()}, ByHand: one.Posts[0].ByHand}
		for _, post := range one.Posts {
			workers[i].Profiles = append(workers[i].Profiles, post.Profile)
			workers[i].Acting = workers[i].Acting || post.Acting
		}
	}
	accounts, err := account.Of(tx, people...)
	if err != nil {
		return nil, err
	}
	codes, err := account.PendingOf(tx, people...)
	if err != nil {
		return nil, err
	}
	for i := range workers {
		a, has := accounts[workers[i].ID]
		workers[i].State, workers[i].Given = account.StateOf(a, has), codes[workers[i].ID].Made
		workers[i].Frozen = a.Frozen
	}
	return workers, nil
}
