package reception

import (
	"time"

	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory/feed"
)

// home is the address of the room.
const home = "/reception/"

func arrivalPath(id school.ID) string { return home + "arrival/" + id.String() }

// showView is one arrival, and what was left out of it.
type showView struct {
	arrivalView
	Left     []feed.Outside
	Term     time.Time // when its files are destroyed
	Releases bool      // the visitor may let go
	Now      time.Time
}

// show shows one arrival, to those who see its account.
func (s *Service) show(r *web.Request) (web.Answer, error) {
	id, err := r.PathID("arrival")
	if err != nil {
		return nil, err
	}
	a, err := ArrivalByID(r.Tx, id)
	if err != nil {
		return nil, err
	}
	v := showView{arrivalView: arrivalView{Arrival: a}, Term: a.ArrivedAt.Add(keep), Releases: r.Holds(release), Now: r.Tx.Now}
	accounts, err := allAccounts(r.Tx)
	if err != nil {
		return nil, err
	}
	sees := a.Account == 0 && r.Can(view, rights.Whole) == nil
	for _, one := range accounts {
		if one.ID != a.Account {
			continue
		}
		v.Account = one.Name
		if _, sees, err = seen(r, one); err != nil {
			return nil, err
		}
	}
	if !sees {
		return nil, fail.New(fail.NotFound, "the arrival %s is of no account that %s sees", id, r.Actor.Person)
	}
	v.Left, err = Refused(r.Tx, id)
	return web.Page{Title: a.Name, Body: showPage(v)}, err
}
