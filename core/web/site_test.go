package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// room is a room of one test: what it mounts.
type room func(*web.Mux)

func (r room) Mount(m *web.Mux) { r(m) }

func nothing(*web.Request) (web.Answer, error) { return web.Text{}, nil }

func TestAHalfDeclaredRouteStopsTheStart(t *testing.T) {
	c := config(t)
	for want, mount := range map[string]room{
		"no right":              func(m *web.Mux) { m.Get("/x", "", nothing) },
		`right "yard.fly"`:      func(m *web.Mux) { m.Get("/x", "yard.fly", nothing) },
		`right "yard.swim"`:     func(m *web.Mux) { m.Post("/x", "yard.swim", nothing) },
		"has no handler":        func(m *web.Mux) { m.Get("/x", "yard.read", nil) },
		"does not say why":      func(m *web.Mux) { m.PublicGet("/x", " ", nothing) },
		"not say why it needs":  func(m *web.Mux) { m.Foreign("/x", "", nothing) },
		"does not begin with /": func(m *web.Mux) { m.Get("x", "yard.read", nothing) },
		"conflicts":             func(m *web.Mux) { m.Get("/x/{a}", "yard.read", nothing); m.Get("/x/{b}", "yard.read", nothing) },
		"/login":                func(m *web.Mux) { m.PublicGet("/login", "again", nothing) },
		"bad wildcard":          func(m *web.Mux) { m.Get("/{a", "yard.read", nothing) },
	} {
		t.Run(want, func(t *testing.T) {
			defer func() {
				if p := recover(); p == nil || !strings.Contains(fmt.Sprint(p), want) {
					t.Errorf("panic: %v", p)
				}
			}()
			c.Hall = []web.Room{hall{}, mount}
			_, err := web.New(c)
			t.Errorf("the site started: %v", err)
		})
	}
}

// plain is a service without a route.
type plain struct {
	card  web.Card
	table rights.Table
}

func (p plain) Card() web.Card       { return p.card }
func (p plain) Rights() rights.Table { return p.table }
func (p plain) Mount(*web.Mux)       {}

func TestAHalfDeclaredServiceStopsTheStart(t *testing.T) {
	good := func() plain {
		return plain{card: web.Card{Name: "pond", Title: "yard.title", Icon: ui.IconHome, Pictogram: ui.PictureHouse, For: school.Profiles}}
	}
	for want, spoil := range map[string]func(*plain){
		"cannot be the name": func(p *plain) { p.card.Name = "Pond/" },
		"in the catalogue":   func(p *plain) { p.card.Title = "pond.title" },
		"icon":               func(p *plain) { p.card.Icon = "none" },
		"pictogram":          func(p *plain) { p.card.Pictogram = "none" },
		"for nobody":         func(p *plain) { p.card.For = nil },
		"no profile":         func(p *plain) { p.card.For = []school.Profile{"National_XXX"} },
		"taken twice":        func(p *plain) { p.card.Name = "yard" },
		"/login/ is taken":   func(p *plain) { p.card.Name = "login" },
		"not named after it": func(p *plain) { p.table = rights.Table{"yard.read": nil} },
		"in the matrix":      func(p *plain) { p.table = rights.Table{"pond.read": nil} },
	} {
		c, p := config(t), good()
		c.Services = append(c.Services, p)
		if _, err := web.New(c); err != nil {
			t.Fatalf("a good service: %v", err)
		}
		spoil(&p)
		c.Services = []web.Service{yard{}, p}
		if _, err := web.New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestPublicAddress(t *testing.T) {
	c := config(t)
	for address, good := range map[string]bool{
		"https://ecole.example":        true,
		"https://ecole.example/":       true,
		"https://ecole.example:8443":   true,
		"http://127.0.0.1:8080":        true,
		"http://localhost:8080":        true,
		"http://[::1]:8080":            true,
		"http://ecole.example":         false, // a session would travel in the clear
		"http://192.168.1.10:8080":     false,
		"http://127.0.0.1.example":     false,
		"http://0.0.0.0:8080":          false,
		"ftp://ecole.example":          false,
		"ecole.example":                false,
		"https://":                     false,
		"https://ecole.example/ent":    false,
		"https://me@ecole.example":     false,
		"https://ecole.example?a=b":    false,
		"https://ecole.example/#there": false,
		"":                             false,
	} {
		c.URL = address
		if _, err := web.New(c); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
	c.URL = "https://ecole.example/"
	s, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Absolute("/yard/"); got != "https://ecole.example/yard/" {
		t.Errorf("absolute: %s", got)
	}
	c.Doors = nil
	if _, err := web.New(c); err == nil {
		t.Error("a site without doors started")
	}
}

func TestRoutesAreListed(t *testing.T) {
	s := secure(t)
	got := map[string]string{}
	for _, route := range s.Routes() {
		if (route.Kind == web.Protected) != (route.Right != "") || (route.Kind == web.Protected) == (route.Why != "") {
			t.Errorf("%+v", route)
		}
		got[route.String()] = route.Kind.String()
	}
	for route, kind := range map[string]string{
		"GET /yard/{$}": "protected", "POST /yard/note": "protected", "GET /login": "public",
		"POST /acs": "foreign", "GET /healthz": "machine", "GET /_/": "machine",
	} {
		if got[route] != kind {
			t.Errorf("%s is %q, want %s", route, got[route], kind)
		}
	}
	if _, ok := got["GET /_ui"]; ok {
		t.Error("the gallery is mounted outside of the demonstration")
	}
}

func TestTheDemonstrationShowsTheGallery(t *testing.T) {
	if got := open(t).get("/_ui", as("head")); got.StatusCode != http.StatusNotFound {
		t.Errorf("elsewhere: %d", got.StatusCode)
	}
	c := config(t)
	c.Demo = true
	s, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if got := call(s, "GET", "https://ecole.example/_ui", ""); got.StatusCode != http.StatusOK || !regexp.MustCompile(`inventées`).MatchString(got.body) {
		t.Errorf("%d", got.StatusCode)
	}
}
