package feed

import (
	"slices"

	"preau/core/db"
	"preau/directory"
)

// kind is what reconcile must know of a kind of row that begins, may end,
// and is said by one record.
type kind[R any, K comparable] struct {
	identity func(R) K // what the row ties together
	span     func(*R) (from, until *db.Time)
	said     func(*R) *directory.Said
}

var enrolmentKind = kind[directory.Enrolment, [2]int64]{
	identity: func(e directory.Enrolment) [2]int64 { return [2]int64{int64(e.School), int64(e.Year)} },
	span:     func(e *directory.Enrolment) (*db.Time, *db.Time) { return &e.From, &e.Until },
	said:     func(e *directory.Enrolment) *directory.Said { return &e.Said },
}

var membershipKind = kind[directory.Membership, int64]{
	identity: func(m directory.Membership) int64 { return int64(m.Class) },
	span:     func(m *directory.Membership) (*db.Time, *db.Time) { return &m.From, &m.Until },
	said:     func(m *directory.Membership) *directory.Said { return &m.Said },
}

var bondKind = kind[directory.Bond, int64]{
	identity: func(b directory.Bond) int64 { return int64(b.Guardian) },
	span:     func(b *directory.Bond) (*db.Time, *db.Time) { return &b.From, &b.Until },
	said:     func(b *directory.Bond) *directory.Said { return &b.Said },
}

type functionIdentity struct {
	structure, year int64
	code, specialty string
}

var functionKind = kind[directory.Function, functionIdentity]{
	identity: func(f directory.Function) functionIdentity {
		return functionIdentity{int64(f.Structure), int64(f.Year), f.Code, f.Specialty}
	},
	span: func(f *directory.Function) (*db.Time, *db.Time) { return &f.From, &f.Until },
	said: func(f *directory.Function) *directory.Said { return &f.Said },
}

// tally says what a reconciliation did.
type tally struct{ added, changed, ended int }

func (t tally) any() bool { return t != tally{} }

// speaker is the record that says rows, and the keys under which it came
// before when it has a new one.
type speaker struct {
	directory.Said
	formerly []int64
}

// says tells whether a row is the speaker's own.
func (s speaker) says(row directory.Said) bool {
	return row.Source == s.Source && (row.Jointure == s.Jointure || slices.Contains(s.formerly, row.Jointure))
}

// reconcile makes the open rows that a record says be the wanted ones: rows
// that are still wanted keep their beginning, new ones begin, the others end
// now. Rows of other records, and rows made by hand, are left alone, and what
// one of them says already is not said twice.
func reconcile[R any, K comparable](w *writer, b *buffer[R], k kind[R, K], by speaker, current, wanted []R) (tally, error) {
	var t tally
	kept := map[K]bool{}
	for _, want := range wanted {
		id := k.identity(want)
		if kept[id] {
			continue // said twice in one record
		}
		kept[id] = true
		*k.said(&want) = by.Said
		did, err := settle(w, b, k, by, current, want)
		if err != nil {
			return t, err
		}
		t.added, t.changed = t.added+did.added, t.changed+did.changed
	}
	for _, row := range current {
		said := k.said(&row)
		_, until := k.span(&row)
		if !until.IsZero() || kept[k.identity(row)] || !by.says(*said) {
			continue
		}
		if err := end(w, b, k, row); err != nil {
			return t, err
		}
		t.ended++
	}
	return t, nil
}

// settle writes one wanted row where the current ones do not say it yet.
func settle[R any, K comparable](w *writer, b *buffer[R], k kind[R, K], by speaker, current []R, want R) (tally, error) {
	from, _ := k.span(&want)
	var again *R // the row that ended and that begins again, with the same key
	for i := range current {
		have := &current[i]
		if k.identity(*have) != k.identity(want) {
			continue
		}
		haveFrom, haveUntil := k.span(have)
		if !haveUntil.IsZero() {
			if haveFrom.Equal(from.Time) {
				again = have
			}
			continue
		}
		said := k.said(have)
		if !by.says(*said) {
			return tally{}, nil // somebody else says it
		}
		*from, k.said(&want).Feed = *haveFrom, said.Feed
		if b.table.Same(have, &want) {
			return tally{}, nil
		}
		return tally{changed: 1}, replace(w, b, *have, want)
	}
	if again != nil {
		k.said(&want).Feed = k.said(again).Feed // undoing puts its image back
		return tally{added: 1}, replace(w, b, *again, want)
	}
	return tally{added: 1}, add(w, b, want)
}

// end ends a row now.
func end[R any, K comparable](w *writer, b *buffer[R], k kind[R, K], row R) error {
	after := row
	_, until := k.span(&after)
	*until = w.now
	return replace(w, b, row, after)
}
