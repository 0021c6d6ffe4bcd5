package db_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
)

var things = db.Schema{Name: "thing", Files: os.DirFS("testdata")}

type thing struct {
	ID   int64
	Name string
	Good bool
	Seal []byte
	Ends db.Time
}

func scanThing(row db.Row) (t thing, err error) {
	return t, row.Scan(&t.ID, &t.Name, &t.Good, &t.Seal, &t.Ends)
}

const selectThings = `SELECT id, name, good, seal, ends_at FROM thing ORDER BY id`

func TestOneTextForBoth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		want := []thing{
			{ID: 1, Name: "é", Good: true, Seal: []byte{0, 255}, Ends: db.At(dbtest.Noon)},
			{ID: 1 << 60, Name: "b"},
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if !tx.Now.Equal(dbtest.Noon) {
				t.Errorf("the transaction's clock says %s", tx.Now)
			}
			for _, w := range want {
				// The places are not in order: a driver that numbers them by
				// first appearance swaps the values.
				n, err := tx.Exec(`INSERT INTO thing (name, id, good, seal, ends_at) VALUES ($2, $1, $3, $4, $5)`,
					w.ID, w.Name, w.Good, w.Seal, w.Ends)
				if err != nil || n != 1 {
					return fmt.Errorf("%d rows: %w", n, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			got, err := db.All(tx, scanThing, selectThings)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if err != nil {
				return err
			}
			if _, err = db.One(tx, scanThing, `SELECT id, name, good, seal, ends_at FROM thing WHERE id = $1`, 7); !fail.Is(err, fail.NotFound) {
				t.Errorf("absent: %v", err)
			}
			if n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM thing WHERE good`); n != 1 || err != nil {
				t.Errorf("%d good, %v", n, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`DELETE FROM thing`)
			return err
		})
		if err == nil {
			t.Error("a reader wrote")
		}
	}, things)
}

func TestConflictsAreOurs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, query := range []string{
			`INSERT INTO thing (id, name, good) VALUES (1, 'a', true), (2, 'a', true)`,
			`INSERT INTO thing (id, name, good, part_of) VALUES (1, 'a', true, 404)`,
			`INSERT INTO thing (id, good) VALUES (1, true)`,
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(query)
				return err
			})
			if !fail.Is(err, fail.Conflict) {
				t.Errorf("%s: %v", query, err)
			}
		}
	}, things)
}

// SQLite keeps a text that PostgreSQL refuses; what somebody sent is at fault,
// not the database.
func TestWhatIsNoTextIsInvalid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for id, name := range []string{"a\x00b", "a\xffb"} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(`INSERT INTO thing (id, name, good) VALUES ($1, $2, true)`, id, name)
				return err
			})
			if err != nil && !fail.Is(err, fail.Invalid) {
				t.Errorf("%q: %v", name, err)
			}
		}
	}, things)
}

func TestNothingRemainsOfAFailure(t *testing.T) {
	boom := errors.New("boom")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(`INSERT INTO thing (id, name, good) VALUES (1, 'a', true)`); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Error(err)
		}
		func() {
			defer func() { _ = recover() }()
			_ = d.Write(t.Context(), func(tx *db.Tx) error {
				if _, err := tx.Exec(`INSERT INTO thing (id, name, good) VALUES (2, 'b', true)`); err != nil {
					return err
				}
				panic("boom")
			})
		}()
		if got := list(t, d); len(got) != 0 {
			t.Errorf("left behind: %v", got)
		}
	}, things)
}

func TestBulk(t *testing.T) {
	rows := func(n int) iter.Seq[[]any] {
		return func(yield func([]any) bool) {
			row := make([]any, 4) // used again for each row
			for i := range n {
				row[0], row[1], row[2], row[3] = i+1, fmt.Sprintf("thing %d", i), i%2 == 0, db.At(dbtest.Noon.Add(time.Duration(i)))
				if !yield(row) {
					return
				}
			}
		}
	}
	columns := []string{"id", "name", "good", "ends_at"}
	for _, n := range []int{0, 1, 50, 51, 1234} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				bulk := func(tx *db.Tx) error {
					count, err := tx.Bulk("thing", columns, rows(n))
					if int(count) != n && err == nil {
						t.Errorf("%d rows said", count)
					}
					return err
				}
				if err := d.Write(t.Context(), bulk); err != nil {
					t.Fatal(err)
				}
				if got := list(t, d); len(got) != n {
					t.Errorf("%d rows, want %d", len(got), n)
				}
				if err := d.Write(t.Context(), func(tx *db.Tx) error { return tx.Analyze("thing", "pair") }); err != nil {
					t.Errorf("counting again: %v", err)
				}
				if err := d.Write(t.Context(), bulk); n > 0 && !fail.Is(err, fail.Conflict) {
					t.Errorf("the same rows again: %v", err)
				}
				put := func(tx *db.Tx) error {
					_, err := tx.Put("thing", columns, 1, rows(n+1))
					return err
				}
				if err := d.Write(t.Context(), put); err != nil {
					t.Fatal(err)
				}
				if got := list(t, d); len(got) != n+1 {
					t.Errorf("%d rows after one more was put, want %d", len(got), n+1)
				}
			}, things)
		})
	}
}

// TestLoadInto fills a table without its index, which is there at the commit
// and refuses what it refused before.
func TestLoadInto(t *testing.T) {
	for _, n := range []int{1, 50, 51, 1234} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				load := func(from int) error {
					return d.Write(t.Context(), func(tx *db.Tx) error {
						if err := tx.LoadInto("pair"); err != nil {
							return err
						}
						_, err := tx.Bulk("pair", []string{"b"}, func(yield func([]any) bool) {
							for i := range n {
								if !yield([]any{from + i}) {
									return
								}
							}
						}, db.Constantly("a", int64(from)), db.Constantly("good", true))
						return err
					})
				}
				for _, from := range []int{10_000, 20_000} { // into nothing, then beside what is there
					if err := load(from); err != nil {
						t.Fatal(err)
					}
				}
				if err := load(20_000 + n - 1); !fail.Is(err, fail.Conflict) {
					t.Errorf("the last one again: %v", err)
				}
				err := d.Read(t.Context(), func(tx *db.Tx) error {
					rows, err := db.One(tx, db.Column[int], `SELECT count(*) FROM pair WHERE good AND a IN (10000, 20000) AND b >= a AND b < a + $1`, n)
					if rows != 2*n {
						t.Errorf("%d rows, want %d", rows, 2*n)
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}, things)
		})
	}
}

func TestMigrationsOfTheEngine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := d.Migrate(t.Context(), things); err != nil { // again: nothing to do
			t.Fatal(err)
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			name, err := db.One(tx, db.Column[string], `SELECT name FROM engine`)
			if name != string(d.Dialect()) {
				t.Errorf("migrated for %q", name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}, things)
}

func TestLock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		release, err := d.Lock(t.Context(), "feed")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Lock(t.Context(), "feed"); !fail.Is(err, fail.Conflict) {
			t.Errorf("taken twice: %v", err)
		}
		other, err := d.Lock(t.Context(), "other")
		if err != nil {
			t.Fatal(err)
		}
		other()
		release()
		again, err := d.Lock(t.Context(), "feed")
		if err != nil {
			t.Fatalf("not released: %v", err)
		}
		again()
	}, things)
}

func TestReadersDoNotSeeAWriterBeforeItIsDone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(`INSERT INTO thing (id, name, good) VALUES (1, 'a', true)`); err != nil {
				return err
			}
			if got := list(t, d); len(got) != 0 {
				t.Errorf("seen too early: %v", got)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := list(t, d); len(got) != 1 {
			t.Errorf("not seen: %v", got)
		}
	}, things)
}

func TestAnUnreachableDatabaseIsUnavailable(t *testing.T) {
	_, err := db.Open(context.Background(), "postgres://nobody@127.0.0.1:1/none?connect_timeout=1")
	if !fail.Is(err, fail.Unavailable) {
		t.Error(err)
	}
}

func list(t *testing.T, d *db.DB) (things []thing) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		things, err = db.All(tx, scanThing, selectThings)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return things
}

func TestNobodyElseReadsTheFiles(t *testing.T) {
	dir := t.TempDir()
	d, err := db.Open(t.Context(), filepath.Join(dir, "preau.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(t.Context(), things); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) < 2 {
		t.Fatal(entries, err)
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s is %v, %v", entry.Name(), info.Mode(), err)
		}
	}
}

func TestIn(t *testing.T) {
	for want, list := range map[string][]int64{"NULL": nil, "7": {7}, "7,-1,0": {7, -1, 0}} {
		if got := db.In(list); got != want {
			t.Errorf("%v is %q, want %q", list, got, want)
		}
	}
}

func TestAmong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Bulk("thing", []string{"id", "name", "good"}, func(yield func([]any) bool) {
				for id := range int64(4) {
					if !yield([]any{id - 1, fmt.Sprint(id), true}) {
						return
					}
				}
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ asked, found []int64 }{
			{nil, nil}, {[]int64{7}, nil}, {[]int64{2}, []int64{2}}, {[]int64{1, 7, -1, 1}, []int64{-1, 1}},
		} {
			var got []int64
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				got, err = db.All(tx, db.Column[int64], `SELECT id FROM thing WHERE good = $1 AND id `+tx.Among(2)+` ORDER BY id`, true, db.List(tx, c.asked))
				return err
			})
			if diff := cmp.Diff(c.found, got); diff != "" || err != nil {
				t.Errorf("among %v (-want +got): %v\n%s", c.asked, err, diff)
			}
		}
	}, things)
}

// What reads on PostgreSQL keeps its plans, and what writes makes them as it did,
// unless the address says otherwise.
func TestReadersKeepTheirPlans(t *testing.T) {
	where := dbtest.URL(t)
	for address, want := range map[string][2]string{
		where: {"force_generic_plan", "auto"},
		where + "&plan_cache_mode=force_custom_plan": {"force_custom_plan", "force_custom_plan"},
	} {
		d, err := db.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		var got [2]string
		for i, run := range []func(context.Context, func(*db.Tx) error) error{d.Read, d.Write} {
			err := run(t.Context(), func(tx *db.Tx) (err error) {
				got[i], err = db.One(tx, db.Column[string], `SHOW plan_cache_mode`)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if got != want {
			t.Errorf("%s: reads and writes have %v, not %v", address, got, want)
		}
	}
}
