package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"preau/core/audience"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/core/web"
)

// board is a room with posters, and a page that asks for an hour.
type board struct{ yard }

func (b board) Mount(m *web.Mux) {
	b.yard.Mount(m)
	for poster, path := range map[web.Poster]string{web.Unlisted: "/unlisted/{name}", web.Listed: "/listed/{name}"} {
		m.PublicGet(path, "anybody reads it", func(*web.Request) (web.Answer, error) {
			p := page("affiche")
			p.Poster = poster
			return p, nil
		}, web.Listable)
	}
	m.Post("/hour", "yard.write", func(r *web.Request) (web.Answer, error) {
		at, err := r.Hour("hour", dbtest.Noon)
		if at.IsZero() {
			return web.Text{Body: "none"}, err
		}
		return web.Text{Body: at.In(school.Paris).Format(time.TimeOnly)}, err
	})
}

// A poster is kept for a minute, sends nobody's address on, and says whether search engines
// list it; of somebody signed in nothing is kept. Only what is listable may be looked at.
func TestPosters(t *testing.T) {
	h := open(t, func(c *web.Config) { c.Services = []web.Service{board{}} })
	for path, listed := range map[string]string{"/yard/unlisted/x": "noindex", "/yard/listed/x": "all"} {
		got := h.get(path)
		for name, want := range map[string]string{"Cache-Control": "public, max-age=60", "Referrer-Policy": "no-referrer", "X-Robots-Tag": listed} {
			if got.Header.Get(name) != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got.Header.Get(name), want)
			}
		}
		if kept := h.get(path, as("head")).Header.Get("Cache-Control"); kept != "no-store" {
			t.Errorf("%s is kept of somebody signed in: %q", path, kept)
		}
	}
	if other := h.get("/login").Header; other.Get("X-Robots-Tag") != "" || other.Get("Referrer-Policy") != "same-origin" {
		t.Errorf("another page is answered as a poster: %v", other)
	}
	one, two := "Allow: /yard/unlisted/\n", "Allow: /yard/listed/\n"
	if got := h.get("/robots.txt").body; got != "User-agent: *\nDisallow: /\n"+one+two && got != "User-agent: *\nDisallow: /\n"+two+one {
		t.Errorf("search engines are told %q", got)
	}
}

func TestHours(t *testing.T) {
	h := open(t, func(c *web.Config) { c.Services = []web.Service{board{}} })
	for typed, want := range map[string]string{
		"08:30": "08:30:00", "8 h 30": "08:30:00", "8\u00a0h\u00a030": "08:30:00", "8\u202fh\u202f30": "08:30:00", "8h30": "08:30:00", "8:30": "08:30:00", "8H30": "08:30:00", "8h": "08:00:00", " 8 h ": "08:00:00", "0:00": "00:00:00", "23:59": "23:59:00", " ": "none",
	} {
		if got := h.post("/yard/hour", url.Values{"hour": {typed}}, as("head")); got.body != want {
			t.Errorf("%q is read as %d %q, want %q", typed, got.StatusCode, got.body, want)
		}
	}
	for _, typed := range []string{"24:00", "8:60", "8", "huit heures", "8:3", "8h30 environ", "-8:30", "108:30"} {
		if got := h.post("/yard/hour", url.Values{"hour": {typed}}, as("head")); got.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%q is an hour: %d %q", typed, got.StatusCode, got.body)
		}
	}
}

// What leaves later is published by a room that can keep it back, and by no other.
func TestOnlyWhoWithholdsPublishesForLater(t *testing.T) {
	h := open(t, func(c *web.Config) { c.Services = []web.Service{hasty{}} })
	if got := h.post("/yard/later", nil, as("head")); got.StatusCode != http.StatusInternalServerError {
		t.Errorf("a room that keeps nothing back publishes for later: %d", got.StatusCode)
	}
}

// hasty is a room that publishes for later, and could not keep it back.
type hasty struct{ yard }

func (b hasty) Mount(m *web.Mux) {
	m.Post("/later", "yard.write", func(r *web.Request) (web.Answer, error) {
		err := r.Publish(audience.Address{Room: "yard", Thing: 1, Audiences: []audience.Audience{{Place: audience.Person, Of: 1}}, Published: r.Tx.Now.Add(time.Hour)})
		return web.Text{Body: "published"}, err
	})
}
