package accounts

import (
	"slices"
	"strings"
	"time"

	"preau/account"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

const frozenPath = "/accounts/frozen"

// frozenView is the accounts that were frozen.
type frozenView struct {
	People  []holder
	Count   int  // with those that are not listed
	Project bool // of the whole installation
	Now     time.Time
}

// byCommand tells that some are opened by their school, or else by a command on the
// server.
func (v frozenView) byCommand() bool {
	return slices.ContainsFunc(v.People, func(h holder) bool { return h.Command != "" })
}

// frozen lists the frozen accounts of the visitor's schools, or of the
// installation.
func (s *Service) frozen(r *web.Request) (web.Answer, error) {
	view := frozenView{Project: r.Can(seeFrozen, rights.Whole) == nil, Now: r.Tx.Now}
	schools, reaches := frozenIn(r)
	if !reaches {
		return frozenAnswer(r, view), nil
	}
	ids, err := account.Frozen(r.Tx, schools...)
	if err != nil {
		return nil, err
	}
	if view.Count, err = account.CountFrozen(r.Tx, schools...); err != nil {
		return nil, err
	}
	accounts, err := account.Of(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	known, err := directory.SomeByID(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	roles, err := rolesOf(r, ids)
	if err != nil {
		return nil, err
	}
	refused, err := s.Refuse(r, ids...)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(known, func(a, b directory.Someone) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	for _, who := range known {
		if err := s.Accounts.Look(r, who.ID, 0); err != nil {
			return nil, err
		}
		a := accounts[who.ID]
		h := holder{ID: who.ID, Name: who.Name(), State: account.StateOf(a, true), Frozen: a.Frozen}
		h.Detail = i18n.Dots(roles[who.ID], r.Printer.Moment(a.Frozen.At, r.Tx.Now))
		switch {
		case refused[who.ID] == nil:
			h.Reopen = frozenPath + "/" + who.ID.String() + "/reopen"
		case view.Project: // who gives this person no code answers for the server
			h.Command = "preau admin reopen " + a.Login.String()
		}
		view.People = append(view.People, h)
	}
	return frozenAnswer(r, view), nil
}

// rolesOf says what each of some people is where the visitor opens accounts again:
// "Élève · CP A", "Enseignement". Who works above the schools is said by profile.
func rolesOf(r *web.Request, people []school.ID) (map[school.ID]string, error) {
	seen, err := seenFrozen(r, people...)
	if err != nil {
		return nil, err
	}
	roles := make(map[school.ID]string, len(people))
	for _, id := range people {
		var words []string
		for _, tie := range seen[id].Ties {
			words = append(words, i18n.Dots(r.Say(roleKey(tie.As)), tie.ClassLabel, placeOf(r, tie)))
		}
		if len(words) == 0 {
			hats, err := directory.Hats(r.Tx, id)
			if err != nil {
				return nil, err
			}
			for _, hat := range hats {
				words = append(words, r.Say(roleKey(hat)))
			}
		}
		slices.Sort(words)
		roles[id] = strings.Join(slices.Compact(words), ", ")
	}
	return roles, nil
}

// seenFrozen finds what ties some people to where the visitor opens accounts again.
func seenFrozen(r *web.Request, people ...school.ID) (map[school.ID]directory.Seen, error) {
	gate := func(columns rights.Columns, args ...any) (string, []any) { return r.Scope(seeFrozen, columns, args...) }
	return directory.SeeSome(r.Tx, directory.Sight{Pupils: gate, Guardians: gate, Staff: gate}, people...)
}

// roleKey is the key of what somebody is.
func roleKey(profile school.Profile) string {
	switch profile {
	case school.Pupil:
		return "accounts.pupil"
	case school.Guardian:
		return "accounts.guardian"
	}
	return directory.ProfileKey(profile, "", false)
}

// placeOf names the school, to whom has several.
func placeOf(r *web.Request, tie directory.Tie) string {
	if len(r.Actor.Schools) == 1 {
		return ""
	}
	return tie.SchoolName
}

func frozenAnswer(r *web.Request, v frozenView) web.Page {
	return web.Page{Title: r.Say("accounts.frozen"), Body: frozenPage(v)}
}

// Awaits is what waits here for a head, or for an operator, for their home page:
// the switches that are on, the accounts that were frozen, and the doors that
// refused.
func (s *Service) Awaits(r *web.Request) ([]ui.Task, error) {
	schools, reaches := frozenIn(r)
	if !reaches || !r.Holds(seeFrozen) {
		return nil, nil
	}
	count, err := account.CountFrozen(r.Tx, schools...)
	if err != nil {
		return nil, err
	}
	tasks, err := s.awaitsSwitches(r)
	if err != nil {
		return nil, err
	}
	if count > 0 {
		tasks = append(tasks, ui.Task{
			Href: frozenPath, Icon: ui.IconShield, Count: count, Title: r.Say("accounts.frozen"), Text: r.Say("accounts.frozen-task", count),
		})
	}
	refused, err := refusedDoors(r)
	return append(tasks, refused...), err
}
