package bench

import (
	"bufio"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"preau/app"
	"preau/core/school"
)

// homesPerSecond is few: what is measured is how long a page takes, not how many a
// node answers.
const homesPerSecond = 20

// homes are the people whose home page is measured, by what they are.
type homes map[string][]*passer

const parentOfThree, teacherOfTwo = "parent of three", "teacher of two classes"

// homesOf lets some parents of three children and teachers of two classes in.
func homesOf(b *testing.B, house *app.House, classes []*classroom) homes {
	b.Helper()
	h := homes{}
	for name, who := range map[string]struct {
		people  []school.ID
		profile school.Profile
	}{
		parentOfThree: {parents(classes, 3), school.Guardian},
		teacherOfTwo:  {teachersOf(classes, 2), school.Teacher},
	} {
		for _, person := range some(who.people, perProfile) {
			p, err := welcome(b.Context(), house, person, who.profile, false)
			if err != nil {
				b.Fatalf("%s: %v", name, err)
			}
			h[name] = append(h[name], p)
		}
		if len(h[name]) == 0 {
			b.Fatalf("the village has no %s", name)
		}
	}
	return h
}

// openHomes opens the home pages one by one, for what each asks of the database and
// sends, and then many a second, for how long they take. It gives a page of a parent's.
func (at installation) openHomes(b *testing.B, site string, h homes) (page []byte) {
	b.Helper()
	type sums struct{ bytes, statements, most, n int }
	cost := map[string]*sums{}
	ids := map[string]string{}
	var targets []vegeta.Target
	names := map[string]string{}
	for name, people := range h {
		cost[name] = &sums{}
		for _, p := range people {
			get(b, site+"/", p.token) // what is read once a process, or written once a day
			answer, body := get(b, site+"/", p.token)
			if answer.StatusCode != http.StatusOK {
				b.Fatalf("the home page of a %s answers %s", name, answer.Status)
			}
			ids[answer.Header.Get("X-Request-Id")] = name
			cost[name].bytes += len(body)
			cost[name].n++
			if name == parentOfThree {
				page = body
			}
			to := site + "/?" + p.person.String()
			names[to] = name
			targets = append(targets, vegeta.Target{Method: http.MethodGet, URL: to, Header: http.Header{"Cookie": {"preau=" + p.token}}})
		}
	}
	for id, n := range at.statements(b) {
		if c := cost[ids[id]]; c != nil {
			c.statements, c.most = c.statements+n, max(c.most, n)
		}
	}
	warm := ask(targets, names, homesPerSecond)
	time.Sleep(2 * time.Second)
	warm()
	end := ask(targets, names, homesPerSecond)
	time.Sleep(quiet / 2)
	got := end()
	for _, name := range []string{parentOfThree, teacherOfTwo} {
		c, l := cost[name], got[name]
		b.Logf("%-10s home of a %s, %d people: p50 %.1f ms, p95 %.1f, at %d a second; %d statements (%d at most), %d bytes compressed; %d errors",
			at.engine, name, c.n, l.at(.50), l.at(.95), homesPerSecond, c.statements/c.n, c.most, c.bytes/c.n, l.errors+l.lost)
	}
	return page
}

// logged finds, in a line of the log, the request and how many statements it took.
var logged = regexp.MustCompile(`msg=request id=(\w+) .* statements=(\d+)`)

// statements tells how many statements each request took, as the server logged it.
func (at installation) statements(b *testing.B) map[string]int {
	b.Helper()
	file, err := os.Open(at.log())
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	of := map[string]int{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if m := logged.FindStringSubmatch(lines.Text()); m != nil {
			of[m[1]], _ = strconv.Atoi(m[2])
		}
	}
	if err := lines.Err(); err != nil {
		b.Fatal(err)
	}
	return of
}
