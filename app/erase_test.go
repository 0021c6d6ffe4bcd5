//go:build !race

package app

import (
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/job"
	"preau/core/school"
	"preau/directory"
	"preau/directory/feed"
	"preau/test/village"
)

// TestTheDepartedAreErasedAtTerm lets a family leave, and looks for them
// everywhere once the law's three months are over.
func TestTheDepartedAreErasedAtTerm(t *testing.T) {
	complete, delta := t.TempDir(), t.TempDir()
	if _, err := village.Write(complete, village.Options{Schools: 2, Seed: 2, Date: dbtest.Noon}); err != nil {
		t.Fatal(err)
	}
	sum, err := village.WriteDelta(complete, delta, false)
	if err != nil {
		t.Fatal(err)
	}
	gone := sum.Deleted.Pupils + sum.Deleted.Guardians + sum.Deleted.Staff
	if gone == 0 {
		t.Fatal("nobody leaves this village")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d)
		for _, dir := range []string{complete, delta} {
			if _, err := h.Feeder.Feed(t.Context(), dir, feed.Options{}); err != nil {
				t.Fatal(err)
			}
		}
		var left []school.ID
		count := func() (n int) {
			t.Helper()
			if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				left, err = directory.Departed(tx, tx.Now.AddDate(1, 0, 0), 1000)
				n = len(left)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := count(); n != gone {
			t.Fatalf("%d have departed, want %d", n, gone)
		}
		people := left
		for _, step := range []struct{ days, want int }{{90, gone}, {91, 0}} {
			d.Now = func() time.Time { return dbtest.Noon.AddDate(0, 0, step.days) }
			if err := h.eraseDeparted(t.Context(), job.Job{}); err != nil {
				t.Fatal(err)
			}
			if n := count(); n != step.want {
				t.Errorf("after %d days %d are kept, want %d", step.days, n, step.want)
			}
		}
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			for _, person := range people {
				for _, steward := range h.stewards() {
					rows, err := steward.Export(tx, person)
					if err != nil {
						return err
					}
					for _, row := range rows {
						t.Errorf("%s still holds %v", row.Table, row.Values)
					}
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}
