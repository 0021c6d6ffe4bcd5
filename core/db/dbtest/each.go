package dbtest

import (
	"path/filepath"
	"testing"
	"time"

	"preau/core/db"
)

// Noon is the clock that the tests' databases begin with: an ordinary school
// day, Monday 5 October 2026.
var Noon = time.Date(2026, 10, 5, 10, 0, 0, 0, time.UTC)

// Each runs f twice in parallel, on SQLite and on PostgreSQL, each time with
// an empty database that has the tables of the schemas. Where the machine
// has no PostgreSQL that half is skipped, or fails when PREAU_TEST_ALL=1.
func Each(t *testing.T, f func(*testing.T, *db.DB), schemas ...db.Schema) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, SQLite(t, schemas...))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, open(t, URL(t), schemas))
	})
}

// SQLite opens an empty SQLite database with the tables of the schemas.
func SQLite(t *testing.T, schemas ...db.Schema) *db.DB {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "preau.db"), schemas)
}

func open(t *testing.T, where string, schemas []db.Schema) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	d.Now = func() time.Time { return Noon }
	if err := d.Migrate(t.Context(), schemas...); err != nil {
		t.Fatal(err)
	}
	return d
}
