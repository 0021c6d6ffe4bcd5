package bench

import (
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"preau/app"
	"preau/core/rank"
	"preau/test/village"
)

// How long each part of a Monday is measured; how many requests are under way at
// once when the node is full; and how many times what it can answer comes next.
const (
	mondayTime = 30 * time.Second
	floorTime  = 5 * time.Second
	warmTime   = 5 * time.Second
	atOnce     = 24
	overload   = 3
)

// readAim is within how long a read is served when too many come.
const readAim = 500 * time.Millisecond

// mondaySchools is the size of the installation: PREAU_BENCH_MONDAY=3500 is an académie.
func mondaySchools(b *testing.B) int {
	text := os.Getenv("PREAU_BENCH_MONDAY")
	if text == "" {
		return 200
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatalf("PREAU_BENCH_MONDAY: %v", err)
	}
	return n
}

// BenchmarkMonday measures, on both engines, with a year behind everybody: what it
// costs to publish a word to 600 families; the home pages of a parent of three and of
// a teacher of two classes; how many requests a second the node answers when 2,000
// people come, beside a server that says hello and one that serves a page that is
// made; and what becomes of those who read when three times as many come.
func BenchmarkMonday(b *testing.B) {
	preau := program(b)
	dir := b.TempDir()
	sum, err := village.Write(dir, village.Options{Schools: mondaySchools(b), Seed: 1, Date: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d schools, %d people, %d processors", mondaySchools(b), sum.Pupils+sum.Guardians+sum.Staff, rank.Processors)
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		b.Run(engine, func(b *testing.B) {
			at := install(b, engine, preau)
			at.feed(b, dir)
			at.monday(b)
		})
	}
}

func (at installation) monday(b *testing.B) {
	b.Helper()
	house, err := app.Open(b.Context(), app.Place{Data: at.data, DB: at.db}, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer house.Close()
	classes, news := live(b, house)
	homes := homesOf(b, house, classes)
	large := largeSchool(b, house)
	people := morning(b, house, classes, news, homes)
	look(b, house)

	site, stop := at.serve(b)
	defer stop()
	idle(b, house)
	page := at.openHomes(b, site, homes)
	at.publish(b, house, site, large)
	at.crowd(b, site, page, people)
}

// crowd measures the mix when the node is full, beside the floors, and then when
// three times as many ask.
func (at installation) crowd(b *testing.B, site string, page []byte, people []*passer) {
	b.Helper()
	tickets(b, site, people)
	hello, static := floors(b, page)
	m := &mix{site: site, people: people}
	m.full(warmTime)
	full := m.full(mondayTime)
	rate := full.perSecond()
	b.Logf("%-10s full: %.0f requests a second, %.3f of hello (%.0f), %.3f of a page that is made (%.0f)",
		at.engine, rate, rate/hello, hello, rate/static, static)
	full.log(b)
	if n := full.of(allPages).errors + full.of(allPages).lost; n > 0 {
		b.Errorf("%s: %d requests of a node that is full failed", at.engine, n)
	}
	more := m.paced(int(overload*rate), mondayTime)
	b.Logf("%-10s %d times as many: %d requests a second; of those who read %.1f %% are served within %s, %.1f %% by words of the day",
		at.engine, overload, int(overload*rate), 100*more.quickShare(), readAim, 100*more.calmShare())
	more.log(b)
	m.full(warmTime) // what it had not answered yet
	after := m.full(warmTime)
	b.Logf("%-10s afterwards: %.0f requests a second, %d failed", at.engine, after.perSecond(), after.of(allPages).errors)
}

// floors measures what the same client gets from a server that does nothing.
func floors(b *testing.B, page []byte) (hello, static float64) {
	b.Helper()
	file := filepath.Join(b.TempDir(), "page.gz")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		b.Fatal(err)
	}
	site, stop := serveFloor(b, file)
	defer stop()
	measure := func(path string) float64 {
		target := vegeta.NewStaticTargeter(vegeta.Target{Method: http.MethodGet, URL: site + path, Header: http.Header{"Accept-Encoding": {"gzip"}}})
		n := 0
		for range closed().Attack(target, vegeta.ConstantPacer{}, floorTime, "") {
			n++
		}
		return float64(n) / floorTime.Seconds()
	}
	return measure("/hello"), measure("/page")
}

// tickets has each of the people open a page, with which their browser gets what it
// needs to read the words of the day when the node is calm: at half past eight these are
// those who came a while ago.
func tickets(b *testing.B, site string, people []*passer) {
	b.Helper()
	for _, p := range people {
		answer, _ := get(b, site+"/", p.token)
		if answer.StatusCode != http.StatusOK {
			b.Fatalf("the home page of a %s answers %s", p.profile, answer.Status)
		}
		for _, c := range answer.Cookies() {
			if strings.HasSuffix(c.Name, "preau-ticket") {
				p.ticket = c.Name + "=" + c.Value
			}
		}
		if p.ticket == "" {
			b.Fatalf("a %s has no ticket", p.profile)
		}
	}
}

// client follows nothing: the page of whoever has no session is not the one that is measured.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// get opens a page as a browser does, compressed, and gives what came.
func get(b *testing.B, address, token string) (*http.Response, []byte) {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header = http.Header{"Cookie": {"preau=" + token}, "Accept": {"text/html"}, "Accept-Encoding": {"gzip"}}
	answer, err := client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answer, body
}
