package bench

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"preau/account"
	"preau/app"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// perSecond is how many pages are asked for in a second, whatever becomes of
// those before; quiet, for how long while nothing else happens.
const (
	perSecond = 100
	quiet     = 30 * time.Second
)

// perProfile is how many people of each profile have a session.
const perProfile = 20

// visitor is somebody who is in, and a school of theirs.
type visitor struct {
	profile school.Profile
	token   string
	school  school.ID
	name    string // the beginning of somebody's there
}

// address is a page that is measured: who opens it, and where it is for
// them. Two rows of the table have no address in common.
type address struct {
	name     string
	profiles []school.Profile
	path     func(visitor) string
}

// addresses are the pages that are measured; another one is a line more.
var addresses = []address{
	{"home, head", []school.Profile{school.Head}, home},
	{"home, teacher", []school.Profile{school.Teacher}, home},
	{"home, guardian", []school.Profile{school.Guardian}, home},
	{"home, pupil", []school.Profile{school.Pupil}, home},
	{"home, pilot", []school.Profile{school.Pilot}, home},
	{"search, head", []school.Profile{school.Head}, search},
	{"search, teacher", []school.Profile{school.Teacher}, search},
	{"search, pilot", []school.Profile{school.Pilot}, search},
}

// search looks for somebody, or a school, by the beginning of a name.
func search(v visitor) string {
	return fmt.Sprintf("/people/?q=%s&%s", url.QueryEscape(v.name), url.QueryEscape(string(v.profile)))
}

// home is the same page for everybody; the profile in the address only tells
// the results apart.
func home(v visitor) string { return "/?" + string(v.profile) }

// openers find who opens pages, with a school of theirs: of each profile but
// pilots, whom no delivery brings.
var openers = map[school.Profile]string{
	school.Head: `SELECT f.person_id, f.structure_id FROM directory_function f
		WHERE f.profile = 'National_DIR' AND f.until_at IS NULL ORDER BY f.structure_id, f.person_id`,
	school.Teacher: `SELECT f.person_id, f.structure_id FROM directory_function f
		WHERE f.profile = 'National_ENS' AND f.until_at IS NULL ORDER BY f.structure_id, f.person_id`,
	school.Guardian: `SELECT b.guardian_id, e.school_id FROM directory_enrolment e
		JOIN directory_bond b ON b.pupil_id = e.person_id AND b.until_at IS NULL
		JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		WHERE e.until_at IS NULL ORDER BY e.school_id, b.guardian_id`,
	school.Pupil: `SELECT e.person_id, e.school_id FROM directory_enrolment e WHERE e.until_at IS NULL ORDER BY e.school_id, e.person_id`,
}

