package portal

import (
	"preau/core/db"
	"preau/core/school"
	"preau/core/web"
)

// markDays is for how long a mark is remembered: longer than a device keeps what waits to be
// sent.
const markDays = 30

// Marks remembers which forms were taken.
type Marks struct{}

var _ web.Marks = Marks{}

// Take implements [web.Marks].
func (Marks) Take(tx *db.Tx, person school.ID, mark string) (fresh bool, err error) {
	n, err := tx.Exec(`INSERT INTO portal_mark (person_id, mark, taken_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, person, mark, db.At(tx.Now))
	return n == 1, err
}

// Release implements [web.Marks].
func (Marks) Release(tx *db.Tx, person school.ID, mark string) error {
	_, err := tx.Exec(`DELETE FROM portal_mark WHERE person_id = $1 AND mark = $2`, person, mark)
	return err
}
