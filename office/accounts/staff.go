package accounts

import (
	"time"

	"preau/account"
	"preau/core/db"
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
	if err := s.Accounts.LookAtSide(r.Tx, account.Staff, at.ID, r.By()); err != nil {
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
		if !w.Frozen.At.IsZero() {
			w.Reopen = own + "/reopen"
		}
	}
	return place.Page(at, web.Page{Title: r.Say("accounts.staff"), Body: staffPage(view)}), nil
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
		workers[i].Acting = workers[i].Acting || one.Acting
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
