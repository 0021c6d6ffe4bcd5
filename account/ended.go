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
	people, err := db.All(tx, db.Column[school.ID], `DELETE FROM account_code WHERE grant_id = $1 AND expires_at > $2 RETURNING person_id`, loan, db.At(tx.Now))
	if err != nil {
		return err
	}
	for _, person := range slices.Sorted(slices.Values(people)) {
		if err := a.journalAccount(tx, audit.Entry{By: by, Action: actCodeAnnul, Subject: person}); err != nil {
			return err
		}
	}
	return nil
}

// EndPost ends what somebody left in the posts of a structure that they hold no more:
// what was lent to them there, and what they gave as its acting head; the codes that
// they handed out and that have not served, each of whose people needs another one; and
// the posters and the tablets of classes, with who came in by them. None of it opened
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
	people, err := db.All(tx, db.Column[school.ID], `DELETE FROM account_code WHERE expires_at > $1 AND (person_id = $2 AND $3
		OR made_by = $2 AND NOT `+standing("account_code")+`) RETURNING person_id`, db.At(tx.Now), person, len(left) == 0)
	if err != nil {
		return err
	}
	slices.Sort(people)
	for _, one := range slices.Compact(people) { // who was mailed one too
		if err := a.journalAccount(tx, audit.Entry{By: by, Action: actCodeAnnul, Subject: one}); err != nil {
			return err
		}
	}
	doors, err := db.All(tx, scanDoor, `SELECT `+doorColumns+` FROM account_class_door
		WHERE made_by = $2 AND expires_at > $1 AND NOT `+standing("account_class_door"), db.At(tx.Now), person)
	for _, d := range doors {
		if err == nil {
			err = shutDoors(tx, `id = $1`, d.ID)
		}
		if err == nil {
			err = a.journalDoor(tx, d, actDoorEnd, d.at, by)
		}
	}
	return err
}
