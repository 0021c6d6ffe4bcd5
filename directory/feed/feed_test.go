package feed_test

import (
	"log/slog"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/directory"
	"preau/directory/feed"
	"preau/test/village"
)

var day = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)

func feeder(d *db.DB) *feed.Feeder {
	return &feed.Feeder{DB: d, Caps: feed.DefaultCaps, Log: slog.New(slog.DiscardHandler)}
}

// write makes a complete delivery in a folder of its own.
func write(t *testing.T, o village.Options) (string, village.Summary) {
	t.Helper()
	dir := t.TempDir()
	if o.Date.IsZero() {
		o.Date = day
	}
	summary, err := village.Write(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return dir, summary
}

func take(t *testing.T, f *feed.Feeder, path string, o feed.Options) feed.Result {
	t.Helper()
	results, err := f.Feed(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 1 {
		t.Fatalf("%d results", len(results))
	}
	return results[0]
}

func TestFirstFeed(t *testing.T) {
	dir, sum := write(t, village.Options{Schools: 3, Seed: 7})
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := take(t, feeder(d), dir, feed.Options{})
		for what, pair := range map[string][2]int{
			"schools": {r.Schools.Added, sum.Schools}, "classes": {r.Classes.Added, sum.Classes},
			"pupils": {r.Pupils.Added, sum.Pupils}, "guardians": {r.Guardians.Added, sum.Guardians},
			"staff": {r.Staff.Added, sum.Staff}, "bonds": {r.Bonds.Added, sum.Bonds},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%d %s added, want %d", pair[0], what, pair[1])
			}
		}
		again := take(t, feeder(d), dir, feed.Options{})
		t.Logf("%+v\n%+v", r, again)
	}, directory.Schema(), feed.Schema())
}
