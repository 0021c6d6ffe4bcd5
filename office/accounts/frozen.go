package accounts

import (
	"slices"
	"time"

	"preau/account"
	"preau/core/fail"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

const frozenPath = "/accounts/frozen"

// frozenView is the accounts that were frozen.
type frozenView struct {
	People []holder
	Count  int // with those that are not listed
	Now    time.Time
}

// frozen lists the frozen accounts of the visitor's schools, or of the
// installation.
func (s *Service) frozen(r *web.Request) (web.Answer, error) {
	view := frozenView{Now: r.Tx.Now}
	schools, reaches := frozenIn(r)
	if !reaches {
		return frozenAnswer(r, view), nil
	}
	ids, err := s.Accounts.Frozen(r.Tx, schools...)
	if err != nil {
		return nil, err
	}
	if view.Count, err = s.Accounts.CountFrozen(r.Tx, schools...); err != nil {
		return nil, err
	}
	accounts, err := s.Accounts.Of(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	known, err := directory.SomeByID(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(known, func(a, b directory.Someone) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	for _, who := range known {
		a := accounts[who.ID]
		h := holder{ID: who.ID, Name: who.Name(), State: account.StateOf(a, true), Frozen: a.Frozen}
		h.Detail = r.Printer.Moment(a.Frozen.At, r.Tx.Now)
		switch err := s.MayGive(r, who.ID); {
		case err == nil:
			h.Reopen = frozenPath + "/" + who.ID.String() + "/reopen"
		case !fail.Is(err, fail.Forbidden):
			return nil, err
		}
		view.People = append(view.People, h)
	}
	return frozenAnswer(r, view), nil
}

func frozenAnswer(r *web.Request, v frozenView) web.Page {
	return web.Page{Title: r.Say("accounts.frozen"), Body: frozenPage(v)}
}

// Awaits is what waits here for a head, or for an operator, for their home page:
// the accounts that were frozen.
func (s *Service) Awaits(r *web.Request) ([]ui.Task, error) {
	schools, reaches := frozenIn(r)
	if !reaches || !r.Holds(seeFrozen) {
		return nil, nil
	}
	count, err := s.Accounts.CountFrozen(r.Tx, schools...)
	if err != nil || count == 0 {
		return nil, err
	}
	return []ui.Task{{
		Href: frozenPath, Icon: ui.IconShield, Count: count, Title: r.Say("accounts.frozen"), Text: r.Say("accounts.frozen-task", count),
	}}, nil
}
