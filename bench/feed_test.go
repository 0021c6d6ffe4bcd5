package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"preau/core/db/dbtest"
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

// BenchmarkFeed measures the command that feeds a complete delivery into an
// empty register, logins included, then the same again, against the time that xmllint needs just to read the same files.
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
	preau := program(b)
	times, peak := map[string][]time.Duration{}, map[string]int64{}
	// One engine after the other: a server that still tidies what was fed to it
	// would slow the other one down.
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		for range rounds {
			times["xmllint"] = append(times["xmllint"], timed(b, func() error {
				return exec.Command("xmllint", append([]string{"--stream", "--noout"}, files...)...).Run()
			}))
			data := b.TempDir()
			args := []string{"feed", dir, "--json", "--data", data}
			if engine == "PostgreSQL" {
				args = append(args, "--db", dbtest.URL(b))
			}
			// The installation is there before, with the operator who feeds: making its tables is not feeding.
			if out, err := exec.Command(preau, append([]string{"admin", "add", "ines.garnier"}, args[3:]...)...).CombinedOutput(); err != nil {
				b.Fatalf("%v\n%s", err, out)
			}
			for _, what := range []string{" first", " again"} {
				times[engine+what] = append(times[engine+what], timed(b, func() error {
					out, err := exec.Command(preau, args...).Output()
					var result struct {
						PeakRSS int64 `json:"peak_rss_bytes"`
					}
					if err == nil {
						err = json.Unmarshal(out, &result)
					}
					peak[engine+what] = max(peak[engine+what], result.PeakRSS)
					return err
				}))
			}
		}
	}
	floor := median(times["xmllint"])
	b.Logf("%d people, %d bonds, %.0f MB, %d cores, medians of %d rounds", people, sum.Bonds, float64(sum.Bytes)/1e6, runtime.NumCPU(), rounds)
	b.Logf("%-18s %8s %8s %12s %8s", "", "seconds", "ratio", "people/s", "peak MB")
	for _, what := range []string{"xmllint", "SQLite first", "PostgreSQL first", "SQLite again", "PostgreSQL again"} {
		m := median(times[what])
		b.Logf("%-18s %8.2f %8.2f %12.0f %8d", what, m.Seconds(), m.Seconds()/floor.Seconds(), float64(people)/m.Seconds(), peak[what]>>20)
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
	syscall.Sync() // what the one before left to be written is not paid by this one
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
