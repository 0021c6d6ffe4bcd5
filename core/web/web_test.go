package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// The people of the tests, each named by the token of their session.
var people = map[string]web.Visitor{
	"head": {
		Actor: rights.Actor{Person: 1, Profile: school.Head, Schools: []school.ID{10}},
		Name:  "Anne Petit", School: "École Jean-Jaurès",
		Hats: []ui.Hat{{ID: "1", Label: "directrice", Current: true}},
	},
	"teacher": {Actor: rights.Actor{Person: 2, Profile: school.Teacher, Classes: []school.ID{20}}, Name: "Luc Bon"},
	"parent":  {Actor: rights.Actor{Person: 3, Profile: school.Guardian}, Name: "Zoé Lune"},
}

// doors knows the people of the tests. It reads, as the real one does.
type doors struct{}

func (doors) Visitor(tx *db.Tx, token string) (web.Visitor, error) {
	if token == "broken" {
		return web.Visitor{}, errors.New("the table of sessions is gone")
	}
	visitor, ok := people[token]
	if !ok {
		return web.Visitor{}, fail.New(fail.SignIn, "no such session")
	}
	_, err := db.One(tx, db.Column[int], "SELECT count(*) FROM yard_note")
	return visitor, err
}

// Shut implements web.Doorkeeper: every school works with everything.
func (doors) Shut(*db.Tx, school.ID, school.Profile) ([]web.Shut, error) { return nil, nil }

// Above puts every school within the structure 90.
func (doors) Above(_ *db.Tx, schools ...school.ID) (map[school.ID][]school.ID, error) {
	above := map[school.ID][]school.ID{}
	for _, at := range schools {
		above[at] = []school.ID{90}
	}
	return above, nil
}

// yard is a room that does everything that a room may do, and some things
// that it may not.
type yard struct{}

var _ web.Service = yard{}

func (yard) Card() web.Card {
	return web.Card{Name: "yard", Title: "yard.title", Icon: ui.IconHome, For: []school.Profile{school.Head, school.Teacher}}
}

func (yard) Rights() rights.Table {
	return rights.Table{
		"yard.read":  {school.Head: rights.Schools, school.Teacher: rights.Classes},
		"yard.write": {school.Head: rights.Schools},
	}
}

