package account

import (
	"fmt"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Pending is a code that was handed out and may still be used. What it says
// is known to nobody but who holds it.
type Pending struct {
	Made    time.Time
	By      school.ID
	Expires time.Time
}

// PendingOf gives the codes that people were handed and have not used.
func PendingOf(tx *db.Tx, people ...school.ID) (map[school.ID]Pending, error) {
	codes, err := ofEach(tx, people, func(row db.Row) (person school.ID, code Pending, err error) {
		var made, expires db.Time
		err = row.Scan(&person, &made, &code.By, &expires)
		code.Made, code.Expires = made.Time, expires.Time
		return person, code, err
	}, `SELECT person_id, made_at, made_by, expires_at FROM account_code
		WHERE person_id IN (%s) AND kind = $2 AND `+waits("account_code"), db.At(tx.Now), string(slip))
	if err != nil {
		return nil, fmt.Errorf("reading the codes that wait: %w", err)
	}
	return codes, nil
}
