package directory

import (
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
)

// same writes an empty row in both ways, and reads the same twice: what a
// batch leaves out has its emptiness as default.
func same[R any](t *testing.T, tx *db.Tx, table Table[R], key func(*R, int64)) {
	t.Helper()
	var whole, less R
	key(&whole, 1)
	key(&less, 2)
	if err := table.Batch([]R{whole}).Add(tx); err != nil {
		t.Fatal(err)
	}
	batch := table.Batch([]R{less}).Additions()
	if len(batch.columns)+len(batch.constants) > table.Keys+5 {
		t.Errorf("%s: an empty row fills %v and %v", table.Name, batch.columns, batch.constants)
	}
	if err := batch.Add(tx); err != nil {
		t.Fatal(err)
	}
	rows, err := table.All(tx, "TRUE ORDER BY "+table.Columns[0])
	if err != nil || len(rows) != 2 {
		t.Fatalf("%s: %d rows, %v", table.Name, len(rows), err)
	}
	key(&rows[1], 1)
	if !table.Same(&rows[0], &rows[1]) {
		t.Errorf("%s: %+v is not %+v", table.Name, rows[1], rows[0])
	}
}

func TestWhatABatchLeavesOutIsEmpty(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := db.At(dbtest.Noon)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			same(t, tx, Persons, func(p *Person, n int64) { p.ID = school.ID(n) })
			same(t, tx, Keys, func(k *Key, n int64) { k.Source, k.Category, k.Jointure, k.Subject = school.ID(n), "Eleve", 7, 9 })
			same(t, tx, Enrolments, func(e *Enrolment, n int64) { e.Person, e.School, e.Year, e.From = school.ID(n), 1, 2026, at })
			same(t, tx, Memberships, func(m *Membership, n int64) { m.Person, m.Class, m.Role, m.From = school.ID(n), 1, AsPupil, at })
			same(t, tx, Bonds, func(b *Bond, n int64) { b.Pupil, b.Guardian, b.From = school.ID(n), 1, at })
			same(t, tx, Functions, func(f *Function, n int64) {
				f.Person, f.Structure, f.Year, f.From, f.Code, f.Specialty, f.Profile = school.ID(n), 1, 2026, at, "ENS", "D", "National_ENS"
			})
			same(t, tx, Structures, func(s *Structure, n int64) {
				s.ID, s.Ref, s.Kind, s.From = school.ID(n), school.ID(n).String(), School, at
			})
			same(t, tx, Withins, func(w *Within, n int64) { w.Structure, w.Ancestor = school.ID(n), 3 })
			same(t, tx, Classes, func(c *Class, n int64) {
				c.ID, c.School, c.Year, c.Kind, c.SourceKey, c.From = school.ID(n), school.ID(n), 2026, OrdinaryClass, "k", at
			})
			same(t, tx, Proposals, func(p *Proposal, n int64) { p.Person, p.Other, p.Reason, p.Made = school.ID(n), 3, "x", at })
			same(t, tx, Restrictions, func(r *Restriction, n int64) {
				r.ID, r.Pupil, r.Guardian, r.From, r.RecordedAt = school.ID(n), 1, 2, at, at
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}, Schema())
}
