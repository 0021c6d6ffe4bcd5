package bench

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

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
	reads, calm, quick int            // requests that read; those answered by words of the day, and within readAim
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

func (o *outcome) quickShare() float64 {
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

// closed asks as fast as it is answered, so many requests at once.
func closed() *vegeta.Attacker {
	return vegeta.NewAttacker(vegeta.Redirects(vegeta.NoFollow), vegeta.MaxBody(0), vegeta.Timeout(30*time.Second), vegeta.Workers(atOnce), vegeta.MaxWorkers(atOnce))
}
