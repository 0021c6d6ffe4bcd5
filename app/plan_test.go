//go:build !race

package app

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// TestNoPageReadsAWholeTable opens every page that has an address of its own, and the things that
// these list, and asks PostgreSQL of each statement how it did it: a table that grows with the
// people, or with the years, is read by an index.
func TestNoPageReadsAWholeTable(t *testing.T) {
	own := dbtest.NewOwn(t)
	from := own.Explain()
	s := sweep(t, own.Open())
	logins, err := s.h.cast(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.h.converse(t.Context(), logins); err != nil {
		t.Fatal(err)
	}
	poster := s.openPoster(t)
	s.h.Notify.URL = "http://127.0.0.1:8080" // mail leaves, and what is urgent has ways to people
	from()
	s.forecast(t)
	if w := s.ask(http.MethodGet, poster, ""); w.Code != http.StatusOK {
		t.Fatalf("the public page answers %d", w.Code)
	}
	for _, profile := range []school.Profile{school.Guardian, school.Teacher, school.Head, school.Pupil} {
		open := map[string]bool{}
		paths := []string{poster, "/search?q=sortie"}
		for _, route := range s.site.Routes() {
			path := strings.TrimSuffix(route.Pattern, "{$}")
			if route.Method == http.MethodGet && route.Kind == web.Protected && !places.MatchString(path) && s.site.Rights.Reach(profile, route.Right) != rights.Nowhere {
				paths = append(paths, path)
			}
		}
		for _, path := range paths {
			w := s.ask(http.MethodGet, path, s.people[profile])
			if w.Code >= http.StatusInternalServerError {
				t.Fatalf("%s of a %s answers %d", path, profile, w.Code)
			}
			for _, thing := range things.FindAllString(w.Body.String(), -1) {
				open[thing] = true
			}
		}
		for path := range open {
			s.page(t, path, s.people[profile])
		}
		t.Logf("%s: %d pages, %d things", profile, len(paths), len(open))
		if len(paths) < 10 {
			t.Errorf("%s opens %d pages only", profile, len(paths))
		}
	}
	read, whole := own.Whole()
	if read < 100 {
		t.Fatalf("PostgreSQL says how it answered %d statements", read)
	}
	for query, tables := range whole {
		tables = slices.DeleteFunc(tables, func(table string) bool { return small[table] })
		if len(tables) > 0 {
			t.Errorf("%s: %s", strings.Join(tables, ", "), query)
		}
	}
}

// openPoster opens the public page of a school, with what it told so far, and gives its address.
func (s *stage) openPoster(t *testing.T) (path string) {
	t.Helper()
	err := s.h.DB.Write(t.Context(), func(tx *db.Tx) error {
		var at school.ID
		var uai string
		err := tx.Get([]any{&at, &uai}, `SELECT s.id, s.uai FROM directory_structure s JOIN news_item i ON i.school_id = s.id AND i.commune_id = 0 ORDER BY i.id LIMIT 1`)
		if err != nil {
			return err
		}
		path = "/news/public/" + strings.ToLower(uai)
		if _, err := tx.Exec(`UPDATE news_item SET public_at = published_at, faceless_at = published_at WHERE school_id = $1`, at); err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO news_page (school_id, opened_at, opened_by, listed) VALUES ($1, $2, 0, FALSE)`, at, db.At(tx.Now))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// forecast has the head asked to confirm a notice to the families of the school, some of whom it reaches by mail.
func (s *stage) forecast(t *testing.T) {
	t.Helper()
	to := newNotice.FindString(s.page(t, "/alert/", s.people[school.Head]))
	w := s.send(to, s.people[school.Head], url.Values{"kind": {"closed"}, "to": {"families"}, "text": {"La neige ferme l’école."}})
	if w.Code != http.StatusOK || !strings.Contains(html.UnescapeString(w.Body.String()), "Par e-mail") {
		t.Fatalf("%q asks to confirm with %d:\n%s", to, w.Code, w.Body)
	}
}

// newNotice is the address where a school tells something urgent.
var newNotice = regexp.MustCompile(`/alert/new/school/[0-9]+`)

// things are the addresses of what the rooms list.
var things = regexp.MustCompile(`/(liaison/word|liaison/note|message/thread|news/item|alert/notice)/[0-9]+`)

// small are the tables that a page may read whole: what is fed, some each day, the services that are
// switched off, which are read once for everybody, and the places, to which a search of people leads.
var small = map[string]bool{"feed_delivery": true, "account_switch": true, "directory_structure": true}
