package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
)

const selectNames = `SELECT name FROM thing WHERE id >= $1 ORDER BY id`

func addThings(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for i, name := range []string{"a", "b", "c"} {
			if _, err := tx.Exec(`INSERT INTO thing (id, name, good) VALUES ($1, $2, $3)`, i+1, name, true); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// names asks for the names from one on.
func names(tx *db.Tx, from int) (string, error) {
	all, err := db.All(tx, db.Column[string], selectNames, from)
	return strings.Join(all, ""), err
}

// A question is asked again while its own rows are read, and while so many
// others are asked that it is forgotten meanwhile. PostgreSQL gives one answer
// at a time.
func TestAskedWithinItsOwnAnswer(t *testing.T) {
	d := dbtest.SQLite(t, things)
	addThings(t, d)
	for _, others := range []int{0, 500} {
		var said []string
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Each(func(row db.Row) error {
				name, err := db.Column[string](row)
				for i := 0; i < others && err == nil; i++ {
					_, err = db.One(tx, db.Column[int], fmt.Sprintf(`SELECT %d`, i))
				}
				if err != nil {
					return err
				}
				inner, err := names(tx, 2)
				said = append(said, name+inner)
				return err
			}, selectNames, 1)
		})
		if got := strings.Join(said, " "); err != nil || got != "abc bbc cbc" {
			t.Errorf("%d others: %q, %v", others, got, err)
		}
	}
}

// What is kept of a question holds nothing of how it was asked before: other
// values, an error, an answer that was left in the middle, tables that changed.
func TestAskedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		addThings(t, d)
		asks := func(from int, want string) {
			t.Helper()
			for range 3 {
				err := d.Read(t.Context(), func(tx *db.Tx) error {
					got, err := names(tx, from)
					if got != want {
						t.Errorf("from %d: %q, want %q", from, got, want)
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		asks(1, "abc")
		asks(3, "c")
		asks(9, "")

		left := errors.New("left")
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Each(func(db.Row) error { return left }, selectNames, 1)
		}); !errors.Is(err, left) {
			t.Error(err)
		}
		asks(2, "bc")

		again := func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO thing (id, name, good) VALUES ($1, $2, $3)`, 1, "d", true)
			return err
		}
		for range 2 {
			if err := d.Write(t.Context(), again); !fail.Is(err, fail.Conflict) {
				t.Error(err)
			}
		}
		asks(1, "abc")

		gone, cancel := context.WithCancel(t.Context())
		if err := d.Read(gone, func(tx *db.Tx) error {
			return tx.Each(func(db.Row) error { cancel(); return nil }, selectNames, 1)
		}); err == nil {
			t.Error("the visitor is gone, and is answered")
		}
		asks(1, "abc")

		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(`ALTER TABLE thing RENAME COLUMN name TO other`); err != nil {
				return err
			}
			_, err := tx.Exec(`ALTER TABLE thing ADD COLUMN name TEXT NOT NULL DEFAULT 'z'`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		asks(2, "zz")
	}, things)
}
