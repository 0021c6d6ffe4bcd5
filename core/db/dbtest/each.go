package dbtest

import (
	"reflect"
	"slices"
	"sync"
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
	empty(schemas).Each(t, func(t *testing.T, d *db.DB, _ struct{}) { f(t, d) })
}

// SQLite opens an empty SQLite database with the tables of the schemas.
func SQLite(t *testing.T, schemas ...db.Schema) *db.DB {
	t.Helper()
	d, _ := empty(schemas).SQLite(t)
	return d
}

// empties are the models that the tests of the binary have had empty databases of.
var empties struct {
	sync.Mutex
	all []*Model[struct{}]
}

// empty is the model of an empty database: its migrations are done once, and not for each test.
func empty(schemas []db.Schema) *Model[struct{}] {
	empties.Lock()
	defer empties.Unlock()
	for _, m := range empties.all {
		if slices.EqualFunc(m.schemas, schemas, same) {
			return m
		}
	}
	m := NewModel(func(*testing.T, *db.DB) struct{} { return struct{}{} }, schemas...)
	empties.all = append(empties.all, m)
	return m
}

// same says whether two schemas have the same files; of files that a test made itself, it is never
// known.
func same(a, b db.Schema) bool {
	return a.Name == b.Name && reflect.ValueOf(a.Files).Comparable() && a.Files == b.Files
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
