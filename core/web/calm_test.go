package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
	"preau/core/seal"
	"preau/core/web"
	"preau/core/web/calm"
)

// lobby is where somebody stays for as long as a test wants.
type lobby struct{ in, out chan struct{} }

func (l lobby) Mount(m *web.Mux) {
	wait := func(*web.Request) (web.Answer, error) {
		l.in <- struct{}{}
		<-l.out
		return page("reparti"), nil
	}
	m.PublicGet("/lobby", "anybody waits there", wait)
	m.PublicGet("/lobby/long", "anybody waits there", wait, web.NoTx)
	m.Post("/lobby", "yard.write", wait)
}

// calmly has a site take one request at a time, and let one wait.
func calmly(t *testing.T, l lobby) func(*web.Config) {
	t.Helper()
	return func(c *web.Config) {
		key, err := seal.Open(filepath.Join(t.TempDir(), "key"))
		if err != nil {
			t.Fatal(err)
		}
		c.Hall = append(c.Hall, l)
		c.Calm = (&calm.Calm{
			DB: c.DB, Key: key, Log: c.Log, Capacity: 1, Waiting: 1,
			Voided: func(*db.Tx, time.Time) ([]calm.Voided, error) { return nil, nil },
			Holder: func(*db.Tx, school.ID, school.Profile) (calm.Holder, error) {
				return calm.Holder{Held: audience.Holdings{{Audience: audience.Audience{Place: audience.Class, Of: 20, Side: audience.Teaching}}}}, nil
			},
		}).Ready()
	}
}

var looks = header("Accept", "text/html")

// TestMoreThanTheNodeCanAnswer fills the only place of a node: whoever looks at a page reads
// that it is slow, a program is told when to come back, what is written comes back; what
// holds no transaction, and probes, go on. Once somebody leaves, all is as before.
func TestMoreThanTheNodeCanAnswer(t *testing.T) {
	l := lobby{make(chan struct{}, 9), make(chan struct{})}
	h := open(t, calmly(t, l))
	done := make(chan reply, 9)
	for _, path := range []string{"/lobby", "/lobby/long"} {
		go func() { done <- h.get(path) }()
		<-l.in
	}
	go func() { done <- h.post("/lobby", url.Values{"x": {"1"}}, as("head")) }()
	<-l.in

	for name, got := range map[string]reply{
		"signed in":  h.get("/yard/", as("head"), looks),
		"signed out": h.get("/login", looks),
		"elsewhere":  h.get("/no/such/page", as("head"), looks, header("Sec-Fetch-Dest", "document")),
	} {
		elsewhere := name == "elsewhere" // it holds nothing
		if slow := strings.Contains(got.body, "Préau tourne au ralenti"); slow == elsewhere || !elsewhere && got.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.body)
		}
	}
	passedOn := []set{as("head"), looks, header("Sec-Fetch-Dest", "empty"), header("Sec-Fetch-Mode", "navigate")}
	if got := h.get("/yard/", passedOn...); got.StatusCode != http.StatusOK || !strings.Contains(got.body, "Préau tourne au ralenti") {
		t.Errorf("passed on by a service worker: %d %s", got.StatusCode, got.body)
	}
	got := h.get("/yard/", as("head"), looks)
	if got.Header.Get("Cache-Control") != "no-store" || got.Header.Get("X-Robots-Tag") != "noindex" || got.Header.Get("Preau-Calm") == "" || got.Header.Get("Refresh") != "" {
		t.Errorf("kept on its way: %v", got.Header)
	}
	form := url.Values{"text": {"ne pas perdre"}}
	for name, got := range map[string]reply{
		"a program": h.get("/yard/", as("head")),
		"an image":  h.get("/yard/file", as("head"), looks, header("Sec-Fetch-Dest", "image")),
		"a script":  h.get("/yard/", as("head"), looks, header("Sec-Fetch-Dest", "empty"), header("Sec-Fetch-Mode", "cors")),
		"a list":    h.get("/yard/journalled/file", as("teacher"), looks),
		"a form":    h.post("/yard/note", form, as("head")),
	} {
		after, err := strconv.Atoi(got.Header.Get("Retry-After"))
		if got.StatusCode != http.StatusServiceUnavailable || err != nil || after < 30 || after > 90 {
			t.Errorf("%s: %d, after %q", name, got.StatusCode, got.Header.Get("Retry-After"))
		}
		if kept := strings.Contains(got.body, "ne pas perdre"); kept != (name == "a form") {
			t.Errorf("%s: %s", name, got.body)
		}
	}
	if h.notes() != "" {
		t.Errorf("written: %s", h.notes())
	}
	h.SetReady(true)
	if got := h.get("/readyz"); got.StatusCode != http.StatusOK {
		t.Errorf("a crowd takes the node away: %d %s", got.StatusCode, got.body)
	}
	if !strings.Contains(h.log.String(), "calm=crowded") {
		t.Errorf("the log says nothing: %s", h.log)
	}

	close(l.out)
	for range 3 {
		if got := <-done; got.StatusCode != http.StatusOK || !strings.Contains(got.body, "reparti") {
			t.Errorf("who was in: %d %s", got.StatusCode, got.body)
		}
	}
	if got := h.get("/yard/", as("head"), looks); strings.Contains(got.body, "au ralenti") {
		t.Errorf("nobody is in, and %s", got.body)
	}
	if got := h.post("/yard/note", form, as("head")); got.StatusCode != http.StatusSeeOther || h.notes() != "ne pas perdre" {
		t.Errorf("sent again: %d %q", got.StatusCode, h.notes())
	}
}

