package db_test

import (
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
)

// On PostgreSQL, a transaction that works gently rests nine times as long as the
// database worked for it.
func TestGently(t *testing.T) {
	d, err := db.Open(t.Context(), dbtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	d.Gently()
	began := time.Now()
	if err := d.Read(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`SELECT pg_sleep(0.02)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < 200*time.Millisecond {
		t.Errorf("it rested %s at most", took)
	}
}
