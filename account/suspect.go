package account

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
)

// suspects is how long before their account was shut what somebody handed out may be a
// thief's.
const suspects = 7 * 24 * time.Hour

// handedOut is where what somebody hands out is: codes that have not served, the badges,
// the posters and the tablets of classes, and the children whose badge is allowed at
// home; with whoever handed it out, and when.
var handedOut = []struct{ table, by, at string }{
	{"account_code", "made_by", "made_at"},
	{"account_class_door", "made_by", "made_at"},
	{"account_home", "allowed_by", "allowed_at"},
}

// suspected is the condition that something that was handed out is suspended.
const suspected = `suspected_at IS NOT NULL`

// suspend suspends what somebody handed out lately, as their account is shut: who came
// in by it is out. It is written on each thing, so that it opens nothing whatever becomes
// of the account, until whoever opens it says that it was its person, see [trust], or
// that it was not, see [Accounts.endSuspected]. What they wrote for later is kept back.
func (a *Accounts) suspend(tx *db.Tx, person school.ID) error {
	for _, of := range handedOut {
		_, err := tx.Exec(`UPDATE `+of.table+` SET suspected_at = $2 WHERE `+of.by+` = $1 AND `+of.at+` > $3 AND suspected_at IS NULL`,
			person, db.At(tx.Now), db.At(tx.Now.Add(-suspects)))
		if err != nil {
			return fmt.Errorf("suspending what %d handed out: %w", person, err)
		}
	}
	const doors, homes = ` FROM account_class_door WHERE made_by = $1 AND ` + suspected, ` FROM account_home WHERE allowed_by = $1 AND ` + suspected
	for _, step := range []string{
		`UPDATE account_class_door SET name = name WHERE child_id IN (SELECT person_id` + homes + `)`, // as in hold
		`DELETE FROM account_session WHERE door_id IN (SELECT id` + doors + `)`,
		`DELETE FROM account_session WHERE door_id IS NOT NULL AND person_id IN (SELECT child_id` + doors + ` AND child_id IS NOT NULL)`,
		`DELETE FROM account_session WHERE person_id IN (SELECT person_id` + homes + `)
			AND door_id IN (SELECT id FROM account_class_door WHERE child_id IS NOT NULL)`,
	} {
		if _, err := tx.Exec(step, person); err != nil {
			return fmt.Errorf("closing what %d opened: %w", person, err)
		}
	}
	return a.withhold(tx, person)
}

// withhold has what somebody wrote for later be kept back: see [Accounts.Withhold].
func (a *Accounts) withhold(tx *db.Tx, person school.ID) error {
	if a.Withhold == nil {
		return nil
	}
	return a.Withhold(tx, person)
}

// WithholdShut has what somebody wrote for later be kept back where their account is shut: what is
// put back in the rooms meanwhile may be that.
func (a *Accounts) WithholdShut(tx *db.Tx, person school.ID) error {
	accounts, err := Of(tx, person)
	if err != nil || accounts[person].Disabled.IsZero() {
		return err
	}
	return a.withhold(tx, person)
}

// trust has what somebody handed out serve again: it was them all along.
func trust(tx *db.Tx, person school.ID) error {
	for _, of := range handedOut {
		if _, err := tx.Exec(`UPDATE `+of.table+` SET suspected_at = NULL WHERE `+of.by+` = $1 AND `+suspected, person); err != nil {
			return fmt.Errorf("trusting what %d handed out: %w", person, err)
		}
	}
	return nil
}

// giveSuspected gives what is suspended of one person to another, who answers for it.
func giveSuspected(tx *db.Tx, from, to school.ID) error {
	for _, of := range handedOut {
		if _, err := tx.Exec(`UPDATE `+of.table+` SET `+of.by+` = $2 WHERE `+of.by+` = $1 AND `+suspected, from, to); err != nil {
			return fmt.Errorf("giving what %d handed out to %d: %w", from, to, err)
		}
	}
	return nil
}

// Suspected counts what was handed out with an account that was shut since, and opens
// nothing meanwhile.
func Suspected(tx *db.Tx, person school.ID) (int, error) {
	var counts []string
	for _, of := range handedOut {
		count := `(SELECT count(*) FROM ` + of.table + ` WHERE ` + of.by + ` = $1 AND ` + suspected
		if of.table != "account_home" {
			count += ` AND expires_at > $2`
		}
		counts = append(counts, count+`)`)
	}
	return db.One(tx, db.Column[int], `SELECT `+strings.Join(counts, " + "), person, db.At(tx.Now))
}

// HandedLately counts what some people handed out in the last week, and still opens
// something or would: where their passwords were stolen, a thief may have.
func HandedLately(tx *db.Tx, people ...school.ID) (n int, err error) {
	for some := range slices.Chunk(people, perLookup) {
		for _, of := range handedOut {
			query, args := `SELECT count(*) FROM `+of.table+` WHERE `+of.by+` IN (`+db.In(some)+`) AND `+of.at+` > $1`, []any{db.At(tx.Now.Add(-suspects))}
			if of.table != "account_home" {
				query, args = query+` AND expires_at > $2`, append(args, db.At(tx.Now))
			}
			one, err := db.One(tx, db.Column[int], query, args...)
			if err != nil {
				return 0, fmt.Errorf("counting what was handed out: %w", err)
			}
			n += one
		}
	}
	return n, nil
}

// endSuspected ends it: a thief may have handed it out.
func (a *Accounts) endSuspected(tx *db.Tx, person school.ID, by audit.By) error {
	if err := a.endCodes(tx, by, `made_by = $2 AND `+suspected, person); err != nil {
		return err
	}
	if err := a.endDoors(tx, by, `made_by = $2 AND `+suspected, person); err != nil {
		return err
	}
	children, err := db.All(tx, db.Column[school.ID], `DELETE FROM account_home WHERE allowed_by = $1 AND `+suspected+` RETURNING person_id`, person)
	for _, child := range children {
		if err == nil {
			err = a.journalAccount(tx, audit.Entry{By: by, Action: actHomeForbid, Subject: child})
		}
	}
	return err
}

// SuspectedDoors lists the ways into classes that [Suspected] counts, badges too, by
// class: posters first, then tablets.
func SuspectedDoors(tx *db.Tx, person school.ID) ([]ClassDoor, error) {
	return db.All(tx, scanDoor, `SELECT `+doorColumns+` FROM account_class_door WHERE made_by = $2 AND expires_at > $1 AND `+suspected+`
		ORDER BY class_id, tablet, id`, db.At(tx.Now), person)
}