// Whoever reads a page on a device of theirs has a ticket, renewed when it is old; who signs
// out, and who is on a device that others use, has none.
func TestWhoHasATicket(t *testing.T) {
	head := people["head"]
	own := head
	own.Session, own.Ends = 77, time.Now().Add(24*time.Hour)
	people["own"] = own
	t.Cleanup(func() { delete(people, "own") })
	h := open(t, calmly(t, lobby{}))
	ticket := func(got reply) *http.Cookie {
		t.Helper()
		return cookie(got, "preau-ticket")
	}
	given := ticket(h.get("/yard/", as("own")))
	if given == nil || given.Value == "" || !given.HttpOnly || given.MaxAge != int(calm.TicketLife.Seconds()) {
		t.Fatalf("given %+v", given)
	}
	with := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: given.Name, Value: given.Value}) }
	for name, got := range map[string]reply{
		"shared":     h.get("/yard/", as("head")),
		"again":      h.get("/yard/", as("own"), with),
		"a file":     h.get("/yard/file", as("own")),
		"an absence": h.get("/yard/fail/not-found", as("own")),
		"a post":     h.post("/yard/say", nil, as("own")),
		"signed out": h.get("/login"),
	} {
		if c := ticket(got); c != nil {
			t.Errorf("%s: given %+v", name, c)
		}
	}
	for name, got := range map[string]reply{
		"shared since": h.get("/yard/", as("head"), with),
		"signing out":  h.post("/logout", nil, as("own"), with),
		"an end":       h.get("/yard/", as("ended"), with),
	} {
		if c := ticket(got); c == nil || c.MaxAge >= 0 {
			t.Errorf("%s: left %+v", name, c)
		}
	}
	now := h.DB.Now()
	h.DB.Now = func() time.Time { return now.Add(5 * time.Minute) }
	if c := ticket(h.get("/yard/", as("own"), with)); c == nil || c.Value == given.Value {
		t.Errorf("an old one is renewed by %+v", c)
	}
}

