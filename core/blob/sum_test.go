package blob_test

import (
	"testing"

	"preau/core/blob"
	"preau/core/db"
	"preau/core/db/dbtest"
)

func TestASumIsAValueOfTheDatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		want := blob.Sum{0: 1, 1: 0, 31: 255}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(`CREATE TABLE photo (sum BYTEA PRIMARY KEY, short BYTEA)`); err != nil {
				return err
			}
			if _, err := tx.Exec(`INSERT INTO photo (sum, short) VALUES ($1, $2)`, want, want[:31]); err != nil {
				return err
			}
			var got blob.Sum
			if err := tx.Get([]any{&got}, `SELECT sum FROM photo WHERE sum = $1`, want); err != nil || got != want {
				t.Errorf("%s, %v", got, err)
			}
			for _, query := range []string{`SELECT short FROM photo`, `SELECT NULL FROM photo`, `SELECT 1 FROM photo`} {
				if err := tx.Get([]any{&got}, query); err == nil {
					t.Errorf("%s gives %s", query, got)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