// openPages serves the installation and opens its pages: first alone, then
// while each delta is fed, and while the figures of the pilots are counted
// again after it; told is told what a delta took.
func (at installation) openPages(b *testing.B, deltas []string, told func(cost)) {
	b.Helper()
	ctx := b.Context()
	house, err := app.Open(ctx, app.Place{Data: at.data, DB: at.db}, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer house.Close()
	visitors, err := letIn(ctx, house)
	if err != nil {
		b.Fatal(err)
	}
	site, stop := at.serve(b)
	defer stop()
	look(b, house)
	idle(b, house)

	load(site, visitors, 2*time.Second) // what the first visits find cold is not measured
	before := load(site, visitors, quiet)
	if lost := before[allPages].lost; lost > 0 {
		b.Fatalf("%d pages are not those of the people who open them", lost)
	}
	fed, counted := latencies{}, latencies{}
	var delta cost
	for _, folder := range deltas {
		end := begin(site, visitors)
		// As docs/operations.md says, and as serve --inbox does.
		took := spend(b, "env", slices.Concat([]string{"GOMAXPROCS=1", "nice", "-n", "5", at.preau, "feed", folder, "--json", "--gently"}, at.place)...)
		fed.add(end())
		end = begin(site, visitors)
		idle(b, house)
		counted.add(end())
		delta.peak, delta.time = max(delta.peak, took.peak), delta.time+took.time/time.Duration(len(deltas))
	}
	told(delta)
	b.Logf("pages on %s, %d a second, by %d people, in milliseconds", at.engine, perSecond, len(visitors))
	b.Logf("%-24s %8s %8s %8s %8s   during a delta: %8s %8s   counting: %8s %8s", "", "p50", "p95", "p99", "errors", "p95", "ratio", "p95", "ratio")
	for _, a := range append(addresses, address{name: allPages}) {
		name := a.name
		q, f, c := before[name], fed[name], counted[name]
		b.Logf("%-24s %8.1f %8.1f %8.1f %8d   %15s %8.1f %8.2f   %9s %8.1f %8.2f", name, q.at(.50), q.at(.95), q.at(.99), q.errors+f.errors+c.errors,
			"", f.at(.95), f.at(.95)/q.at(.95), "", c.at(.95), c.at(.95)/q.at(.95))
	}
}

// letIn opens a session for a pilot of the académie and for people of each
// other profile, as they would: with a code.
func letIn(ctx context.Context, house *app.House) (visitors []visitor, err error) {
	var pilot, academy school.ID
	err = house.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := directory.Structures.One(tx, "kind = $1", directory.Academy)
		if err != nil {
			return err
		}
		academy = s.ID
		if pilot, err = directory.Appoint(tx, directory.Appointment{
			First: "Karim", Usual: "Delorme", Structure: academy, Template: "pilot", Reason: "bench",
		}); err != nil {
			return err
		}
		_, err = house.Accounts.Add(tx, pilot, "karim.delorme.pilote")
		return err
	})
	if err != nil {
		return nil, err
	}
	v, err := enter(ctx, house, pilot, academy, school.Pilot)
	if err != nil {
		return nil, err
	}
	visitors = append(visitors, v)
	for profile, query := range openers {
		some, err := spread(ctx, house, query)
		if err != nil {
			return nil, err
		}
		for _, one := range some {
			v, err := enter(ctx, house, one[0], one[1], profile)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", profile, err)
			}
			visitors = append(visitors, v)
		}
	}
	return visitors, nil
}

// spread takes perProfile of the people of a query, at equal distances.
func spread(ctx context.Context, house *app.House, query string) (some [][2]school.ID, err error) {
	var all [][2]school.ID
	err = house.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(tx, func(row db.Row) (one [2]school.ID, err error) { return one, row.Scan(&one[0], &one[1]) }, query)
		return err
	})
	step := max(1, len(all)/perProfile)
	for i := 0; i < len(all) && len(some) < perProfile; i += step {
		if !slices.ContainsFunc(some, func(other [2]school.ID) bool { return other[0] == all[i][0] }) {
			some = append(some, all[i])
		}
	}
	return some, err
}

// enter opens the session of a person with a hat on.
func enter(ctx context.Context, house *app.House, person, at school.ID, profile school.Profile) (visitor, error) {
	v := visitor{profile: profile, school: at}
	var code account.Code
	err := house.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if code, err = house.Accounts.IssueCode(tx, person, audit.By{}, account.LinkLife); err != nil {
			return err
		}
		var name string
		if err := tx.Get([]any{&name}, `SELECT sort_key FROM directory_person WHERE id = $1`, person); err != nil {
			return err
		}
		v.name = name[:min(3, len(name))]
		return nil
	})
	if err != nil {
		return v, err
	}
	opened, err := house.Accounts.Activate(ctx, code.Login.String(), code.Text, loginPassword, account.Origin{})
	if err == nil && opened.Profile != profile {
		err = house.DB.Write(ctx, func(tx *db.Tx) (err error) {
			opened, err = house.Accounts.Switch(tx, opened.Token, profile, account.Origin{})
			return err
		})
	}
	v.token = opened.Token
	return v, err
}

// serve starts the server, waits until it is ready, and gives its address
// and what stops it. What it logs is in the folder of the installation.
func (at installation) serve(b *testing.B) (site string, stop func()) {
	b.Helper()
	addr := freeAddress(b)
	log, err := os.Create(at.log())
	if err != nil {
		b.Fatal(err)
	}
	server := exec.Command(at.preau, append([]string{"serve", "--addr", addr}, at.place...)...)
	server.Stderr = log
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	peak := watchMemory(server.Process.Pid)
	stop = func() {
		b.Logf("the server on %s: peak %d MB", at.engine, peak()>>20)
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait() // its exit code says nothing of the pages
		log.Close()
	}
	untilReady(b, "http://"+addr+"/readyz", stop)
	return "http://" + addr, stop
}

// log is where the server of the installation writes.
func (at installation) log() string { return filepath.Join(at.data, "serve.log") }

