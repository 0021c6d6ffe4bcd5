package account

import (
	"fmt"
	"slices"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/mail"
	"preau/core/school"
	"preau/directory"
)

// Cause is why an account was frozen.
type Cause string

// The causes: the word of its person, that of their school, and what trips the
// breaker (breaker.go).
const (
	Contested   Cause = "contested"
	WrongPerson Cause = "wrong-person"
	Sprayed     Cause = "sprayed"
	Unusual     Cause = "unusual"
	Mass        Cause = "mass"
)

// Verifiable tells whether it may have been the person all along: nobody said that
// it was not.
func (c Cause) Verifiable() bool { return c != Contested && c != WrongPerson }

// What SQL says of an account that is frozen, and for such a cause.
const (
	frozen     = `frozen_at IS NOT NULL`
	verifiable = frozen + ` AND frozen_why NOT IN ('` + string(Contested) + `', '` + string(WrongPerson) + `')`
)

// Freeze is an account that was shut for its person: nobody is in, and nobody comes
// in, until their school opens it.
type Freeze struct {
	At   time.Time
	Why  Cause
	From string // the network of what tripped the breaker; empty when it is not known, or somebody said so
}

// thawed says in SQL that an account is not frozen.
const thawed = `frozen_at = NULL, frozen_why = '', frozen_from = ''`

// freeze shuts an account, by whom unless it is 0, closes its sessions, and tells
// its person, the heads of their schools and those who support Préau. One that is
// disabled already stays so for its first reason.
func (a *Accounts) freeze(tx *db.Tx, person school.ID, by audit.By, why Cause, from Origin) error {
	action, what, where := actContest, accountDisabled, ""
	switch {
	case why == WrongPerson:
		action = actContestSchool
	case why.Verifiable():
		action, what = actFreeze, accountFrozen
		if from.IP.IsValid() {
			where = networkTold(from)
		}
	}
	n, err := tx.Exec(`UPDATE account_account SET disabled_at = $2, frozen_at = $2, frozen_why = $3, frozen_from = $4
		WHERE person_id = $1 AND disabled_at IS NULL`, person, db.At(tx.Now), string(why), where)
	if err != nil {
		return err
	}
	if err := endMerged(tx, person); err != nil {
		return err
	}
	if err := end(tx, person); err != nil || n == 0 {
		return err
	}
	if err := a.suspend(tx, person); err != nil {
		return err
	}
	if err := a.journalAccount(tx, audit.Entry{
		By: by, Action: action, Subject: person, Detail: audit.Detail{"why": string(why)},
	}); err != nil {
		return err
	}
	if err := a.announce(tx, person, what, Origin{}); err != nil {
		return err
	}
	return a.alert(tx, person, by.Actor)
}

// alert tells the heads of somebody's schools, and those who support Préau, that
// an account is frozen, but by whoever froze it: whose it is, they read once they are
// in.
func (a *Accounts) alert(tx *db.Tx, person, by school.ID) error {
	if a.Mail == nil {
		return nil
	}
	standing, err := a.Standing(tx, person)
	if err != nil {
		return err
	}
	schools := make([]school.ID, len(standing))
	for i, post := range standing {
		schools[i] = post.Structure
	}
	heads, err := directory.HeadsOf(tx, schools...)
	if err != nil {
		return err
	}
	told, err := directory.Support(tx)
	if err != nil {
		return err
	}
	for _, head := range heads {
		told = append(told, head.ID)
	}
	slices.Sort(told) // two that are frozen at once take turns
	for _, who := range slices.Compact(told) {
		if who == person || who == by {
			continue
		}
		to, err := a.box(tx, who, alerts)
		if err != nil {
			return err
		}
		if to == "" {
			continue
		}
		say, err := a.sayer(tx, who, Origin{})
		if err != nil {
			return err
		}
		if err := a.Mail.Outbox.Put(tx, who, mail.Message{
			To: to, Subject: say.Say("account.mail-alert-subject"),
			Text: paragraphs(say.Say("account.mail-hello"), say.Say("account.mail-alert", a.Mail.URL+"/accounts/frozen"), say.Say("account.mail-foot")),
		}); err != nil {
			return err
		}
	}
	return nil
}

// maxFrozen is how many frozen accounts a page lists.
const maxFrozen = 200

// Frozen gives the frozen accounts of the people of some schools, or of everybody
// when no school is named, the last first: two hundred at most.
func Frozen(tx *db.Tx, schools ...school.ID) ([]school.ID, error) {
	where, args := frozenOf(tx, schools)
	people, err := db.All(tx, db.Column[school.ID], fmt.Sprintf(`SELECT a.person_id %s ORDER BY a.frozen_at DESC, a.person_id LIMIT %d`, where, maxFrozen), args...)
	if err != nil {
		return nil, fmt.Errorf("listing the frozen accounts: %w", err)
	}
	return people, nil
}

