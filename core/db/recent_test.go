package db_test

import (
	"errors"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
)

func TestRecent(t *testing.T) {
	var known db.Recent[int]
	reads := 0
	at := func(now time.Time) int {
		t.Helper()
		n, err := known.Get(now, time.Minute, func() (int, error) { reads++; return reads, nil })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	day := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		when string
		now  time.Time
		want int
	}{
		{"at first", day, 1},
		{"soon after", day.Add(59 * time.Second), 1},
		{"later", day.Add(time.Minute), 2},
		{"when the clock went back", day, 3},
	} {
		if got := at(c.now); got != c.want {
			t.Errorf("%s: read %d times", c.when, got)
		}
	}
	if _, err := known.Get(day.Add(time.Hour), time.Minute, func() (int, error) { return 0, errors.New("no database") }); err == nil {
		t.Error("an error is kept from who asks")
	}
	if got := at(day.Add(time.Hour)); got != 4 {
		t.Errorf("after an error: read %d times", got)
	}
}

// What is forgotten is read again by whoever begins after the commit: who asks before
// it, or began before it, reads the state of before, and does not leave it to the
// others. What was not written is not forgotten.
func TestForget(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := dbtest.Noon
		d.Now = func() time.Time { now = now.Add(time.Second); return now }
		var known db.Recent[int]
		ask := func(when string, tx *db.Tx, want int) {
			t.Helper()
			n, err := known.Get(tx.Now, time.Hour, func() (int, error) {
				return db.One(tx, db.Column[int], `SELECT count(*) FROM thing`)
			})
			if err != nil || n != want {
				t.Errorf("%s: %d things, not %d (%v)", when, n, want, err)
			}
		}
		read := func(when string, want int) {
			t.Helper()
			if err := d.Read(t.Context(), func(tx *db.Tx) error { ask(when, tx, want); return nil }); err != nil {
				t.Error(err)
			}
		}
		write := func(id int, between func() error) error {
			return d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(`INSERT INTO thing (id, name, good) VALUES ($1, 'é', TRUE)`, id)
				if err != nil {
					return err
				}
				known.Forget(tx)
				return between()
			})
		}
		read("at first", 0)
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			if _, err := db.One(tx, db.Column[int], `SELECT count(*) FROM thing`); err != nil { // it sees this state
				return err
			}
			err := write(1, func() error { read("before the commit", 0); return nil })
			ask("after it, in a transaction of before", tx, 0)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		read("after the commit", 1)

		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`DELETE FROM thing`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		failed := errors.New("failed")
		if err := write(2, func() error { return failed }); !errors.Is(err, failed) {
			t.Fatal(err)
		}
		read("after a rollback", 1)
	}, things)
}
