package removal

import (
	"slices"
	"time"

	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// outcome is what became of a case.
type outcome string

// The outcomes.
const (
	waiting   outcome = ""
	removing  outcome = "removing" // two agreed; some of it is to go still
	removed   outcome = "removed"
	declined  outcome = "declined"
	withdrawn outcome = "withdrawn" // by whoever asked
	undoing   outcome = "undoing"   // somebody asks that it be put back
	restoring outcome = "restoring" // two agreed on that; some of it is to come back still
	restored  outcome = "restored"
)

// dossier is a case: what somebody asks to take back of what an account sent, and what
// became of it.
type dossier struct {
	ID       school.ID
	School   school.ID // 0: everywhere
	Account  school.ID // 0: somebody who was erased
	Since    time.Time
	Until    time.Time   // zero: no end
	Words    string      // that were looked for
	Things   []school.ID // that were ticked
	Changes  []school.ID // that were, of [past.Change]
	Why      string
	AskedBy  school.ID
	Asked    time.Time
	Outcome  outcome
	Settler  school.ID // who agreed, declined or withdrew
	Settled  time.Time
	Answer   string    // why it was declined
	Removed  int       // how many things were
	Mended   int       // how many are what they were before the account changed them
	Portion  int       // how many things, or changes, go in one transaction, from the day it is asked on
	UndoneBy school.ID // who asks that it be put back
	Undone   time.Time
	// RestoredBy agreed with them.
	RestoredBy school.ID
	Restored   time.Time
}

// sending is what the account sent in the window, whatever its words.
func (d dossier) sending() web.Sending {
	return web.Sending{By: d.Account, School: d.School, Since: d.Since, Until: d.Until}
}

func (d dossier) path() string { return "/removal/case/" + d.ID.String() }

// undoUntil is until when what was removed may be put back.
func (d dossier) undoUntil() time.Time { return d.Settled.Add(undoable) }

// mayUndo tells whether somebody who holds the right may ask that what was removed be put back.
func (d dossier) mayUndo(who school.ID, now time.Time) bool {
	return d.Outcome == removed && who != d.Account && now.Before(d.undoUntil())
}

// settledBy refuses who may not agree nor decline: who asked, and whose account it is.
func (d dossier) settledBy(who school.ID) error {
	if who == d.AskedBy {
		return fail.New(fail.Forbidden, "%s asked for the case %s", who, d.ID).Say("removal.not-alone")
	}
	return d.barred(who)
}

// barred refuses whose account it is.
func (d dossier) barred(who school.ID) error {
	if who == d.Account {
		return fail.New(fail.Forbidden, "the case %s is about %s", d.ID, who).Say("removal.not-oneself")
	}
	return nil
}

// mayTake refuses who may not have a case be removed: a second person agrees, then whoever holds
// the right has what is left of it go.
func (d dossier) mayTake(who school.ID) error {
	if d.Outcome == removing {
		return d.barred(who)
	}
	if err := d.settledBy(who); err != nil {
		return err
	}
	return d.waits()
}

// mayPut refuses who may not have a case be put back: a second person, then anybody, in the same
// way.
func (d dossier) mayPut(who school.ID) error {
	switch err := d.barred(who); {
	case err != nil:
		return err
	case d.Outcome == restoring:
		return nil
	case d.Outcome != undoing:
		return fail.New(fail.Conflict, "the case %s is %s", d.ID, d.Outcome).Say("removal.settled-already")
	case who == d.UndoneBy:
		return fail.New(fail.Forbidden, "%s asked that the case %s be put back", who, d.ID).Say("removal.not-alone-back")
	}
	return nil
}

// awaits tells whether a case waits for somebody who holds the right.
func (d dossier) awaits(who school.ID) bool {
	return d.mayTake(who) == nil || d.mayPut(who) == nil
}

// waits refuses a case that does not wait any more.
func (d dossier) waits() error {
	if d.Outcome != waiting {
		return fail.New(fail.Conflict, "the case %s is %s", d.ID, d.Outcome).Say("removal.settled-already")
	}
	return nil
}

// listed refuses what cannot be read before one agrees: a service lists the last things only,
// and not all that was ticked is among them any more.
func (d dossier) listed(all found) error {
	part := d.part(all)
	shown, changes := part.Count, 0
	for _, c := range part.Changed {
		changes += len(c.Changes)
	}
	if all.More && (shown < len(d.Things) || changes < len(d.Changes)) {
		return fail.New(fail.Conflict, "of the case %s, %d things of %d are listed, and %d changes of %d", d.ID, shown, len(d.Things), changes, len(d.Changes)).Say("removal.not-listed")
	}
	return nil
}

// has tells whether a thing was ticked.
func (d dossier) has(sent web.Sent) bool { return slices.Contains(d.Things, sent.Thing) }

// dossier reads the case of the path, which the visitor's right reaches.
func (s *Service) dossier(r *web.Request) (dossier, error) {
	id, err := r.PathID("case")
	if err != nil {
		return dossier{}, err
	}
	d, err := dossierByID(r.Tx, id)
	if err != nil {
		return d, err
	}
	if d.School == 0 {
		return d, r.Can(everywhere, rights.Whole)
	}
	return d, r.Can(remove, rights.Object{School: d.School})
}
