package directory

import (
	"slices"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Voided is that what was given out about something until then is worth nothing: see
// [Void].
type Voided struct {
	At    time.Time
	About school.ID // 0: everything
}

// mostVoid is how many identifiers are written at once: beyond, everything is void.
const mostVoid = 500

// Void tells whoever trusts something that was read of the register before, as a ticket that
// a browser keeps (core/web/calm), to trust it no more where it names one of some
// identifiers: a person who may hold less than they did, or a pupil for whom somebody may, a
// class or a school that is not what it was, a session that is over. 0 is everything.
// It is enough that something may have become less: whoever trusted reads again.
func Void(tx *db.Tx, about ...school.ID) error {
	about = slices.Clone(about)
	slices.Sort(about)
	if about = slices.Compact(about); len(about) > mostVoid {
		about = []school.ID{0}
	}
	_, err := tx.Bulk("directory_void", []string{"void_at", "about"}, func(yield func([]any) bool) {
		for _, id := range about {
			if !yield([]any{db.At(tx.Now), int64(id)}) {
				return
			}
		}
	})
	return err
}

// VoidSince lists what is void since an instant. What a long transaction voids is there with
// the instant at which it began, once it is done.
func VoidSince(tx *db.Tx, since time.Time) ([]Voided, error) {
	return db.All(tx, func(row db.Row) (v Voided, err error) {
		var at db.Time
		err = row.Scan(&at, &v.About)
		v.At = at.Time
		return v, err
	}, `SELECT DISTINCT void_at, about FROM directory_void WHERE void_at > $1 ORDER BY void_at, about`, db.At(since))
}

// RestrictedFrom is when a judge begins to restrict something for a guardian, next; zero:
// nothing is to begin.
func RestrictedFrom(tx *db.Tx, guardian school.ID) (time.Time, error) {
	at, err := db.One(tx, db.Column[db.Time], `SELECT min(from_at) FROM directory_restriction WHERE guardian_id = $1 AND from_at > $2`, guardian, db.At(tx.Now))
	return at.Time, err
}

// voiding are the tables whose rows say what somebody holds: see [Audiences.Held].
var voiding = []string{
	"directory_structure", "directory_within", "directory_class", "directory_person", "directory_enrolment", "directory_membership",
	"directory_bond", "directory_restriction", "directory_function", "directory_grant", "directory_merge_act",
}

// subjectColumns are those that say about whom a row is.
var subjectColumns = []string{"person_id", "pupil_id", "kept_id", "gone_id"}

// void voids what rows are about, which change or go.
func (b Batch) void(tx *db.Tx) error {
	if !slices.Contains(voiding, b.table) {
		return nil
	}
	var about []school.ID
	for i, column := range b.columns {
		if !slices.Contains(subjectColumns, column) {
			continue
		}
		for at := i; at < len(b.values); at += len(b.columns) {
			about = append(about, school.ID(b.values[at].(int64)))
		}
	}
	if about == nil { // a structure, a class: its own identifier comes first
		for at := 0; at < len(b.values); at += len(b.columns) {
			about = append(about, school.ID(b.values[at].(int64)))
		}
	}
	return Void(tx, slices.DeleteFunc(about, func(id school.ID) bool { return id == 0 })...) // a grant has a class, or a pupil
}
