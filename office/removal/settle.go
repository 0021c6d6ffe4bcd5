package removal

import (
	"slices"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/fail"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/search"
	"preau/core/web"
)

// agree removes what was ticked, and has what was changed be what it was: a second person read
// it. What is looked for again is read before anything is written, and what was ticked then goes
// by its identifiers, some of it at a time. Where that is not done in time, it goes on when
// somebody says so.
func (s *Service) agree(r *web.Request) (web.Answer, error) {
	var d dossier
	err := r.Read(func() (err error) {
		if d, err = s.dossier(r); err == nil {
			err = d.mayTake(r.Actor.Person)
		}
		if err != nil || d.Outcome == removing {
			return err
		}
		return s.readAgain(r, d)
	})
	if err == nil && d.Outcome == waiting {
		err = r.Write(func() error {
			d.Outcome, d.Settler, d.Settled = removing, r.Actor.Person, r.Tx.Now
			if err := settle(r.Tx, d, waiting); err != nil {
				return err
			}
			return s.write(r.Tx, r.By(), account.ActRemoveSent, d)
		})
	}
	if err != nil {
		return nil, err
	}
	done, err := s.takeAll(r)
	return d.goesOn(done, "removal.is-removed"), err
}

// readAgain refuses a case of which not all that was ticked can be read before one agrees, or of
// which nothing is left.
func (s *Service) readAgain(r *web.Request, d dossier) error {
	all, err := s.sent(r, d.sending(), search.Query{})
	if err == nil {
		err = d.listed(all)
	}
	if err != nil {
		return err
	}
	if part := d.part(all); part.Count+part.would() == 0 {
		return fail.New(fail.Conflict, "nothing is left of the case %s", d.ID).Say("removal.nothing-left")
	}
	return nil
}

// goesOn leads back to a case, and says whether what was asked is done.
func (d dossier) goesOn(done bool, notice string) web.Redirect {
	if !done {
		return web.Redirect{To: d.path(), Notice: "removal.goes-on", Info: true}
	}
	return web.Redirect{To: d.path(), Notice: notice}
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

// withdraw ends a case by whoever asked for it.
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

// undo asks that what was removed be put back: what two people agreed on, two undo.
func (s *Service) undo(r *web.Request) (web.Answer, error) {
	d, err := s.dossier(r)
	if err == nil {
		err = d.barred(r.Actor.Person)
	}
	if err == nil && !d.mayUndo(r.Actor.Person, r.Tx.Now) {
		err = fail.New(fail.Conflict, "the case %s is not undone", d.ID).Say("removal.undone-late")
	}
	if err != nil {
		return nil, err
	}
	d.Outcome, d.UndoneBy, d.Undone = undoing, r.Actor.Person, r.Tx.Now
	if err := settle(r.Tx, d, removed); err != nil {
		return nil, err
	}
	return s.said(r, d, account.ActAskRestore, "removal.is-asked-back")
}

// leave has what was removed stay away: a second person does not agree, or who asked for it does
// not any more.
func (s *Service) leave(r *web.Request) (web.Answer, error) {
	d, err := s.dossier(r)
	if err == nil {
		err = d.barred(r.Actor.Person)
	}
	if err != nil {
		return nil, err
	}
	d.Outcome, d.UndoneBy, d.Undone = removed, 0, time.Time{}
	if err := settle(r.Tx, d, undoing); err != nil {
		return nil, err
	}
	return s.said(r, d, account.ActLeaveRemoved, "removal.is-left")
}

// restore puts back what was removed: a second person agrees. It goes as [Service.agree] does.
// What is kept stays until its term: justice may need what was put back too.
func (s *Service) restore(r *web.Request) (web.Answer, error) {
	var d dossier
	err := r.Read(func() (err error) {
		if d, err = s.dossier(r); err == nil {
			err = d.mayPut(r.Actor.Person)
		}
		return err
	})
	if err == nil && d.Outcome == undoing {
		err = r.Write(func() error {
			d.Outcome, d.RestoredBy, d.Restored = restoring, r.Actor.Person, r.Tx.Now
			if err := settle(r.Tx, d, undoing); err != nil {
				return err
			}
			return s.write(r.Tx, r.By(), account.ActRestoreSent, d)
		})
	}
	if err != nil {
		return nil, err
	}
	done, whole, err := s.putAll(r)
	notice := "removal.is-restored"
	if !whole {
		notice = "removal.is-restored-partly"
	}
	return d.goesOn(done, notice), err
}

// said journals what became of a case, and leads back to it.
func (s *Service) said(r *web.Request, d dossier, act audit.Action, notice string) (web.Answer, error) {
	return web.Redirect{To: d.path(), Notice: notice}, s.write(r.Tx, r.By(), act, d)
}
