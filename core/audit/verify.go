package audit

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"preau/core/db"
)

// Fault is what is wrong with a day.
type Fault string

// The faults.
const (
	Edited   Fault = "edited"   // its entries are not those that were sealed
	Removed  Fault = "removed"  // it has fewer entries
	Inserted Fault = "inserted" // it has more entries, or has some and was before the first
	Broken   Fault = "broken"   // it does not follow the day before
	Forged   Fault = "forged"   // its head was not made with the key, or not from it
)

// Finding is one fault of one day.
type Finding struct {
	Day   Day
	Fault Fault
}

// Report is what Verify found.
type Report struct {
	Days     int    // segments read
	Entries  int64  // entries compared
	Purged   int    // segments whose entries are past their term, and gone
	Head     []byte // of the last day, to be compared with the one written elsewhere
	Findings []Finding
}

// Verify reads the sealed days again and reports every day that is not as it
// was sealed. Entries of days that are not sealed yet are not its concern.
func (l *Log) Verify(tx *db.Tx) (Report, error) {
	var r Report
	segments, err := db.All(tx, scanSegment, selectSegments+` ORDER BY day`)
	if err != nil || len(segments) == 0 {
		return r, err
	}
	if err := r.verifyBefore(tx, segments[0].Day); err != nil {
		return r, err
	}
	previous, expected := make([]byte, sha256.Size), segments[0].Day
	for _, s := range segments {
		if !bytes.Equal(s.Previous, previous) || s.Day != expected {
			r.find(s.Day, Broken)
		}
		if !l.authentic(s) {
			r.find(s.Day, Forged)
		}
		if err := r.verifyEntries(tx, s); err != nil {
			return r, fmt.Errorf("verifying %s: %w", s.Day, err)
		}
		previous, expected = s.Head, s.Day.next()
		r.Days++
		r.Head = s.Head
	}
	return r, nil
}

// verifyBefore finds entries dated before the first sealed day.
func (r *Report) verifyBefore(tx *db.Tx, first Day) error {
	var earliest db.Time
	if err := tx.Get([]any{&earliest}, `SELECT min(at) FROM audit_entry`); err != nil {
		return err
	}
	if !earliest.IsZero() && earliest.Before(first.start()) {
		r.find(dayOf(earliest.Time), Inserted)
	}
	return nil
}

func (r *Report) verifyEntries(tx *db.Tx, s Segment) error {
	now, err := digest(tx, s.Day)
	if err != nil {
		return err
	}
	r.Entries += now.Count
	switch {
	case now.Count == 0 && s.Count > 0 && purged(s.Day, tx.Now):
		r.Purged++
	case now.Count < s.Count:
		r.find(s.Day, Removed)
	case now.Count > s.Count:
		r.find(s.Day, Inserted)
	case !bytes.Equal(now.Digest, s.Digest) || now.First != s.First || now.Last != s.Last:
		r.find(s.Day, Edited)
	}
	return nil
}

func (r *Report) find(d Day, fault Fault) { r.Findings = append(r.Findings, Finding{d, fault}) }
