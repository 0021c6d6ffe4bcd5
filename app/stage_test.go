package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/i18n"
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

// house builds a house over a database that has no table yet.
func house(t *testing.T, d *db.DB) *House {
	t.Helper()
	words, err := i18n.Load(vocabularies()...)
	if err != nil {
		t.Fatal(err)
	}
	h := &House{DB: d, Words: words, Log: slog.New(slog.DiscardHandler), Data: t.TempDir()}
	if err := h.build(t.Context(), Place{Key: filepath.Join(h.Data, "key"), Blobs: filepath.Join(h.Data, "blobs")}); err != nil {
		t.Fatal(err)
	}
	return h
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
		_, another := s.people[l.Profile]
		if !another || !slices.Contains(firsts, l.Profile) {
			s.people[l.Profile] = opened.Token
		}
	}
	s.people[school.Departed] = s.leave(t)
	return s
}

// firsts are the profiles of which the first login is on the stage: a teacher and a parent of the
// head's school.
var firsts = []school.Profile{school.Teacher, school.Guardian}

// leave signs in somebody whose only post has ended.
func (s stage) leave(t *testing.T) (token string) {
	t.Helper()
	var code account.Code
	var person school.ID
	err := s.h.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
		person, err = s.h.office.Appoint(tx, directory.Appointment{First: "Ada", Usual: "Partie", Template: "partner", Reason: "test"}, "", audit.Entry{})
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
	// What is asked of parts of files, which a room looks at before who asks: see service/file.
	r.Header.Set("Tus-Resumable", "1.0.0")
	r.Header.Set("Upload-Length", "5")
	r.Header.Set("Upload-Offset", "0")
	r.Header.Set("Upload-Metadata", "filename YS50eHQ=")
	if method == http.MethodPatch {
		r.Header.Set("Content-Type", "application/offset+octet-stream")
	}
	if token != "" {
		r.AddCookie(&http.Cookie{Name: "preau", Value: token})
	}
	w := httptest.NewRecorder()
	s.site.ServeHTTP(w, r)
	return w
}
