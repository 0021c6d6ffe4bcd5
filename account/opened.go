package account

import (
	"fmt"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Way is by what an account was opened the last time. The empty way is not known.
type Way string

// The ways.
const (
	BySlip       Way = Way(slip)
	ByMail       Way = Way(mailed)
	ByFederation Way = "federation"
)

// unused is how long an account that was opened may stay without its person
// before a school looks after it.
const unused = 60 * 24 * time.Hour

// Idle tells whether an account was opened, and its person has not been in for
// long.
func (a Account) Idle(now time.Time) bool {
	last := a.Seen
	if last.Before(a.Activated) {
		last = a.Activated
	}
	return !a.Activated.IsZero() && a.Disabled.IsZero() && now.Sub(last) >= unused
}

// noteOpened writes by what an account was opened.
func noteOpened(tx *db.Tx, person school.ID, by Way) error {
	_, err := tx.Exec(`UPDATE account_account SET activated_by = $2 WHERE person_id = $1`, person, string(by))
	return err
}

// OpenedSince counts the accounts of the people of some schools that were
// opened since an instant.
func OpenedSince(tx *db.Tx, since time.Time, schools ...school.ID) (map[school.ID]int, error) {
	counts := make(map[school.ID]int, len(schools))
	if len(schools) == 0 {
		return counts, nil
	}
	err := tx.Each(func(row db.Row) error {
		var at school.ID
		var count int
		err := row.Scan(&at, &count)
		counts[at] = count
		return err
	}, fmt.Sprintf(`SELECT p.school_id, count(DISTINCT p.person_id) FROM `+ofSchools+` p
		JOIN account_account a ON a.person_id = p.person_id AND a.disabled_at IS NULL
		WHERE a.activated_at >= $2 GROUP BY p.school_id`, tx.Among(3)), db.At(tx.Now), db.At(since), db.List(tx, schools))
	if err != nil {
		return nil, fmt.Errorf("counting the accounts opened since: %w", err)
	}
	return counts, nil
}
