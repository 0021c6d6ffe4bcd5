package accounts

import (
	"slices"

	"preau/account"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// landView is where somebody hands out accounts.
type landView struct {
	Schools []schoolRooms
	Project bool // the visitor answers for the whole installation, and has no class
	Frozen  int  // accounts to open again there
}

// schoolRooms is a school with its classes.
type schoolRooms struct {
	School  directory.Structure
	Staff   bool // the visitor has its staff too
	Opened  bool // and sees who opened an account
	Journal bool // and what happened to accounts
	Frozen  int  // accounts to open again
	Network bool // and says which network is the school's
	Classes []directory.ClassView
}

// land lists the classes whose accounts the visitor hands out, by school, or
// leads to the only one; to an operator, what is done for the whole installation.
func (s *Service) land(r *web.Request) (web.Answer, error) {
	page := web.Page{Title: r.Say("accounts.title")}
	if r.Can(shutProject, rights.Whole) == nil {
		frozen, err := account.CountFrozen(r.Tx)
		page.Body = landPage(landView{Project: true, Frozen: frozen})
		return page, err
	}
	schools, err := directory.StructuresByID(r.Tx, r.Actor.Schools...)
	if err != nil {
		return nil, err
	}
	classes, err := directory.ClassesOf(r.Tx, r.Actor.Schools...)
	if err != nil {
		return nil, err
	}
	var staffed []school.ID
	for _, at := range r.Actor.Schools {
		if r.Can(issueStaff, rights.Object{School: at}) == nil {
			staffed = append(staffed, at)
		}
	}
	frozen, err := s.Accounts.FrozenIn(r.Tx, staffed...)
	if err != nil {
		return nil, err
	}
	view := landView{}
	for _, at := range schools {
		rooms := schoolRooms{School: at, Staff: slices.Contains(staffed, at.ID), Frozen: frozen[at.ID]}
		rooms.Opened = r.Can(issueFamilies, rights.Object{School: at.ID}) == nil
		rooms.Journal = r.Can(readJournal, rights.Object{School: at.ID}) == nil
		rooms.Network = r.Can(keepNetwork, rights.Object{School: at.ID}) == nil
		for _, class := range classes {
			if class.School == at.ID && r.Can(issue, place.Object(class)) == nil {
				rooms.Classes = append(rooms.Classes, class)
			}
		}
		view.Schools = append(view.Schools, rooms)
	}
	if len(view.Schools) == 1 && !view.Schools[0].Staff && len(view.Schools[0].Classes) == 1 {
		return web.Redirect{To: classPath(view.Schools[0].Classes[0].ID)}, nil
	}
	page.Body = landPage(view)
	return page, nil
}
