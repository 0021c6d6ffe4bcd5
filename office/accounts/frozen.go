package accounts

import (
	"time"

	"preau/account"
	"preau/core/fail"
	"preau/core/ui"
	"preau/core/web"
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
	people, count, err := s.frozenOf(r)
	if err != nil {
		return nil, err
	}
	view := frozenView{Count: count, Now: r.Tx.Now}
	for _, who := range people {
		accounts, err := s.Accounts.Of(r.Tx, who.ID)
		if err != nil {
			return nil, err
		}
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
	return web.Page{Title: r.Say("accounts.frozen"), Body: frozenPage(view)}, nil
}

// Awaits is what waits here for a head, or for an operator, for their home page:
// the accounts that were frozen.
func (s *Service) Awaits(r *web.Request) ([]ui.Task, error) {
	_, count, err := s.frozenOf(r)
	if err != nil || count == 0 {
		return nil, err
	}
	return []ui.Task{{
		Href: frozenPath, Icon: ui.IconShield, Count: count, Title: r.Say("accounts.frozen"), Text: r.Say("accounts.frozen-task", count),
	}}, nil
}
