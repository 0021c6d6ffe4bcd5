package dbtest_test

import (
	"os"
	"testing"
	"testing/fstest"

	"preau/core/db"
	"preau/core/db/dbtest"
)

// Each test has a copy of its own of a model that is made once on each engine,
// and the copy is a database like another: the migrations of before are not
// done again, one more is done, and keys are watched over.
func TestACopyIsADatabaseLikeAnother(t *testing.T) {
	things := db.Schema{Name: "thing", Files: os.DirFS("../testdata")}
	more := db.Schema{Name: "more", Files: fstest.MapFS{
		"schema/0001_a.sql": {Data: []byte("-- +goose Up\nCREATE TABLE more (n BIGINT NOT NULL);")},
	}}
	next := db.Schema{Name: "more", Files: fstest.MapFS{
		"schema/0001_a.sql": more.Files.(fstest.MapFS)["schema/0001_a.sql"],
		"schema/0002_b.sql": {Data: []byte("-- +goose Up\nINSERT INTO more VALUES (2);")},
	}}
	made := make(chan db.Dialect, 4) // as many as copies
	model := dbtest.NewModel(func(t *testing.T, d *db.DB) string {
		made <- d.Dialect()
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO thing (id, name, good) VALUES (1, 'a', TRUE)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return "with " + string(d.Dialect())
	}, things, more)
	t.Run("copies", func(t *testing.T) {
		for range 2 {
			model.Each(t, func(t *testing.T, d *db.DB, with string) {
				if want := "with " + string(d.Dialect()); with != want {
					t.Errorf("%q goes with the copy, not %q", with, want)
				}
				for range 2 {
					if err := d.Migrate(t.Context(), things, next); err != nil {
						t.Fatal(err)
					}
				}
				again := d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := tx.Exec(`INSERT INTO thing (id, name, good) VALUES (2, 'a', TRUE)`)
					return err
				})
				if again == nil {
					t.Error("two things have one name")
				}
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					if !tx.Now.Equal(dbtest.Noon) {
						t.Errorf("it is %s", tx.Now)
					}
					n, err := db.One(tx, db.Column[int], `SELECT (SELECT count(*) FROM thing) * 10 + (SELECT count(*) FROM more)`)
					if n != 11 {
						t.Errorf("%d things and rows of another test, or none of the model", n)
					}
					if err != nil {
						return err
					}
					_, err = tx.Exec(`INSERT INTO thing (id, name, good) VALUES (2, 'b', TRUE)`)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			})
		}
	})
	close(made)
	count := map[db.Dialect]int{}
	for dialect := range made {
		count[dialect]++
	}
	if count[db.SQLite] != 1 || count[db.Postgres] > 1 {
		t.Errorf("made %v", count)
	}
}
