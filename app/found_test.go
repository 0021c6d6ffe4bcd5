//go:build !race

package app

import (
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/job"
)

// What a former version kept is found again by what this one looks for, room by room, and once.
func TestWhatWasKeptIsFoundAgainOnce(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	logins, err := s.h.cast(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.h.converse(t.Context(), logins); err != nil {
		t.Fatal(err)
	}
	again := func() (words int) {
		t.Helper()
		err := s.h.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE search_thing SET title = '' WHERE room = 'liaison'`)
			return err
		})
		if err == nil {
			err = s.h.findAgain(t.Context(), job.Job{})
		}
		if err == nil {
			err = s.h.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
				words, err = db.One(tx, db.Column[int], `SELECT count(*) FROM search_thing WHERE room = 'liaison' AND title <> ''`)
				return err
			})
		}
		if err != nil {
			t.Fatal(err)
		}
		return words
	}
	if again() == 0 {
		t.Error("nothing is found again")
	}
	if n := again(); n != 0 {
		t.Errorf("%d things are kept a second time", n)
	}
}
