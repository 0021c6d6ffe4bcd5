package audience

import (
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Later is the table of what a room writes to leave later. Its rows have an id, that of the thing, an
// author_id, and kept_at and kept_why: when, and why, one was kept back; empty when it was not. What
// was kept back never leaves by itself any more; its author reads that it did not.
type Later struct {
	Table string
	At    string // the column of when a thing leaves: later than now, it waits
	Live  string // a condition of those that may leave at all; optional
}

// Kept is why something that was to leave later was kept back.
type Kept string

// Why things are kept back.
const (
	KeptAccount Kept = "account" // the account of its author was shut: whoever had it may have written that
	KeptRights  Kept = "rights"  // as it was to leave, its author could not write it any more for whom it is
	KeptStopped Kept = "stopped" // as it was to leave, nothing new was written there
)

// Withhold keeps back all that some people, by their records, wrote to leave later.
func (l Later) Withhold(tx *db.Tx, authors ...school.ID) error {
	return l.keep(tx, KeptAccount, l.At+` > $1 AND author_id `+tx.Among(3), db.List(tx, authors))
}

// Due lists what leaves after an instant and until another, and was not kept back: the first first.
func (l Later) Due(tx *db.Tx, since, until time.Time) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT id FROM `+l.Table+` WHERE `+l.At+` > $1 AND `+l.At+` <= $2 AND `+l.waits()+` ORDER BY `+l.At, db.At(since), db.At(until))
}

// KeepBack keeps some things back.
func (l Later) KeepBack(tx *db.Tx, why Kept, things ...school.ID) error {
	return l.keep(tx, why, `id `+tx.Among(3), db.List(tx, things))
}

func (l Later) keep(tx *db.Tx, why Kept, where string, arg any) error {
	kept, err := db.All(tx, db.Column[school.ID], `UPDATE `+l.Table+` SET kept_at = $1, kept_why = $2 WHERE `+where+` AND `+l.waits()+` RETURNING id`,
		db.At(tx.Now), string(why), arg)
	if err != nil || len(kept) == 0 {
		return err
	}
	return KeepBack(tx, kept...)
}

// waits is the condition that something was not kept back, nor taken away.
func (l Later) waits() string {
	if l.Live == "" {
		return `kept_at IS NULL`
	}
	return `kept_at IS NULL AND ` + l.Live
}
