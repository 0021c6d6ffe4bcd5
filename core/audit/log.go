package audit

import (
	"embed"
	"fmt"
	"time"

	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/seal"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the migrations of the tables audit_*.
func Schema() db.Schema { return db.Schema{Name: "audit", Files: files} }

// keptDays is how long entries are kept: a year.
const keptDays = 365

var holdings = personal.Tables{
	{
		Name:     "audit_entry",
		Subjects: []string{"actor_id", "subject_id"},
		Keys:     []string{"id", "object_id", "request"},
		Personal: map[string]personal.Category{
			"at": personal.Trace, "actor_id": personal.Trace, "profile": personal.Trace, "action": personal.Trace,
			"object_kind": personal.Trace, "object_id": personal.Trace, "subject_id": personal.Trace, "detail": personal.Trace,
		},
		Plain:      []string{"id", "school_id", "request"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Oneself, personal.Heads, personal.Operators},
		Retention:  personal.Retention{From: "at", Days: keptDays},
	},
	{
		Name:       "audit_segment",
		Plain:      []string{"day", "first_id", "last_id", "count", "digest", "previous", "head", "mac", "sealed_at"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Operators},
	},
}

// Log is the journal.
type Log struct {
	personal.Tables
	Key *seal.Key
	// Replaces tells whether what somebody does as a teacher in a school, 0 where
	// it is not known, is done as a replacement; from the register, which the
	// journal does not know. Nil: nobody replaces anybody.
	Replaces func(tx *db.Tx, person, at school.ID) (bool, error)
}

var (
	_ personal.Steward = (*Log)(nil)
	_ personal.Keeper  = (*Log)(nil)
)

// New makes the journal.
func New(key *seal.Key) *Log { return &Log{Tables: holdings, Key: key} }

// Erase keeps a person's entries: once the register has forgotten the
// person their identifier means nobody, the law asks for a year of journal,
// and a hole would break the chain. They go with their day; see Purge.
func (l *Log) Erase(*db.Tx, school.ID) error { return nil }

// Purge deletes the entries of the sealed days that ended a year ago, whole
// days only, and gives their number. Their segments stay.
func (l *Log) Purge(tx *db.Tx) (int64, error) {
	last, ok, err := lastSegment(tx)
	if err != nil || !ok {
		return 0, err
	}
	before := startOfDay(tx.Now.AddDate(0, 0, -keptDays))
	if sealed := last.Day.end(); sealed.Before(before) {
		before = sealed
	}
	n, err := tx.Exec(`DELETE FROM audit_entry WHERE at < $1`, db.At(before))
	if err != nil {
		return 0, fmt.Errorf("purging the journal: %w", err)
	}
	return n, nil
}

// purged tells whether the entries of a day may be gone.
func purged(d Day, now time.Time) bool {
	return !d.end().After(startOfDay(now.AddDate(0, 0, -keptDays)))
}
