package app

import (
	"context"

	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/test/village"
)

// stage is a village of three schools, served, with somebody of each profile
// signed in.
type stage struct {
	h      *House
	site   *web.Site
	people map[school.Profile]string // session tokens

}

// sweep prepares the stage of the refusals.
func sweep(t *testing.T, d *db.DB) stage {
	t.Helper()
	dir := t.TempDir()
	if _, err := village.Write(dir, village.Options{Schools: 3, Seed: 1, Date: dbtest.Noon}); err != nil {
		t.Fatal(err)
	}
	h := house(t, d)
	if _, err := h.Feeder.Feed(t.Context(), dir, feed.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := d.Write(t.Context(), h.attachTeachers); err != nil {
		t.Fatal(err)
	}
	if err := d.Write(t.Context(), h.nameReferents); err != nil {
		t.Fatal(err)
	}
	logins, err := h.cast(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := stage{h: h, people: map[school.Profile]string{}}
	if s.site, err = h.site("http://127.0.0.1:8080"); err != nil {
		t.Fatal(err)
	}
	for _, l := range logins {
		opened, err := h.Accounts.SignIn(context.Background(), l.Login, l.Password, account.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		s.people[l.Profile] = opened.Token
	}
	s.people[school.Departed] = s.leave(t)
	return s
}

// leave signs in somebody whose only post has ended.
func (s stage) leave(t *testing.T) (token string) {
	t.Helper()
	var code account.Code
	var person school.ID
	err := s.h.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
		person, err = s.h.office().Appoint(tx, directory.Appointment{First: "Ada", Usual: "Partie", Template: "partner", Reason: "test"}, "", audit.Entry{})
		if err == nil {
			code, err = s.h.Accounts.IssueCode(tx, person, audit.By{Request: "test"}, account.SlipLife)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	const password = "les lapins bleus dansent"
	if _, err := s.h.Accounts.Activate(t.Context(), code.Login.String(), code.Text, password, account.Origin{}); err != nil {
		t.Fatal(err)
	}
	err = s.h.DB.Write(t.Context(), func(tx *db.Tx) error {
		project, err := directory.TheProject(tx)
		if err == nil {
			err = directory.Dismiss(tx, person, project, "partner")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := s.h.Accounts.SignIn(t.Context(), code.Login.String(), password, account.Origin{})
	if err != nil || opened.Profile != school.Departed {
		t.Fatalf("who left comes in as %q: %v", opened.Profile, err)
	}
	return opened.Token
}

// ask sends a request as somebody, or as a visitor when token is empty.
func (s stage) ask(method, path, token string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:8080"+path, strings.NewReader(url.Values{"x": {"1"}}.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		r.AddCookie(&http.Cookie{Name: "preau", Value: token})
	}
	w := httptest.NewRecorder()
	s.site.ServeHTTP(w, r)
	return w
}

var places = regexp.MustCompile(`\{[a-z$]+\}`)

// TestEveryRefusalOfTheMatrix asks for every protected route, without a
// session and as each profile that does not hold its right: the answer is
// that of what does not exist.
func TestEveryRefusalOfTheMatrix(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	nothing := func(path string) int { // how long the answer is, beside the path
		room, _, _ := strings.Cut(path[1:], "/")
		return s.ask(http.MethodGet, "/"+room+"/nothing-of-the-kind", s.people[school.Pupil]).Body.Len()
	}
	asked := 0
	for _, route := range s.site.Routes() {
		if route.Right == "" {
			continue
		}
		path := places.ReplaceAllStringFunc(route.Pattern, func(place string) string {
			if place == "{$}" {
				return ""
			}
			return "182718981734817792"
		})
		if got := s.ask(route.Method, path, "").Code; got != http.StatusSeeOther && got != http.StatusForbidden {
			t.Errorf("%s %s answers %d to a visitor", route.Method, route.Pattern, got)
		}
		if got := s.ask(route.Method, path, "not-a-token").Code; got != http.StatusSeeOther && got != http.StatusForbidden {
			t.Errorf("%s %s answers %d to a false session", route.Method, route.Pattern, got)
		}
		for profile, token := range s.people {
			if s.site.Rights.Reach(profile, route.Right) != rights.Nowhere {
				continue
			}
			asked++
			w := s.ask(route.Method, path, token)
			if w.Code != http.StatusNotFound {
				t.Errorf("%s %s answers %d to %s", route.Method, route.Pattern, w.Code, profile)
			}
			if route.Method == http.MethodGet && profile == school.Pupil && w.Body.Len() != nothing(path) {
				t.Errorf("%s %s is refused in other words than what does not exist", route.Method, route.Pattern)
			}
		}
	}
	if asked < 40 {
		t.Errorf("only %d refusals were asked for", asked)
	}
}

// TestHoldersStopAtTheirReach asks, as each holder of a right, for an object
// of another school.
func TestHoldersStopAtTheirReach(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	var other directory.Structure
	var class directory.ClassView
	var pupil directory.InClass
	var worker directory.Worker
	var delivery feed.Delivery
	var referent directory.Called
	err := s.h.DB.Read(t.Context(), func(tx *db.Tx) error {
		schools, err := directory.Structures.All(tx, "kind = 'school' ORDER BY uai DESC")
		if err != nil {
			return err
		}
		other = schools[0] // the head and the teacher of the demo are in the first
		classes, err := directory.ClassesOf(tx, other.ID)
		if err != nil {
			return err
		}
		class = classes[0]
		pupils, err := directory.PupilsIn(tx, class.ID)
		if err != nil {
			return err
		}
		pupil = pupils[0]
		staff, err := directory.StaffOf(tx, other.ID)
		if err != nil {
			return err
		}
		worker = staff[0]
		named, err := directory.ReferentsOf(tx, other.ID)
		if err != nil {
			return err
		}
		referent = named[0]
		delivery, err = feed.LastApplied(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, route := range s.site.Routes() {
		if route.Right == "" || !strings.Contains(route.Pattern, "{") || strings.HasSuffix(route.Pattern, "/{$}") {
			continue
		}
		path := strings.NewReplacer("{school}", other.ID.String(), "{structure}", other.ID.String(), "{class}", class.ID.String(), "{delivery}", delivery.ID.String()).Replace(route.Pattern)
		if strings.Contains(path, "/staff/") || strings.Contains(path, "/team/") {
			path = strings.ReplaceAll(path, "{person}", worker.ID.String())
		}
		path = strings.ReplaceAll(path, "{person}", pupil.ID.String())
		path = strings.ReplaceAll(path, "{teacher}", worker.ID.String())
		path = strings.ReplaceAll(path, "{care}", string(directory.Canteen))
		path = strings.NewReplacer("{one}", pupil.ID.String(), "{other}", worker.ID.String(), "{merge}", delivery.ID.String()).Replace(path)
		path = strings.ReplaceAll(path, "{structure}", other.ID.String())
		path = strings.ReplaceAll(path, "{role}", string(directory.DigitalReferent))
		path = strings.ReplaceAll(path, "{referent}", referent.ID.String())
		for _, nobodys := range []string{"{arrival}", "{session}", "{grant}", "{factor}", "{door}", "{network}"} {
			path = strings.ReplaceAll(path, nobodys, "182718981734817792")
		}
		if strings.Contains(path, "{") {
			t.Fatalf("no identifier is known for %s: add one here", path)
		}
		for profile, token := range s.people {
			switch s.site.Rights.Reach(profile, route.Right) {
			case rights.Self, rights.Children, rights.Classes, rights.Schools:
			default:
				continue
			}
			asked++
			if w := s.ask(route.Method, path, token); w.Code != http.StatusNotFound {
				t.Errorf("%s %s of another school answers %d to %s", route.Method, route.Pattern, w.Code, profile)
			}
		}
	}
	if asked < 10 {
		t.Errorf("only %d objects were asked for", asked)
	}
}