func (y yard) Mount(m *web.Mux) {
	m.Get("/", "yard.read", y.list)
	m.Get("/class/{class}", "yard.read", y.class)
	m.Get("/write-in-read", "yard.read", y.add)
	m.Get("/journalled/{kind}", "yard.read", func(r *web.Request) (web.Answer, error) {
		if _, err := r.Tx.Exec("INSERT INTO yard_note (text) VALUES ('read')"); err != nil {
			return nil, err
		}
		if r.PathValue("kind") != "file" {
			return nil, kinds[r.PathValue("kind")]
		}
		return web.File{Name: "liste.csv", Content: strings.NewReader("a;b")}, nil
	}, web.Journalled)
	m.Get("/panic", "yard.read", func(*web.Request) (web.Answer, error) { panic("secret of the yard") })
	m.Get("/panic-in-page", "yard.read", func(*web.Request) (web.Answer, error) {
		return web.Page{Body: component(func() string { panic("secret of the yard") })}, nil
	})
	m.Get("/nothing", "yard.read", func(*web.Request) (web.Answer, error) { return nil, nil })
	m.Get("/slow", "yard.read", y.slow, web.Limit(30*time.Millisecond))
	m.Get("/fail/{kind}", "yard.read", y.fail)
	m.Get("/to", "yard.read", func(r *web.Request) (web.Answer, error) {
		return web.Redirect{To: r.URL.Query().Get("to"), Notice: r.URL.Query().Get("notice")}, nil
	})
	m.Get("/file", "yard.read", func(*web.Request) (web.Answer, error) {
		return web.File{Name: "../été.html", Type: "text/html", Content: strings.NewReader("<script>alert(1)</script>")}, nil
	})
	m.Get("/dated", "yard.read", func(*web.Request) (web.Answer, error) {
		return web.File{Name: "photo.png", Modified: dbtest.Noon, Content: strings.NewReader("photo")}, nil
	})
	m.Get("/long", "yard.read", func(*web.Request) (web.Answer, error) {
		return page(strings.Repeat("un mot ", 2000)), nil
	})
	m.Get("/ip", "yard.read", func(r *web.Request) (web.Answer, error) { return web.Text{Body: r.IP.String()}, nil })
	m.Post("/note", "yard.write", y.add)
	m.Post("/word", "yard.write", func(r *web.Request) (web.Answer, error) {
		text, err := r.Rich("word")
		if e := fail.InField(err); err != nil && (e == nil || e.Field != "word") {
			return nil, errors.New("the fault is of no field")
		}
		return web.Text{Body: text.HTML()}, err
	}, web.LongText)
	m.Post("/say", "yard.write", func(*web.Request) (web.Answer, error) { return page("dit"), nil })
	m.Post("/note-then-fail", "yard.write", func(r *web.Request) (web.Answer, error) {
		y.add(r)
		r.SetSession("stolen", time.Time{})
		return nil, fail.New(fail.Invalid, "no").Say("yard.wrong", r.PostFormValue("text"))
	})
	m.Post("/note-then-refuse", "yard.write", func(r *web.Request) (web.Answer, error) {
		y.add(r)
		p := page("à corriger")
		p.Status = http.StatusUnprocessableEntity
		return p, nil
	})
	m.Post("/note-then-panic", "yard.write", func(r *web.Request) (web.Answer, error) {
		y.add(r)
		panic("secret of the yard")
	})
	m.Post("/orphan", "yard.write", func(r *web.Request) (web.Answer, error) {
		_, err := r.Tx.Exec("INSERT INTO yard_note (text, parent) VALUES ('orphan', 'nobody')")
		return web.Redirect{To: "/yard/", Notice: "yard.done"}, err
	})
	m.Post("/upload", "yard.write", func(r *web.Request) (web.Answer, error) {
		n, err := io.Copy(io.Discard, r.Body)
		return web.JSON{Value: map[string]any{"bytes": n, "tx": r.Tx != nil}}, err
	}, web.Upload(2<<20))
}

func (yard) list(r *web.Request) (web.Answer, error) {
	notes, err := db.All(r.Tx, db.Column[string], "SELECT text FROM yard_note ORDER BY text")
	return page(strings.Join(notes, ", ")), err
}

func (yard) class(r *web.Request) (web.Answer, error) {
	class, err := r.PathID("class")
	if err != nil {
		return nil, err
	}
	if err := r.Can("yard.read", rights.Object{Class: class, School: 10}); err != nil {
		return nil, err
	}
	return page("la classe " + class.String()), nil
}

func (yard) add(r *web.Request) (web.Answer, error) {
	text, err := r.Text("text", 100)
	if err != nil {
		return nil, err
	}
	_, err = r.Tx.Exec("INSERT INTO yard_note (text) VALUES ($1)", text)
	return web.Redirect{To: "/yard/", Notice: "yard.done"}, err
}

func (yard) slow(r *web.Request) (web.Answer, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

var kinds = map[string]error{
	"fault":       errors.New("secret of the yard"),
	"not-found":   fail.New(fail.NotFound, "secret of the yard").Say("yard.wrong", "secret"),
	"conflict":    fail.New(fail.Conflict, "secret of the yard"),
	"invalid":     fail.New(fail.Invalid, "secret of the yard").Say("yard.wrong", "<b>"),
	"forbidden":   fail.New(fail.Forbidden, "secret of the yard"),
	"sign-in":     fail.New(fail.SignIn, "secret of the yard"),
	"too-many":    fail.New(fail.TooMany, "secret of the yard").After(90 * time.Second),
	"unavailable": fail.New(fail.Unavailable, "secret of the yard"),
}

func (yard) fail(r *web.Request) (web.Answer, error) { return nil, kinds[r.PathValue("kind")] }

// hall is what stands at the root.
type hall struct{}

func (hall) Mount(m *web.Mux) {
	m.PublicGet("/login", "one signs in there", func(r *web.Request) (web.Answer, error) {
		p := page("connexion vers " + r.Next())
		p.Doorway = true
		return p, nil
	})
	m.PublicGet("/long", "anybody reads it", func(r *web.Request) (web.Answer, error) {
		return page(strings.Repeat("un mot ", 2000)), nil
	})
	m.PublicPost("/login", "one signs in there", func(r *web.Request) (web.Answer, error) {
		if r.Tx != nil {
			return nil, errors.New("a stranger holds a transaction")
		}
		r.SetSession(r.PostFormValue("login"), time.Time{})
		return web.Redirect{To: r.Next()}, nil
	})
	m.PublicPost("/logout", "one signs out there", func(r *web.Request) (web.Answer, error) {
		r.ClearSession()
		return web.Redirect{To: "/login"}, nil
	})
	m.Foreign("/acs", "identity providers post there", func(r *web.Request) (web.Answer, error) {
		seen := map[string]any{"signedIn": r.SignedIn(), "cookies": len(r.Cookies()), "tx": r.Tx != nil, "proof": r.PostFormValue("proof")}
		return web.JSON{Value: seen}, nil
	})
}

// component is a component that writes what f gives.
func component(f func() string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(f()))
		return err
	})
}

