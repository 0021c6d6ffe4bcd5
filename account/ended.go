package account

import (
	"slices"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// HandedUnder counts the codes that were handed out under a loan, and that have not
// served.
func HandedUnder(tx *db.Tx, loan school.ID) (int, error) {
	return db.One(tx, db.Column[int], `SELECT count(*) FROM account_code WHERE grant_id = $2 AND `+waits("account_code"), db.At(tx.Now), loan)
}

// Annul ends the codes that were handed out under a loan: each of their people
// needs another one.
func (a *Accounts) Annul(tx *db.Tx, loan school.ID, by audit.By) error {
	return a.endCodes(tx, by, `grant_id = $2`, loan)
}

// EndPost ends what somebody left in the posts of a structure that they hold no more:
// what was lent to them there, and what they gave as its acting head; the codes that
// they handed out and that have not served, each of whose people needs another one; and
// the posters and the tablets of classes, with whoever came in by them. None of it opened
// anything any more, and no later post brings it back. Nor does the code that they were
// handed themself open anything, when they are nothing any more.
func (a *Accounts) EndPost(tx *db.Tx, at, person school.ID, by audit.By) error {
	ended, err := directory.EndHeld(tx, at, person)
	if err != nil {
		return err
	}
	for _, g := range ended {
		e := audit.Entry{By: by, Action: ActTakeBack, Kind: "grant", Object: g.ID, Subject: g.Person, School: at}
		if g.Function != "" {
			e.Action, e.Detail = ActRecall, audit.Detail{"function": string(g.Function)}
		}
		if err := a.Log.Write(tx, e); err != nil {
			return err
		}
		if err := a.Annul(tx, g.ID, by); err != nil {
			return err
		}
	}
	left, err := a.Standing(tx, person)
	if err != nil {
		return err
	}
	if len(left) == 0 {
		if err := a.endCodes(tx, by, `person_id = $2`, person); err != nil {
			return err
		}
	}
	if err := a.endCodes(tx, by, `made_by = $2 AND post <> '' AND NOT `+held("account_code"), person); err != nil {
		return err
	}
	return a.endDoors(tx, by, `made_by = $2 AND post <> '' AND NOT `+held("account_class_door"), person)
}

// EndRoom ends what somebody handed out in a class that is taken from them, by a post
// that has an end: the codes of its pupils that have not served, the badges, the posters
// and the tablets. What who has a post for good handed out is the class's, but tablets.
func (a *Accounts) EndRoom(tx *db.Tx, class, person school.ID, by audit.By) error {
	err := a.endCodes(tx, by, `made_by = $2 AND post <> '' AND person_id IN (
		SELECT m.person_id FROM directory_membership m WHERE m.class_id = $3 AND m.role = 'pupil' AND `+directory.During("m", 1)+`)`, person, class)
	if err != nil {
		return err
	}
	return a.endDoors(tx, by, `made_by = $2 AND post <> '' AND class_id = $3`, person, class)
}

// endCodes ends some of the codes that wait at the instant $1, and journals it for each of their people.
func (a *Accounts) endCodes(tx *db.Tx, by audit.By, where string, args ...any) error {
	people, err := db.All(tx, db.Column[school.ID], `DELETE FROM account_code WHERE expires_at > $1 AND (`+where+`) RETURNING person_id`,
		append([]any{db.At(tx.Now)}, args...)...)
	if err != nil {
		return err
	}
	slices.Sort(people)
	for _, one := range slices.Compact(people) { // who was mailed one too
		if err := a.journalAccount(tx, audit.Entry{By: by, Action: actCodeAnnul, Subject: one}); err != nil {
			return err
		}
	}
	return nil
}

// endDoors ends some of the ways into classes that open at the instant $1, with whoever came
// in by them.
func (a *Accounts) endDoors(tx *db.Tx, by audit.By, where string, args ...any) error {
	doors, err := db.All(tx, scanDoor, `SELECT `+doorColumns+` FROM account_class_door WHERE expires_at > $1 AND (`+where+`)`,
		append([]any{db.At(tx.Now)}, args...)...)
	if err != nil {
		return err
	}
	for _, d := range doors {
		if err := shutDoors(tx, `id = $1`, d.ID); err != nil {
			return err
		}
		if err := a.journalDoor(tx, d, actDoorEnd, d.at, by); err != nil {
			return err
		}
	}
	return nil
}
