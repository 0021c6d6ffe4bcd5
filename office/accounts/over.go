package accounts

import (
	"preau/account"
	"preau/core/audit"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// mostOver is how many lines of what was given with an account a page shows.
const mostOver = 100

// overView is what was given with an account before it was shut, and holds already.
type overView struct {
	Lines []overLine
	More  int // that are not shown: there are too many, or they are of elsewhere
}

// overLine is somebody who was given something, and where it is renewed or ended.
type overLine struct {
	ID              school.ID
	Name, What      string
	Path, ActionKey string // empty where the visitor does not reach it
}

// overOf lists what was given with the account of somebody in the week before it was
// frozen, of those whom the visitor sees.
func (s *Service) overOf(r *web.Request, person school.ID, frozen account.Freeze) (v overView, err error) {
	given, err := s.Accounts.GivenWith(r.Tx, person, frozen.At)
	if err != nil {
		return v, err
	}
	ids := append(append([]school.ID(nil), given.Renewed...), given.Pictured...)
	for _, act := range given.Posts {
		ids = append(ids, act.Subject)
	}
	if len(ids) == 0 {
		return v, nil
	}
	seen, err := seenFrozen(r, ids...)
	if err != nil {
		return v, err
	}
	add := func(id school.ID, what, path, key string) {
		one, known := seen[id]
		if !known || len(one.Ties) == 0 || len(v.Lines) == mostOver {
			v.More++
			return
		}
		v.Lines = append(v.Lines, overLine{ID: id, Name: one.Name(), What: what, Path: path, ActionKey: key})
	}
	for _, act := range given.Posts {
		add(act.Subject, overAct(r, act), postPath(act, seen[act.Subject]), "accounts.over-end")
	}
	for _, id := range given.Renewed {
		path := codePathOf(r, seen[id])
		if path == frozenPath {
			path = ""
		}
		add(id, r.Say("accounts.over-code"), path, "accounts.over-renew")
	}
	for _, id := range given.Pictured {
		path := ""
		for _, tie := range seen[id].Ties {
			if tie.Class != 0 && r.Can(openDoor, rights.Object{School: tie.School, Class: tie.Class}) == nil {
				path = classPath(tie.Class) + "/person/" + id.String() + "/pictures"
			}
		}
		add(id, r.Say("accounts.over-pictures"), path, "accounts.over-draw")
	}
	return v, nil
}

// overAct says what somebody was given, and when.
func overAct(r *web.Request, act audit.Act) string {
	return i18n.Dots(account.SayAct(r.Printer, act), r.Printer.Moment(act.At, r.Tx.Now))
}

// postPath is where what somebody was given is ended: with the functions that are lent,
// or on their page among the team.
func postPath(act audit.Act, who directory.Seen) string {
	at := act.Object
	if act.Action != account.ActAppoint {
		at = 0
	}
	for _, tie := range who.Ties {
		if at == 0 && tie.Class == 0 {
			at = tie.School
		}
	}
	switch {
	case at == 0:
		return ""
	case act.Action == account.ActLend:
		return "/register/structure/" + at.String() + "/lent"
	}
	return "/register/structure/" + at.String() + "/team/" + who.ID.String()
}