// Whoever signs out is out of the browser though the database does not answer; nobody else
// is, and another site signs nobody out.
func TestSigningOutWithoutTheDatabase(t *testing.T) {
	h := open(t, calmly(t, lobby{}))
	h.Calm.Alive = func(context.Context) error { return errors.New("no route to the database") }
	h.Calm.Probe(t.Context())
	ticket := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "preau-ticket", Value: "any"}) }
	for name, got := range map[string]reply{
		"another form":      h.post("/yard/note", nil, as("head"), ticket),
		"from another site": h.post("/logout", nil, as("head"), ticket, header("Sec-Fetch-Site", "cross-site")),
	} {
		if len(got.Cookies()) > 0 || got.StatusCode < 400 {
			t.Errorf("%s: %d %v", name, got.StatusCode, got.Cookies())
		}
	}
	out := h.post("/logout", nil, as("head"), ticket)
	for _, name := range []string{"preau", "preau-ticket"} {
		if c := cookie(out, name); c == nil || c.MaxAge >= 0 || c.Value != "" {
			t.Errorf("%s stays: %+v", name, c)
		}
	}
	if out.StatusCode != http.StatusOK || out.Header.Get("Clear-Site-Data") != `"cache"` || out.Header.Get("Cache-Control") != "no-store" ||
		!strings.Contains(out.body, "Session fermée sur cet appareil") || strings.Contains(out.body, "Anne Petit") {
		t.Errorf("%d %v %s", out.StatusCode, out.Header, out.body)
	}
}

// Where many write, a page that says who looked waits for its turn and is held back without
// it; one that is only noted as read is shown, and noted the next time.
func TestAPageThatIsNotedInACrowd(t *testing.T) {
	l := lobby{make(chan struct{}, 9), make(chan struct{})}
	h := open(t, calmly(t, l), func(c *web.Config) {
		note := func(tx *db.Tx) error {
			_, err := tx.Exec("INSERT INTO yard_note (text) VALUES ('lu')")
			return err
		}
		c.Hall = append(c.Hall, room(func(m *web.Mux) {
			m.Get("/looked", "yard.read", func(r *web.Request) (web.Answer, error) { return page("la liste"), r.Note(note) })
			m.Get("/read", "yard.read", func(r *web.Request) (web.Answer, error) { return page("le mot"), r.NoteSeen(note) })
		}))
	})
	done := make(chan reply, 1)
	go func() { done <- h.post("/lobby", nil, as("head")) }()
	<-l.in
	if got := h.get("/looked", as("head")); got.StatusCode != http.StatusServiceUnavailable || strings.Contains(got.body, "la liste") {
		t.Errorf("who looked is not noted: %d %s", got.StatusCode, got.body)
	}
	if got := h.get("/read", as("head")); got.StatusCode != http.StatusOK || !strings.Contains(got.body, "le mot") || !strings.Contains(h.log.String(), "who read a page is not noted") {
		t.Errorf("who read is not noted: %d %s", got.StatusCode, got.body)
	}
	close(l.out)
	<-done
	if h.notes() != "" {
		t.Errorf("noted: %s", h.notes())
	}
	h.get("/read", as("head"))
	if h.notes() != "lu" {
		t.Errorf("noted: %s", h.notes())
	}
}

// crowdPatience is how long a page waits in a crowd for its reader to be noted.
const crowdPatience = 100 * time.Millisecond

// In a crowd, a page that is only noted as read does not wait for the only writer as long as
// forms do.
func TestAReaderWaitsLittleInACrowd(t *testing.T) {
	l := lobby{make(chan struct{}, 9), make(chan struct{})}
	waits := make(chan time.Duration, 1)
	h := open(t, calmly(t, l), func(c *web.Config) {
		c.Hall = append(c.Hall, room(func(m *web.Mux) {
			m.Get("/read", "yard.read", func(r *web.Request) (web.Answer, error) {
				return page("le mot"), r.NoteSeen(func(tx *db.Tx) error {
					deadline, _ := tx.Context().Deadline()
					waits <- time.Until(deadline)
					return nil
				})
			})
		}))
	})
	read := func() (within time.Duration, noted bool) {
		h.get("/read", as("head"))
		select {
		case within = <-waits:
			return within, true
		default:
			return 0, false // the machine was too slow for it
		}
	}
	if within, noted := read(); noted && within < crowdPatience {
		t.Errorf("who reads alone is noted within %s", within)
	}
	done := make(chan reply, 2)
	for range 2 { // one is in, one waits, and the next is turned away
		go func() { done <- h.post("/lobby", nil, as("head")) }()
	}
	<-l.in
	for h.post("/lobby", nil, as("head")).StatusCode != http.StatusServiceUnavailable {
	}
	close(l.out)
	<-done
	<-done
	if within, noted := read(); noted && within > crowdPatience {
		t.Errorf("in a crowd, who reads is noted within %s", within)
	}
}
