package message

import (
	"time"

	"preau/core/db"
	"preau/core/school"
)

// What may be stopped.
const stopAll, stopPupils = "all", "pupils"

// stop is that messages are stopped: in a school, or everywhere.
type stop struct {
	School school.ID // 0: everywhere
	What   string
	By     school.ID
	At     time.Time
	Reason string
}

// stopsOf lists what is stopped in a school, and everywhere.
func stopsOf(tx *db.Tx, at school.ID) ([]stop, error) {
	return db.All(tx, func(row db.Row) (s stop, err error) {
		var since db.Time
		err = row.Scan(&s.School, &s.What, &s.By, &since, &s.Reason)
		s.At = since.Time
		return s, err
	}, `SELECT school_id, what, set_by, set_at, reason FROM message_stop WHERE school_id IN (0, $1) ORDER BY what, school_id`, at)
}
