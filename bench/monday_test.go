package bench

import (
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
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
	mondayTime = 8 * time.Second
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
		at := install(b, engine, preau)
		at.feed(b, dir)
		at.monday(b)
		if err := os.RemoveAll(at.data); err != nil {
			b.Fatal(err)
		}
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
	people := morning(b, house, classes, news)
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
		at.engine, overload, int(overload*rate), 100*more.readsWithin(readAim), readAim, 100*more.calmShare())
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

// closed asks as fast as it is answered, so many requests at once.
func closed() *vegeta.Attacker {
	return vegeta.NewAttacker(vegeta.Redirects(vegeta.NoFollow), vegeta.MaxBody(0), vegeta.Timeout(30*time.Second), vegeta.Workers(atOnce), vegeta.MaxWorkers(atOnce))
}

// tickets has each of the people open a page, with which their browser gets what it
// needs to read the words of the day when the node is calm: at half past eight these are
// those who came a while ago.
func tickets(b *testing.B, site string, people []*passer) {
	b.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, p := range people {
		answer, _ := get(b, client, site+"/", p.token)
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

// get opens a page as a browser does, compressed, and gives what came.
func get(b *testing.B, client *http.Client, address, token string) (*http.Response, []byte) {
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

// plain is what a compressed page says.
func plain(b *testing.B, body []byte) string {
	b.Helper()
	reader, err := gzip.NewReader(strings.NewReader(string(body)))
	if err != nil {
		b.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		b.Fatal(err)
	}
	return string(text)
}

// mix has the people do their steps, one after the other.
type mix struct {
	site   string
	people []*passer

	mu   sync.Mutex
	turn int
}

// target is the next step of the next of the people.
func (m *mix) target(t *vegeta.Target) error {
	m.mu.Lock()
	p := m.people[m.turn%len(m.people)]
	s := p.steps[p.next%len(p.steps)]
	from := fmt.Sprintf("198.51.%d.%d", m.turn%len(m.people)/250, m.turn%250)
	p.next++
	m.turn++
	m.mu.Unlock()
	*t = vegeta.Target{Method: s.method, URL: m.site + s.path, Body: []byte(s.body), Header: http.Header{
		"Cookie": {"preau=" + p.token + "; " + p.ticket}, "Accept": {"text/html"}, "Accept-Encoding": {"gzip"}, "X-Forwarded-For": {from},
	}}
	if s.kind == toSignIn {
		t.Header.Del("Cookie")
	}
	if s.method == http.MethodPost {
		t.Header.Set("Content-Type", formType(s.body))
	}
	t.URL += "#" + s.kind // a fragment is not sent; the result has it
	return nil
}

// full asks as fast as the node answers, with so many requests at once that it is
// never idle.
func (m *mix) full(long time.Duration) *outcome {
	got := &outcome{long: long, latencies: latencies{}}
	for r := range closed().Attack(m.target, vegeta.ConstantPacer{}, long, "") {
		got.note(r, r.Latency)
	}
	return got
}

// paced asks for so many a second, whatever becomes of those before. What is asked
// late, because the machine was not free to ask, is late from when it was due.
func (m *mix) paced(rate int, long time.Duration) *outcome {
	got := &outcome{long: long, latencies: latencies{}}
	attacker := vegeta.NewAttacker(vegeta.Redirects(vegeta.NoFollow), vegeta.MaxBody(0), vegeta.Timeout(30*time.Second), vegeta.Connections(mondayPeople))
	began := time.Now()
	for r := range attacker.Attack(m.target, vegeta.ConstantPacer{Freq: rate, Per: time.Second}, long, "") {
		due := began.Add(time.Duration(r.Seq) * time.Second / time.Duration(rate))
		got.note(r, r.End().Sub(due))
	}
	return got
}

// outcome is what became of requests.
type outcome struct {
	latencies
	long               time.Duration
	calm, reads, quick int            // of those that read: how many there were, and within readAim
	statuses           map[string]int // kind and status
}

func (o *outcome) note(r *vegeta.Result, late time.Duration) {
	_, kind, _ := strings.Cut(r.URL, "#")
	status := r.Code
	if r.Method == http.MethodPost && status == http.StatusSeeOther {
		status = http.StatusOK // what is written leads to a page
	}
	o.latencies.note(kind, late, status)
	if o.statuses == nil {
		o.statuses = map[string]int{}
	}
	o.statuses[fmt.Sprintf("%s %d", kind, r.Code)]++
	if r.Method != http.MethodGet {
		return
	}
	o.reads++
	if r.Headers.Get("Preau-Calm") != "" {
		o.calm++
	}
	if status == http.StatusOK && late <= readAim {
		o.quick++
	}
}

func (o *outcome) of(kind string) *lateness {
	if l := o.latencies[kind]; l != nil {
		return l
	}
	return &lateness{}
}

// perSecond is how many were answered as they should be.
func (o *outcome) perSecond() float64 {
	all := o.of(allPages)
	return float64(len(all.all)-all.errors-all.lost) / o.long.Seconds()
}

func (o *outcome) readsWithin(time.Duration) float64 {
	return float64(o.quick) / float64(max(1, o.reads))
}
func (o *outcome) calmShare() float64 { return float64(o.calm) / float64(max(1, o.reads)) }

// log says what became of each kind.
func (o *outcome) log(b *testing.B) {
	b.Helper()
	all := len(o.of(allPages).all)
	for _, kind := range []string{toSignIn, toHome, toRead, toSign, toWrite, allPages} {
		if l := o.of(kind); len(l.all) > 0 {
			b.Logf("  %-10s %5.1f %% of requests, p50 %7.1f ms, p95 %7.1f, errors %d, not as they should be %d",
				kind, 100*float64(len(l.all))/float64(all), l.at(.50), l.at(.95), l.errors, l.lost)
		}
	}
	b.Logf("  answers: %v", o.statuses)
}
