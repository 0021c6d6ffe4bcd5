package bench

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/job"
	"preau/core/seal"
	"preau/directory"
	"preau/directory/feed"
	"preau/test/village"
)

// rounds is how many times each thing is measured, in turn with the others.
const rounds = 3

// schools is how many schools make about 200,000 people and 0.3 GB of XML;
// PREAU_BENCH_SCHOOLS changes it.
func schools() int {
	if n, err := strconv.Atoi(os.Getenv("PREAU_BENCH_SCHOOLS")); err == nil {
		return n
	}
	return 500
}

// BenchmarkFeed measures a complete delivery into an empty register, then the
// same again, against the time that xmllint needs just to read the same files.
func BenchmarkFeed(b *testing.B) {
	if _, err := exec.LookPath("xmllint"); err != nil {
		b.Skip("no xmllint on this machine")
	}
	dir := b.TempDir()
	sum, err := village.Write(dir, village.Options{Schools: schools(), Seed: 1, Date: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		b.Fatal(err)
	}
	people := sum.Pupils + sum.Guardians + sum.Staff
	files, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil {
		b.Fatal(err)
	}
	times := map[string][]time.Duration{}
	for range rounds {
		times["xmllint"] = append(times["xmllint"], timed(b, func() error {
			return exec.Command("xmllint", append([]string{"--stream", "--noout"}, files...)...).Run()
		}))
		for _, engine := range []string{"SQLite", "PostgreSQL"} {
			f, closed := feeder(b, engine)
			for _, what := range []string{" first", " again"} {
				times[engine+what] = append(times[engine+what], timed(b, func() error {
					_, err := f.Feed(b.Context(), dir, feed.Options{})
					return err
				}))
			}
			closed()
		}
	}
	floor := median(times["xmllint"])
	b.Logf("%d people, %d bonds, %.0f MB, %d cores, medians of %d rounds", people, sum.Bonds, float64(sum.Bytes)/1e6, runtime.NumCPU(), rounds)
	b.Logf("%-18s %8s %8s %12s", "", "seconds", "ratio", "people/s")
	for _, what := range []string{"xmllint", "SQLite first", "PostgreSQL first", "SQLite again", "PostgreSQL again"} {
		m := median(times[what])
		b.Logf("%-18s %8.2f %8.2f %12.0f", what, m.Seconds(), m.Seconds()/floor.Seconds(), float64(people)/m.Seconds())
		b.ReportMetric(m.Seconds()/floor.Seconds(), fmt.Sprintf("%s/xmllint", slug(what)))
	}
}

func slug(s string) string {
	out := []byte(s)
	for i, c := range out {
		if c == ' ' {
			out[i] = '-'
		}
	}
	return string(out)
}

func timed(b *testing.B, f func() error) time.Duration {
	b.Helper()
	runtime.GC()
	start := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}

// feeder makes a feeder over an empty database, with the logins that the
// product makes.
func feeder(b *testing.B, engine string) (*feed.Feeder, func()) {
	b.Helper()
	where := filepath.Join(b.TempDir(), "preau.db")
	if engine == "PostgreSQL" {
		where = dbtest.URL(b)
	}
	d, err := db.Open(b.Context(), where)
	if err != nil {
		b.Fatal(err)
	}
	if err := d.Migrate(b.Context(), audit.Schema(), job.Schema(), directory.Schema(), feed.Schema(), account.Schema()); err != nil {
		b.Fatal(err)
	}
	key, err := seal.Open(filepath.Join(b.TempDir(), "key"))
	if err != nil {
		b.Fatal(err)
	}
	accounts := account.New(d, key, audit.New(key), directory.Hats)
	f := &feed.Feeder{DB: d, Caps: feed.DefaultCaps, Log: slog.New(slog.DiscardHandler)}
	f.Newcomers = func(tx *db.Tx, newcomers []feed.Newcomer) error {
		_, err := accounts.MakeLogins(tx, func(yield func(account.Newcomer) bool) {
			for _, n := range newcomers {
				if !yield(account.Newcomer{Person: n.Person, First: n.FirstName, Usual: n.UsualName}) {
					return
				}
			}
		})
		return err
	}
	return f, func() { d.Close() }
}
