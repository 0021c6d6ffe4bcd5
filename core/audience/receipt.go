package audience

import (
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Receipt is that somebody has read a thing, for a child or for none, and done what
// it expects.
type Receipt struct {
	Person, Child school.ID
	Read, Done    time.Time // zero: not yet, or not since it was changed
}

// MarkRead notes that somebody has a thing before their eyes. The first time stays,
// until it is [Unread].
func MarkRead(tx *db.Tx, thing, child, person school.ID) error {
	_, err := tx.Exec(`INSERT INTO audience_receipt (thing_id, child_id, person_id, read_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (thing_id, child_id, person_id) DO UPDATE SET read_at = excluded.read_at WHERE audience_receipt.read_at IS NULL`,
		thing, child, person, db.At(tx.Now))
	return err
}

// MarkDone notes that somebody has done what a thing expects. The last time stays.
func MarkDone(tx *db.Tx, thing, child, person school.ID) error {
	return MarkAllDone(tx, child, person, thing)
}

// MarkAllDone is [MarkDone] of several things.
func MarkAllDone(tx *db.Tx, child, person school.ID, things ...school.ID) error {
	rows := make([][]any, len(things))
	for i, thing := range things {
		rows[i] = []any{int64(thing)}
	}
	_, err := tx.Exec(`INSERT INTO audience_receipt (thing_id, child_id, person_id, read_at, done_at)
		SELECT t.id, $2, $3, $4, $4 FROM `+tx.Rows(1, "id")+` t WHERE TRUE
		ON CONFLICT (thing_id, child_id, person_id) DO UPDATE SET done_at = excluded.done_at, read_at = coalesce(audience_receipt.read_at, excluded.read_at)`,
		db.RowList(rows), child, person, db.At(tx.Now))
	return err
}

// ReceiptsOf lists who has read and done what some things expect, by thing.
func ReceiptsOf(tx *db.Tx, things ...school.ID) (map[school.ID][]Receipt, error) {
	return receipts(tx, `thing_id `+tx.Among(1), db.List(tx, things))
}

// ReceiptsFor lists those for some children, whoever they are of: what a guardian is told of, who
// reads nothing of the others.
func ReceiptsFor(tx *db.Tx, children []school.ID, things ...school.ID) (map[school.ID][]Receipt, error) {
	return receipts(tx, `thing_id `+tx.Among(1)+` AND child_id `+tx.Among(2), db.List(tx, things), db.List(tx, children))
}

// receipts lists those that a condition finds, by thing.
func receipts(tx *db.Tx, where string, args ...any) (map[school.ID][]Receipt, error) {
	of := map[school.ID][]Receipt{}
	return of, tx.Each(func(row db.Row) error {
		var thing school.ID
		var r Receipt
		var read, done db.Time
		err := row.Scan(&thing, &r.Child, &r.Person, &read, &done)
		r.Read, r.Done = read.Time, done.Time
		of[thing] = append(of[thing], r)
		return err
	}, `SELECT thing_id, child_id, person_id, read_at, done_at FROM audience_receipt WHERE `+where+` ORDER BY thing_id, child_id, person_id`, args...)
}

// ReceiptsBy lists those of one person, by thing.
func ReceiptsBy(tx *db.Tx, person school.ID, things ...school.ID) (map[school.ID][]Receipt, error) {
	return receipts(tx, `person_id = $1 AND thing_id `+tx.Among(2), person, db.List(tx, things))
}

// Unread makes things new again to everybody who has read them; what was done stays.
func Unread(tx *db.Tx, things ...school.ID) error {
	_, err := tx.Exec(`UPDATE audience_receipt SET read_at = NULL WHERE thing_id `+tx.Among(1), db.List(tx, things))
	return err
}

// TellAgain makes a thing that is addressed to somebody by name news to them again, from now on
// until an instant; to others it stays as it was.
func TellAgain(tx *db.Tx, thing, person school.ID, until time.Time) error {
	_, err := tx.Exec(`UPDATE audience_address SET published_at = $3, news_until_at = $4 WHERE thing_id = $1 AND audience = $2`,
		thing, Audience{Place: Person, Of: person}.ID(), db.At(tx.Now), db.At(until))
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE audience_receipt SET read_at = NULL WHERE thing_id = $1 AND person_id = $2`, thing, person)
	return err
}

// MarkUndone takes back that somebody has done what a thing expects, and that they have read
// it when doing it was how they did.
func MarkUndone(tx *db.Tx, thing, child, person school.ID) error {
	if _, err := tx.Exec(`DELETE FROM audience_receipt WHERE thing_id = $1 AND child_id = $2 AND person_id = $3
		AND done_at IS NOT NULL AND (read_at IS NULL OR read_at = done_at)`, thing, child, person); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE audience_receipt SET done_at = NULL WHERE thing_id = $1 AND child_id = $2 AND person_id = $3`, thing, child, person)
	return err
}
