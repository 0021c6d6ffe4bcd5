package bench

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/service/people"
	"preau/test/village"
)

// words are what people look for: few letters and many, a common name, a town,
// what nobody has.
var words = []string{"", "a", "ma", "le", "dup", "martin", "marie", "ecole", "maternelle", "marie mar", "saint", "096", "zzz"}

// BenchmarkFind measures the page of results of the directory for everyone, as
// who sees much: the pilot of the académie, the operator, the head of a school,
// a teacher. No peer is run beside it: the aim is a time, 50 ms for nineteen
// pages in twenty.
func BenchmarkFind(b *testing.B) {
	dir := b.TempDir()
	sum, err := village.Write(dir, village.Options{Schools: schools(), Seed: 1, Date: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d schools, %d people", schools(), sum.Pupils+sum.Guardians+sum.Staff)
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		where := filepath.Join(b.TempDir(), "preau.db")
		if engine == "PostgreSQL" {
			where = dbtest.URL(b)
		}
		d, err := db.Open(b.Context(), where)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { d.Close() })
		if err := d.Migrate(b.Context(), directory.Schema(), feed.Schema()); err != nil {
			b.Fatal(err)
		}
		feeder := &feed.Feeder{DB: d, Log: slog.New(slog.DiscardHandler), Caps: feed.DefaultCaps}
		if _, err := feeder.Feed(b.Context(), dir, feed.Options{}); err != nil {
			b.Fatal(err)
		}
		visitors := seekers(b, d)
		site := reading(b, d, visitors)
		for _, profile := range []school.Profile{school.Pilot, school.Operator, school.Head, school.Teacher} {
			var times []time.Duration
			for round := range 5 {
				for _, w := range words {
					start := time.Now()
					page(b, site, "/people/?q="+url.QueryEscape(w), profile)
					if round > 0 { // the first one warms
						times = append(times, time.Since(start))
					}
				}
			}
			slices.Sort(times)
			p95 := times[len(times)*95/100]
			b.Logf("%-10s %s: half of them in %v, nineteen in twenty in %v", engine, profile, median(times), p95)
			b.ReportMetric(float64(p95.Microseconds())/1000, slug(engine)+"-"+string(profile)+"-p95-ms")
		}
	}
}

// page asks for a page as one of the visitors.
func page(b *testing.B, site *web.Site, path string, profile school.Profile) {
	b.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+path, nil)
	r.AddCookie(&http.Cookie{Name: "preau", Value: string(profile)})
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Fatalf("%s answers %d to %s", path, w.Code, profile)
	}
}

// seekers finds somebody of each profile who sees the most.
func seekers(b *testing.B, d *db.DB) doors {
	b.Helper()
	visitors := doors{}
	err := d.Write(b.Context(), func(tx *db.Tx) error {
		academy, err := directory.Structures.One(tx, "kind = 'academy' ORDER BY id LIMIT 1")
		if err != nil {
			return err
		}
		project, err := directory.TheProject(tx)
		if err != nil {
			return err
		}
		at, err := db.One(tx, db.Column[school.ID], `SELECT school_id FROM directory_enrolment GROUP BY school_id ORDER BY count(*) DESC LIMIT 1`)
		if err != nil {
			return err
		}
		for profile, structure := range map[school.Profile]school.ID{school.Pilot: academy.ID, school.Operator: project, school.Head: at, school.Teacher: at} {
			id, err := directory.Appoint(tx, directory.Appointment{First: "Zoé", Usual: "Essai", Structure: structure, Template: village.PostOf(profile), Reason: "bench"})
			if err != nil {
				return err
			}
			classes, err := directory.ClassesOf(tx, structure)
			if err != nil {
				return err
			}
			if profile == school.Teacher {
				if err := directory.Attach(tx, directory.Attachment{Class: classes[0].ID, Teacher: id}); err != nil {
					return err
				}
			}
			visitors[string(profile)] = rights.Actor{Person: id, Profile: profile}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return visitors
}

// doors are the visitors by the token of their session.
type doors map[string]rights.Actor

// Visitor implements web.Doorkeeper.
func (d doors) Visitor(tx *db.Tx, token string) (web.Visitor, error) {
	actor, err := directory.Actor(tx, d[token].Person, d[token].Profile)
	return web.Visitor{Actor: actor, Name: "Zoé Essai"}, err
}

// Shut implements web.Doorkeeper.
func (doors) Shut(*db.Tx, school.ID, school.Profile) ([]web.Shut, error) { return nil, nil }

// Above implements web.Doorkeeper.
func (doors) Above(tx *db.Tx, schools ...school.ID) (map[school.ID][]school.ID, error) {
	return directory.AreasAbove(tx, schools...)
}

// reading is a portal that has the directory alone.
func reading(b *testing.B, d *db.DB, visitors doors) *web.Site {
	b.Helper()
	service := &people.Service{}
	matrix, err := rights.New(service.Rights())
	if err != nil {
		b.Fatal(err)
	}
	catalogue, err := i18n.Load(ui.Words, web.Words, directory.Words, people.Words)
	if err != nil {
		b.Fatal(err)
	}
	site, err := web.New(web.Config{
		URL: "http://127.0.0.1:8080", DB: d, Words: catalogue, Rights: matrix, Doors: visitors,
		Services: []web.Service{service}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	return site
}
