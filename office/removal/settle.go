package removal

import (
	"slices"

	"preau/account"
	"preau/core/audit"
	"preau/core/fail"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/search"
	"preau/core/web"
)

// agree removes what was ticked, and has what was changed be what it was: a second person read
// it.
func (s *Service) agree(r *web.Request) (web.Answer, error) {
	d, err := s.dossier(r)
	if err == nil {
		err = d.settledBy(r.Actor.Person)
	}
	if err == nil {
		err = d.waits()
	}
	if err != nil {
		return nil, err
	}
	all, err := s.sent(r, d.sending(), search.Query{})
	if err == nil {
		err = d.listed(all)
	}
	if err != nil {
		return nil, err
	}
	d.Outcome, d.Settler, d.Settled = removed, r.Actor.Person, r.Tx.Now
	if err := settle(r.Tx, d, waiting); err != nil {
		return nil, err
	}
	rows, err := s.remove(r.Tx, d.Things)
	if err != nil {
		return nil, err
	}
	d.Removed = count(rows, d.Things)
	made, mended, err := s.mend(r, d, d.part(all).Changed)
	if err != nil {
		return nil, err
	}
	rows, d.Mended = append(rows, made...), mended
	if d.Removed+d.Mended == 0 {
		return nil, fail.New(fail.Conflict, "nothing is left of the case %s", d.ID).Say("removal.nothing-left")
	}
	evidence, err := s.seal(d.ID, rows)
	if err != nil {
		return nil, err
	}
	if err := keep(r.Tx, d, evidence, s.Tables.FilesOf(rows)); err != nil {
		return nil, err
	}
	return s.said(r, d, account.ActRemoveSent, "removal.is-removed")
}

// count is how many of some things are among rows.
func count(rows []personal.Row, things []school.ID) (n int) {
	for _, row := range rows {
		for _, id := range ids(row, []string{"id"}) {
			if slices.Contains(things, id) {
				n++
			}
		}
	}
	return n
}

// longestWhy is how many letters a reason has.
const longestWhy = 300

// decline leaves everything where it is, and says why.
func (s *Service) decline(r *web.Request) (web.Answer, error) {
	d, err := s.dossier(r)
	if err == nil {
		err = d.settledBy(r.Actor.Person)
	}
	if err == nil {
		err = d.waits()
	}
	if err != nil {
		return nil, err
	}
	d.Answer, err = r.Text("answer", longestWhy)
	if err == nil && d.Answer == "" {
		err = fail.New(fail.Invalid, "the case %s is declined for nothing", d.ID).Say("removal.no-answer").At("answer")
	}
	if form, again := r.Again(err); again {
		return s.showPage(r, d, form)
	}
	if err != nil {
		return nil, err
	}
	d.Outcome, d.Settler, d.Settled = declined, r.Actor.Person, r.Tx.Now
	if err := settle(r.Tx, d, waiting); err != nil {
		return nil, err
	}
	return s.said(r, d, account.ActDeclineRemoval, "removal.is-declined")
}

// withdraw ends a case by who asked for it.
func (s *Service) withdraw(r *web.Request) (web.Answer, error) {
	d, err := s.dossier(r)
	if err == nil && d.AskedBy != r.Actor.Person {
		err = fail.New(fail.Forbidden, "%s did not ask for the case %s", r.Actor.Person, d.ID).Say("removal.not-asked")
	}
	if err == nil {
		err = d.waits()
	}
	if err != nil {
		return nil, err
	}
	d.Outcome, d.Settler, d.Settled = withdrawn, r.Actor.Person, r.Tx.Now
	if err := settle(r.Tx, d, waiting); err != nil {
		return nil, err
	}
	return s.said(r, d, account.ActWithdrawRemoval, "removal.is-withdrawn")
}

// undo puts back what was removed, and forgets the evidence: not where some of it stays away,
// which is nowhere else.
func (s *Service) undo(r *web.Request) (web.Answer, error) {
	d, err := s.dossier(r)
	if err != nil {
		return nil, err
	}
	switch {
	case r.Actor.Person == d.Account:
		return nil, fail.New(fail.Forbidden, "the case %s is about %s", d.ID, d.Account).Say("removal.not-oneself")
	case !d.mayUndo(r.Actor.Person, r.Tx.Now):
		return nil, fail.New(fail.Conflict, "the case %s is not undone", d.ID).Say("removal.undone-late")
	}
	d.Outcome, d.UndoneBy, d.Undone = restored, r.Actor.Person, r.Tx.Now
	if err := settle(r.Tx, d, removed); err != nil {
		return nil, err
	}
	rows, err := s.unseal(r.Tx, d.ID)
	if err != nil {
		return nil, err
	}
	rows, unmended, err := s.unmend(r, d, rows)
	if err != nil {
		return nil, err
	}
	whole, err := s.restore(r.Tx, rows)
	if err == nil && whole && unmended {
		err = drop(r.Tx, d)
	}
	if err != nil {
		return nil, err
	}
	notice := "removal.is-restored"
	if !unmended {
		notice = "removal.is-restored-partly"
	}
	return s.said(r, d, account.ActRestoreSent, notice)
}

// said journals what became of a case, and leads back to it.
func (s *Service) said(r *web.Request, d dossier, act audit.Action, notice string) (web.Answer, error) {
	return web.Redirect{To: d.path(), Notice: notice}, s.write(r.Tx, r.By(), act, d)
}
