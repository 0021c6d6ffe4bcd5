//go:build !race

package app

import (
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/directory"
	"preau/directory/feed"
	"preau/test/village"
)

// A delivery has the duplicates of every school looked for, of those that were
// not looked at since.
func TestDuplicatesAreLookedFor(t *testing.T) {
	complete := t.TempDir()
	if _, err := village.Write(complete, village.Options{Schools: portionOf + 2, Seed: 2, Troubles: true, Date: dbtest.Noon}); err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d)
		if _, err := h.Feeder.Feed(t.Context(), complete, feed.Options{}); err != nil {
			t.Fatal(err)
		}
		var schools []school.ID
		left := func(since time.Time) (n int) {
			t.Helper()
			if err := d.Read(t.Context(), func(tx *db.Tx) error {
				some, err := directory.NotLookedAt(tx, since, 0, 100)
				n = len(some)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			if schools, err = directory.OpenSchools(tx); err != nil {
				return err
			}
			_, err = db.One(tx, db.Column[school.ID], `SELECT id FROM job_job WHERE kind = $1`, kindLook)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if n := left(dbtest.Noon); n != len(schools) || n == 0 {
			t.Fatalf("%d of %d schools were not looked at", n, len(schools))
		}
		now := dbtest.Noon
		d.Now = func() time.Time { return now }
		// do does the jobs that are due, and tells how many there are still.
		do := func() (jobs int) {
			t.Helper()
			for did := true; did; {
				var err error
				if did, err = h.Jobs.Do(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				jobs, err = db.One(tx, db.Column[int], `SELECT count(*) FROM job_job WHERE kind = $1`, kindLook)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return jobs
		}
		if jobs, n := do(), left(dbtest.Noon); jobs != 1 || n != len(schools)-portionOf {
			t.Errorf("after a portion, %d jobs and %d schools are left", jobs, n)
		}
		for range 3 {
			now = now.Add(time.Minute)
			do()
		}
		if jobs := do(); jobs != 0 {
			t.Errorf("%d jobs are left", jobs)
		}
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			counted, err := db.One(tx, db.Column[int], `SELECT count(*) FROM account_deployment`)
			if counted != len(schools) {
				t.Errorf("the figures of %d schools are counted, of %d", counted, len(schools))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if n := left(dbtest.Noon); n != 0 {
			t.Errorf("%d schools are left", n)
		}
		found := 0
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			for _, at := range schools {
				kept, err := directory.LikelyIn(tx, at)
				if err != nil {
					return err
				}
				now, err := directory.DuplicatesIn(tx, at)
				if len(kept) != len(now) || err != nil {
					t.Errorf("%d pairs are kept of %d: %v", len(kept), len(now), err)
				}
				found += len(kept)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if found == 0 {
			t.Error("this village has no duplicate")
		}
		// Each time all are looked at again.
		now = now.Add(time.Minute)
		later := now
		if n := left(later); n != len(schools) {
			t.Errorf("%d schools are to be looked at a minute later", n)
		}
		if err := d.Write(t.Context(), h.changed); err != nil {
			t.Fatal(err)
		}
		for range 4 {
			do()
			now = now.Add(time.Minute)
		}
		if n := left(later); n != 0 {
			t.Errorf("%d schools were not looked at again", n)
		}
	})
}