// untilReady waits until an address answers, for a minute.
func untilReady(b *testing.B, address string, stop func()) {
	b.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			stop()
			b.Fatalf("%s is not ready after a minute", address)
		}
		if answer, err := http.Get(address); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
	}
}

// idle waits until no job is left to be done now.
func idle(b *testing.B, house *app.House) {
	b.Helper()
	for left := 1; left > 0; time.Sleep(100 * time.Millisecond) {
		err := house.DB.Read(b.Context(), func(tx *db.Tx) (err error) {
			left, err = db.One(tx, db.Column[int], `SELECT count(*) FROM job_job WHERE kind = 'account.count' AND unique_key IS NULL AND dead_at IS NULL`)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// look looks for the duplicates of every school at once, which a job does in a
// tenth of a processor.
func look(b *testing.B, house *app.House) {
	b.Helper()
	err := house.DB.Write(b.Context(), func(tx *db.Tx) error {
		schools, err := directory.OpenSchools(tx)
		for _, at := range schools {
			if err == nil {
				var pairs []directory.Pair
				if pairs, err = directory.DuplicatesIn(tx, at); err == nil {
					err = directory.KeepLikely(tx, at, pairs, tx.Now)
				}
			}
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

// load opens pages for some time.
func load(site string, visitors []visitor, long time.Duration) latencies {
	end := begin(site, visitors)
	time.Sleep(long)
	return end()
}

// begin opens pages at a constant rate until the function that it gives is
// called. A page is late from the instant when it should have been asked for,
// whether or not the machine was free to ask.
func begin(site string, visitors []visitor) (end func() latencies) {
	var targets []vegeta.Target
	names := map[string]string{} // of addresses
	for _, a := range addresses {
		for _, v := range visitors {
			if slices.Contains(a.profiles, v.profile) {
				at := site + a.path(v)
				targets = append(targets, vegeta.Target{Method: http.MethodGet, URL: at, Header: http.Header{"Cookie": {"preau=" + v.token}}})
				names[at] = a.name
			}
		}
	}
	return ask(targets, names, perSecond)
}

// ask asks for some addresses at a constant rate a second, in an order that is
// drawn, until the function that it gives is called; names tell which page is at each.
func ask(targets []vegeta.Target, names map[string]string, perSecond int) (end func() latencies) {
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(targets), func(i, j int) { targets[i], targets[j] = targets[j], targets[i] })
	attacker := vegeta.NewAttacker(vegeta.Redirects(vegeta.NoFollow), vegeta.MaxBody(0), vegeta.Timeout(30*time.Second))
	began, done := time.Now(), make(chan latencies)
	results := attacker.Attack(vegeta.NewStaticTargeter(targets...), vegeta.ConstantPacer{Freq: perSecond, Per: time.Second}, 0, "")
	go func() {
		got := latencies{}
		for r := range results {
			due := began.Add(time.Duration(r.Seq+1) * time.Second / time.Duration(perSecond)) // the pacer waits before the first
			got.note(names[r.URL], r.End().Sub(due), r.Code)
		}
		done <- got
	}()
	return func() latencies {
		attacker.Stop()
		return <-done
	}
}

// latencies are what was measured of each page, and of all.
type latencies map[string]*lateness

// lateness is what was measured of one page.
type lateness struct {
	all    []time.Duration
	errors int // what was not answered, or was an error of the server's
	lost   int // what was not theirs: after a delta, of whoever it lets depart
}

const allPages = "all pages"

func (l latencies) note(name string, late time.Duration, status uint16) {
	for _, name := range []string{name, allPages} {
		if l[name] == nil {
			l[name] = &lateness{}
		}
		l[name].all = append(l[name].all, late)
		switch {
		case status == 0 || status >= http.StatusInternalServerError:
			l[name].errors++
		case status != http.StatusOK:
			l[name].lost++
		}
	}
}

// add adds what was measured another time.
func (l latencies) add(other latencies) {
	for name, more := range other {
		if l[name] == nil {
			l[name] = &lateness{}
		}
		l[name].all = append(l[name].all, more.all...)
		l[name].errors, l[name].lost = l[name].errors+more.errors, l[name].lost+more.lost
	}
}

// at gives a quantile, in milliseconds.
func (l *lateness) at(quantile float64) float64 {
	slices.Sort(l.all)
	return float64(l.all[int(quantile*float64(len(l.all)-1))].Microseconds()) / 1000
}
