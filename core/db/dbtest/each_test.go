package dbtest_test

import (
	"os"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
)

// Each test has a database of its own on each engine, at a known hour.
func TestEachIsAlone(t *testing.T) {
	things := db.Schema{Name: "thing", Files: os.DirFS("../testdata")}
	for range 2 {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				if !tx.Now.Equal(dbtest.Noon) {
					t.Errorf("it is %s", tx.Now)
				}
				n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM thing`)
				if n != 0 {
					t.Errorf("%d things of another test", n)
				}
				if err != nil {
					return err
				}
				_, err = tx.Exec(`INSERT INTO thing (id, name, good) VALUES (1, 'a', TRUE)`)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}, things)
	}
}