// CountFrozen counts them, those that are not listed too.
func CountFrozen(tx *db.Tx, schools ...school.ID) (int, error) {
	where, args := frozenOf(tx, schools)
	return db.One(tx, db.Column[int], `SELECT count(*) `+where, args...)
}

// FrozenIn counts those of each of some schools.
func (a *Accounts) FrozenIn(tx *db.Tx, schools ...school.ID) (map[school.ID]int, error) {
	counts := map[school.ID]int{}
	if len(schools) == 0 {
		return counts, nil
	}
	return counts, tx.Each(func(row db.Row) error {
		var at school.ID
		var count int
		err := row.Scan(&at, &count)
		counts[at] = count
		return err
	}, `SELECT p.school_id, count(DISTINCT p.person_id) FROM `+ofSchools(tx.Among(2))+` p
		JOIN account_account a ON a.person_id = p.person_id AND `+isFrozen+` GROUP BY p.school_id`, db.At(tx.Now), db.List(tx, schools))
}

// IsFrozen tells whether somebody is one of them.
func IsFrozen(tx *db.Tx, person school.ID, schools ...school.ID) (bool, error) {
	where, args := frozenOf(tx, schools)
	return db.One(tx, db.Column[bool], fmt.Sprintf(`SELECT EXISTS (SELECT 1 %s AND a.person_id = $%d)`, where, len(args)+1), append(args, person)...)
}

// isFrozen says in SQL that the account a is frozen at the instant $1.
const isFrozen = `a.frozen_at <= $1 AND a.disabled_at IS NOT NULL`

// frozenOf says in SQL which accounts are frozen, of the people of some schools at
// the instant $1, or of everybody.
func frozenOf(tx *db.Tx, schools []school.ID) (where string, args []any) {
	where, args = `FROM account_account a WHERE `+isFrozen, []any{db.At(tx.Now)}
	if len(schools) > 0 {
		where += ` AND a.person_id IN (SELECT p.person_id FROM ` + ofSchools(tx.Among(2)) + ` p)`
		args = append(args, db.List(tx, schools))
	}
	return where, args
}

// Verify opens a frozen account as it was: whoever says so has seen that it was
// the person all along. The breaker then leaves them alone for a day. An account
// that is not frozen, or not for a cause that is [Cause.Verifiable], is fail.NotFound.
func (a *Accounts) Verify(tx *db.Tx, person school.ID, by audit.By) error {
	if err := a.thaw(tx, person, by, verifiable, `verified_at = $2`, ActVerify); err != nil {
		return err
	}
	if err := trust(tx, person); err != nil {
		return err
	}
	for _, bucket := range a.peopleThrottles(person) {
		if err := bucket.forget(tx); err != nil {
			return err
		}
	}
	return a.announce(tx, person, accountEnabled, Origin{})
}

// Reopen opens a frozen account for its person alone. Its password is gone, and so
// are its second factors and the devices where it was used: whoever reopens it
// hands out a code. What was handed out with it lately ends. An account that is not frozen is fail.NotFound.
func (a *Accounts) Reopen(tx *db.Tx, person school.ID, by audit.By) error {
	if err := a.endSuspected(tx, person, by); err != nil {
		return err
	}
	if err := a.thaw(tx, person, by, frozen, unopened+`, verified_at = $2`, ActReopen); err != nil {
		return err
	}
	if err := endMerged(tx, person); err != nil {
		return err
	}
	if err := spendContests(tx, person, SpentRenewed); err != nil {
		return err
	}
	if err := endWays(tx, person); err != nil {
		return err
	}
	// A thief may have added one of theirs.
	if _, err := tx.Exec(`DELETE FROM account_factor WHERE person_id = $1`, person); err != nil {
		return err
	}
	if err := endRecovery(tx, person); err != nil {
		return err
	}
	return a.announce(tx, person, accountReopened, Origin{})
}

// thaw opens an account that is frozen, as a condition says, changes it at the
// instant $2, and journals what was done.
func (a *Accounts) thaw(tx *db.Tx, person school.ID, by audit.By, where, change string, action audit.Action) error {
	n, err := tx.Exec(`UPDATE account_account SET disabled_at = NULL, `+thawed+`, `+change+`
		WHERE person_id = $1 AND disabled_at IS NOT NULL AND `+where, person, db.At(tx.Now))
	if err != nil {
		return err
	}
	if n == 0 {
		return fail.New(fail.NotFound, "the account of %d is not frozen", person)
	}
	return a.journalAccount(tx, audit.Entry{By: by, Action: action, Subject: person})
}
