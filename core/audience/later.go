package audience

import (
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Later is the table of what a room writes to leave later. Its rows have an id, that of the thing, an
// author_id, and leaves_at: the hour at which what was written to leave later does; empty of what was
// published as it was written, which is never looked at. Two more, kept_at and kept_why, say when, and
// why, one was kept back; empty when it was not. What was kept back never leaves by itself any more; its
// author reads that it did not.
type Later struct {
	Table string
	Live  string // a condition of those that may leave at all; optional
}

// Kept is why something that was to leave later was kept back.
type Kept string

// Why things are kept back.
const (
	KeptAccount Kept = "account" // the account of its author, or of somebody who changed it, was shut: whoever had it may have written that
	KeptRights  Kept = "rights"  // as it was to leave, its author could not write it any more for whom it is
	KeptStopped Kept = "stopped" // as it was to leave, nothing new was written there
)

// Withhold keeps back all that some people, by their records, wrote to leave later, and what they
// changed of what others wrote.
func (l Later) Withhold(tx *db.Tx, authors, changed []school.ID) error {
	if err := l.keep(tx, KeptAccount, `leaves_at > $1 AND author_id `+tx.Among(3), db.List(tx, authors)); err != nil {
		return err
	}
	return l.keep(tx, KeptAccount, `leaves_at > $1 AND id `+tx.Among(3), db.List(tx, changed))
}

// Due lists what leaves after an instant and until another, and may be kept back: the first first.
func (l Later) Due(tx *db.Tx, since, until time.Time) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT id FROM `+l.Table+` WHERE leaves_at > $1 AND leaves_at <= $2 AND `+l.waits()+` ORDER BY leaves_at, id`, db.At(since), db.At(until))
}

// KeepBack keeps some things back, of those that wait.
func (l Later) KeepBack(tx *db.Tx, why Kept, things ...school.ID) error {
	return l.keep(tx, why, `leaves_at IS NOT NULL AND id `+tx.Among(3), db.List(tx, things))
}

func (l Later) keep(tx *db.Tx, why Kept, where string, arg any) error {
	kept, err := db.All(tx, db.Column[school.ID], `UPDATE `+l.Table+` SET kept_at = $1, kept_why = $2 WHERE `+where+` AND `+l.waits()+` RETURNING id`,
		db.At(tx.Now), string(why), arg)
	if err != nil || len(kept) == 0 {
		return err
	}
	return KeepBack(tx, kept...)
}

// waits is the condition that something was not kept back, nor taken away, and that nobody had it before
// their eyes since its hour: what was read is not taken back.
func (l Later) waits() string {
	is := `kept_at IS NULL AND NOT EXISTS (SELECT 1 FROM audience_receipt r WHERE r.thing_id = ` + l.Table + `.id AND r.read_at >= ` + l.Table + `.leaves_at)`
	if l.Live != "" {
		is += ` AND ` + l.Live
	}
	return is
}
