package bench

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"preau/core/db/dbtest"
	"preau/test/village"
)

// sizes are how many schools each feed of BenchmarkAcademy has; the last one
// is the académie whose pages are opened. PREAU_BENCH_ACADEMY changes them:
// "50,200".
func sizes(b *testing.B) []int {
	text := os.Getenv("PREAU_BENCH_ACADEMY")
	if text == "" {
		text = "50,200,800,3500"
	}
	var list []int
	for _, one := range strings.Split(text, ",") {
		n, err := strconv.Atoi(one)
		if err != nil {
			b.Fatalf("PREAU_BENCH_ACADEMY: %v", err)
		}
		list = append(list, n)
	}
	return list
}

// installation is where something is fed and served.
type installation struct {
	engine string
	preau  string
	place  []string // the flags that every command takes
	data   string
	db     string // of PostgreSQL; empty: SQLite
}

// install makes an installation, with the operator who feeds.
func install(b *testing.B, engine, preau string) installation {
	b.Helper()
	at := installation{engine: engine, preau: preau, data: b.TempDir()}
	at.place = []string{"--data", at.data}
	if engine == "PostgreSQL" {
		at.db = dbtest.URL(b)
		at.place = append(at.place, "--db", at.db)
	}
	spend(b, preau, append([]string{"admin", "add", "ines.garnier"}, at.place...)...)
	return at
}

// feed feeds what is in a folder.
func (at installation) feed(b *testing.B, folder string) cost {
	b.Helper()
	return spend(b, at.preau, slices.Concat([]string{"feed", folder, "--json"}, at.place)...)
}

// followingDays writes the deltas of the days after a complete delivery.
func followingDays(b *testing.B, complete string) (deltas []string) {
	b.Helper()
	of := complete
	for range rounds {
		next := b.TempDir()
		if _, err := village.WriteDelta(of, next, false); err != nil {
			b.Fatal(err)
		}
		deltas, of = append(deltas, next), next
	}
	return deltas
}

// BenchmarkAcademy feeds villages of growing sizes to both engines, beside
// OpenLDAP's slapadd of the same people. With the last one loaded, a whole
// académie, it opens pages at a constant rate, then again while a day's delta
// is fed: make bench-academy.
func BenchmarkAcademy(b *testing.B) {
	preau := program(b)
	list := sizes(b)
	b.Logf("%8s %9s  %-22s %8s %12s %8s %10s", "schools", "people", "", "seconds", "s/1000", "peak MB", "/slapadd")
	for i, schools := range list {
		dir := b.TempDir()
		complete := filepath.Join(dir, "complete")
		sum, err := village.Write(complete, village.Options{Schools: schools, Seed: 1, Date: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			b.Fatal(err)
		}
		people := sum.Pupils + sum.Guardians + sum.Staff
		peer, has := slapadd(b, complete)
		say := func(what string, c cost) {
			ratio := "-"
			if has {
				ratio = strconv.FormatFloat(c.time.Seconds()/peer.time.Seconds(), 'f', 2, 64)
			}
			b.Logf("%8d %9d  %-22s %8.2f %12.4f %8d %10s", schools, people, what, c.time.Seconds(),
				c.time.Seconds()*1000/float64(people), c.peak>>20, ratio)
		}
		if has {
			say("slapadd -q", peer)
		} else {
			b.Log("slapadd is not on this machine: no peer")
		}
		var deltas []string
		if i == len(list)-1 {
			deltas = followingDays(b, complete)
		}
		// One engine after the other: see BenchmarkFeed.
		for _, engine := range []string{"SQLite", "PostgreSQL"} {
			at := install(b, engine, preau)
			say(engine+", first", at.feed(b, complete))
			say(engine+", again", at.feed(b, complete))
			if len(deltas) > 0 {
				at.openPages(b, deltas, func(delta cost) { say(engine+", a day's delta", delta) })
			}
			if err := os.RemoveAll(at.data); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.RemoveAll(dir); err != nil {
			b.Fatal(err)
		}
	}
}