func page(text string) web.Page {
	return web.Page{Title: "La cour", Body: component(func() string { return text })}
}

// log gathers what a site logs.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// words is the catalogue of the tests.
func words(t *testing.T) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.Load(ui.Words, web.Words, os.DirFS("testdata"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func config(t *testing.T) web.Config {
	t.Helper()
	matrix, err := rights.New(yard{}.Rights())
	if err != nil {
		t.Fatal(err)
	}
	return web.Config{
		URL:      "https://ecole.example",
		DB:       dbtest.SQLite(t, db.Schema{Name: "yard", Files: os.DirFS("testdata")}),
		Words:    words(t),
		Rights:   matrix,
		Doors:    doors{},
		Hall:     []web.Room{hall{}},
		Services: []web.Service{yard{}},
		Log:      slog.New(slog.DiscardHandler),
		Frame:    func(_ *web.Request, p *ui.Page) { p.Footer = []ui.Link{{Href: "/legal", Label: "Mentions légales"}} },
	}
}

// house is a site behind a real server on a loopback address, as in the
// demonstration.
type house struct {
	*web.Site
	t   *testing.T
	url string
	log *log
}

func open(t *testing.T, change ...func(*web.Config)) *house {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	h := &house{t: t, url: "http://" + server.Listener.Addr().String(), log: &log{}}
	c := config(t)
	c.URL, c.Log = h.url, slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	for _, f := range change {
		f(&c)
	}
	var err error
	if h.Site, err = web.New(c); err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = h.Site
	server.Start()
	t.Cleanup(server.Close)
	return h
}

// secure is a site whose public address is https, called through its
// handler, as behind a proxy.
func secure(t *testing.T) *web.Site {
	t.Helper()
	s, err := web.New(config(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// reply is what a browser got.
type reply struct {
	*http.Response
	body string
}

// set changes a request before it leaves.
type set func(*http.Request)

func as(token string) set {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "preau", Value: token}) }
}

func header(name, value string) set { return func(r *http.Request) { r.Header.Set(name, value) } }

var client = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{DisableCompression: true},
}

func (h *house) do(method, path string, body io.Reader, sets ...set) reply {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+path, body)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, set := range sets {
		set(r)
	}
	response, err := client.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return reply{response, string(got)}
}

func (h *house) get(path string, sets ...set) reply {
	h.t.Helper()
	return h.do(http.MethodGet, path, nil, sets...)
}

func (h *house) post(path string, form url.Values, sets ...set) reply {
	h.t.Helper()
	sets = append([]set{header("Content-Type", "application/x-www-form-urlencoded")}, sets...)
	return h.do(http.MethodPost, path, strings.NewReader(form.Encode()), sets...)
}

// notes is what the yard holds.
func (h *house) notes() string {
	h.t.Helper()
	var notes []string
	err := h.DB.Read(h.t.Context(), func(tx *db.Tx) (err error) {
		notes, err = db.All(tx, db.Column[string], "SELECT text FROM yard_note ORDER BY text")
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.Join(notes, ", ")
}
