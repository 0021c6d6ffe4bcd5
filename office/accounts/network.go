package accounts

import (
	"slices"
	"time"

	"preau/account"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// networkView is which networks are a school's, and what that changes.
type networkView struct {
	School   directory.Structure
	Networks []account.Network
	Keepers  map[school.ID]string
	Here     string // the network of the visitor's device; empty when it is not known
	Known    bool   // it is among the school's
	Only     account.Only
	Now      time.Time
}

func networkPath(at school.ID) string { return schoolPath(at) + "/network" }

// network shows the networks of a school.
func (s *Service) network(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, keepNetwork)
	if err != nil {
		return nil, err
	}
	v := networkView{School: at, Keepers: map[school.ID]string{}, Here: account.OriginOf(r).Network(), Now: r.Tx.Now}
	if v.Networks, err = account.Networks(r.Tx, at.ID); err != nil {
		return nil, err
	}
	if v.Only, err = account.AtSchoolOnly(r.Tx, at.ID); err != nil {
		return nil, err
	}
	v.Known = slices.ContainsFunc(v.Networks, func(n account.Network) bool { return n.Address == v.Here })
	var keepers []school.ID
	for _, n := range v.Networks {
		keepers = append(keepers, n.By)
	}
	people, err := directory.SomeByID(r.Tx, keepers...)
	if err != nil {
		return nil, err
	}
	for _, one := range people {
		v.Keepers[one.ID] = one.Formal()
	}
	return place.Page(at, web.Page{Title: r.Say("accounts.network-title"), Body: networkPage(v)}), nil
}

// keepNetwork says that the visitor's device is at the school.
func (s *Service) keepNetwork(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, keepNetwork)
	if err != nil {
		return nil, err
	}
	err = s.Accounts.KeepNetwork(r.Tx, at.ID, r.By(), account.OriginOf(r))
	return web.Redirect{To: networkPath(at.ID), Notice: "accounts.network-kept"}, err
}

// forgetNetwork takes a network off.
func (s *Service) forgetNetwork(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, keepNetwork)
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("network")
	if err != nil {
		return nil, err
	}
	err = s.Accounts.ForgetNetwork(r.Tx, id, at.ID, r.By())
	return web.Redirect{To: networkPath(at.ID), Notice: "accounts.network-forgotten"}, err
}

// openAtSchool has the doors of the classes open from the school only.
func (s *Service) openAtSchool(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, keepNetwork)
	if err != nil {
		return nil, err
	}
	err = s.Accounts.OpenAtSchool(r.Tx, at.ID, r.By())
	return web.Redirect{To: networkPath(at.ID), Notice: "accounts.network-only-on"}, err
}

// openAnywhere has them open from anywhere again.
func (s *Service) openAnywhere(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, keepNetwork)
	if err != nil {
		return nil, err
	}
	err = s.Accounts.OpenAnywhere(r.Tx, at.ID, r.By())
	return web.Redirect{To: networkPath(at.ID), Notice: "accounts.network-only-off"}, err
}

// refusedDoors tells whoever keeps the network of a school that a door of its
// classes was shown elsewhere, and that none has opened since.
func refusedDoors(r *web.Request) (tasks []ui.Task, err error) {
	var kept []school.ID
	for _, at := range r.Actor.Schools {
		if r.Can(keepNetwork, rights.Object{School: at}) == nil {
			kept = append(kept, at)
		}
	}
	if len(kept) == 0 {
		return nil, nil
	}
	refused, err := account.RefusedAt(r.Tx, kept...)
	for _, at := range refused {
		tasks = append(tasks, ui.Task{
			Href: networkPath(at), Icon: ui.IconSchool, Count: 1, Title: r.Say("accounts.network-title"), Text: r.Say("accounts.network-task"),
		})
	}
	return tasks, err
}
