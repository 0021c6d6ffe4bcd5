package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// den is a room whose pages are kept, with forms that are taken once.
type den struct{ yard }

func (d den) Mount(m *web.Mux) {
	d.yard.Mount(m)
	m.Get("/kept/{how}", "yard.read", func(r *web.Request) (web.Answer, error) {
		r.Keep(r.URL.Query().Get("v"), r.URL.Query().Get("w"))
		p := page("le mot")
		switch r.PathValue("how") {
		case "refused":
			return nil, fail.New(fail.NotFound, "not for them")
		case "wrong":
			p.Status = http.StatusUnprocessableEntity
		}
		return p, r.Note(func(tx *db.Tx) error {
			_, err := tx.Exec("INSERT INTO yard_note (text) VALUES ('read') ON CONFLICT DO NOTHING")
			return err
		})
	})
	m.Post("/kept/posted", "yard.write", func(r *web.Request) (web.Answer, error) {
		r.Keep()
		return page("le mot"), nil
	})
	take := func(r *web.Request) (web.Answer, error) {
		if r.PostFormValue("text") == "wrong" {
			p := page("à corriger")
			p.Status = http.StatusUnprocessableEntity
			return p, nil
		}
		_, err := r.Tx.Exec("INSERT INTO yard_note (text) VALUES ($1)", r.PostFormValue("text"))
		return web.Redirect{To: "/yard/", Notice: "yard.done"}, err
	}
	m.Post("/take", "yard.write", take)
	m.Post("/take/apart", "yard.write", func(r *web.Request) (answer web.Answer, err error) {
		err = r.Write(func() error { answer, err = take(r); return err })
		return answer, err
	}, web.NoTx)
	m.Post("/take/refused", "yard.write", func(r *web.Request) (web.Answer, error) {
		return nil, fail.New(fail.Conflict, "no").Say("yard.wrong", "non")
	})
}

// ownDevice are the people of the tests, of whom the device of the head is theirs.
type ownDevice struct{ doors }

const head = "abc.def"

func (d ownDevice) Visitor(tx *db.Tx, token string) (web.Visitor, error) {
	v, err := d.doors.Visitor(tx, token)
	if token == "head" {
		v.Keeps = web.Keeping{Who: head, Until: dbtest.Noon.Add(30 * 24 * time.Hour)}
	}
	if token == "soon" {
		v, err = d.doors.Visitor(tx, "head")
		v.Keeps = web.Keeping{Who: head, Until: dbtest.Noon.Add(time.Hour)}
	}
	return v, err
}

// marks are kept among the notes of the yard.
type marks struct{}

func (marks) text(person school.ID, mark string) string {
	return fmt.Sprintf("mark %d %s", person, mark)
}

func (m marks) Take(tx *db.Tx, person school.ID, mark string) (bool, error) {
	n, err := db.One(tx, db.Column[int], "SELECT count(*) FROM yard_note WHERE text = $1", m.text(person, mark))
	if err != nil || n > 0 {
		return false, err
	}
	_, err = tx.Exec("INSERT INTO yard_note (text) VALUES ($1)", m.text(person, mark))
	return true, err
}

func (m marks) Release(tx *db.Tx, person school.ID, mark string) error {
	_, err := tx.Exec("DELETE FROM yard_note WHERE text = $1", m.text(person, mark))
	return err
}

func openDen(t *testing.T) *house {
	t.Helper()
	return open(t, func(c *web.Config) {
		c.Services, c.Doors, c.Marks = []web.Service{den{}}, ownDevice{}, marks{}
		c.DB.Now = func() time.Time { return dbtest.Noon }
	})
}

// A page is kept on one's own device alone, where it says so, when it was read, and for as long as
// the session lasts.
func TestWhatADeviceKeeps(t *testing.T) {
	h := openDen(t)
	for name, c := range map[string]struct {
		got      reply
		who, age string
	}{
		"a page that says nothing":   {h.get("/yard/", as("head")), head, ""},
		"on a device of others":      {h.get("/yard/kept/page", as("teacher")), "none", ""},
		"one that is refused":        {h.get("/yard/kept/refused", as("head")), "", ""},
		"one that is to correct":     {h.get("/yard/kept/wrong", as("head")), head, ""},
		"one that answers a form":    {h.post("/yard/kept/posted", nil, as("head")), head, ""},
		"of who is signed out":       {h.get("/login"), "", ""},
		"one that is read":           {h.get("/yard/kept/page", as("head")), head, "1209600"},
		"one whose session is short": {h.get("/yard/kept/page", as("soon")), head, "3600"},
	} {
		said := c.got.Header.Get("Preau-Keep")
		_, age, _ := strings.Cut(said, "max-age=")
		if who := c.got.Header.Get("Preau-Person"); who != c.who && c.got.StatusCode != http.StatusNotFound || age != c.age {
			t.Errorf("%s: of %q, %q", name, who, said)
		}
		if banner := strings.Contains(c.got.body, "page lue le 5\u00a0octobre 2026 à 12\u00a0h\u00a000"); banner != (c.age != "") {
			t.Errorf("%s: the page says when it was read: %t", name, banner)
		}
		if cache := c.got.Header.Get("Cache-Control"); cache != "no-store" && name != "of who is signed out" {
			t.Errorf("%s: the browser's own cache keeps it: %q", name, cache)
		}
	}
}

// A device asks about a page that it keeps without reading it.
func TestAskingAboutAPageReadsNothing(t *testing.T) {
	h := openDen(t)
	version := func(method, v string) string {
		got := h.do(method, "/yard/kept/page?v="+v, nil, header("Cookie", "preau=head; preau-notice=done:yard.done"))
		if got.Header.Get("Set-Cookie") != "" && method == http.MethodHead {
			t.Error("asking takes what the next page has to say")
		}
		return regexp.MustCompile(`v=[^;]+`).FindString(got.Header.Get("Preau-Keep"))
	}
	first := version(http.MethodHead, "1")
	if notes := h.notes(); notes != "" {
		t.Errorf("asking is reading: %q", notes)
	}
	if read := version(http.MethodGet, "1"); read != first || first == "" {
		t.Errorf("the version is %q, then %q", first, read)
	}
	if notes := h.notes(); notes != "read" {
		t.Errorf("reading notes %q", notes)
	}
	if changed := version(http.MethodHead, "2"); changed == first {
		t.Errorf("another version is %q too", changed)
	}
	if cut, whole := version(http.MethodHead, "1&w=2"), version(http.MethodHead, "12"); cut == whole {
		t.Errorf("1 then 2 is %q, as 12 is", cut)
	}
}

// A form is taken once, however often it is sent; what is to be corrected in it is not taken.
func TestAFormIsTakenOnce(t *testing.T) {
	for _, path := range []string{"/yard/take", "/yard/take/apart"} {
		h := openDen(t)
		sent := func(text, mark string, sets ...set) reply {
			return h.post(path, url.Values{"text": {text}, "once": {mark}}, append(sets, as("head"))...)
		}
		again := header("Preau-Resend", head)
		if got := sent("wrong", "m1"); got.StatusCode != http.StatusUnprocessableEntity || h.notes() != "" {
			t.Errorf("%s: what is wrong is taken: %d, %q", path, got.StatusCode, h.notes())
		}
		if got := sent("un", "m1"); got.StatusCode != http.StatusSeeOther || !strings.Contains(strings.Join(got.Header["Set-Cookie"], " "), "preau-sent=m1") {
			t.Errorf("%s: sent: %d %v", path, got.StatusCode, got.Header["Set-Cookie"])
		}
		if got := sent("un", "m1"); got.StatusCode != http.StatusSeeOther || !strings.Contains(strings.Join(got.Header["Set-Cookie"], " "), "web.taken-before") {
			t.Errorf("%s: sent again: %d %v", path, got.StatusCode, got.Header["Set-Cookie"])
		}
		if got := sent("un", "m1", again); got.StatusCode != http.StatusNoContent {
			t.Errorf("%s: sent again by the device: %d", path, got.StatusCode)
		}
		if got := sent("deux", "m2", again); got.StatusCode != http.StatusNoContent {
			t.Errorf("%s: another: %d", path, got.StatusCode)
		}
		if notes := h.notes(); notes != "deux, mark 1 m1, mark 1 m2, un" {
			t.Errorf("%s: the yard holds %q", path, notes)
		}
	}
	h := openDen(t)
	shown := h.get("/yard/", header("Cookie", "preau=head; preau-sent=m1"))
	if !strings.Contains(shown.body, `data-sent="m1"`) || !strings.Contains(strings.Join(shown.Header["Set-Cookie"], " "), "preau-sent=;") {
		t.Errorf("the next page does not say what was taken: %v", shown.Header["Set-Cookie"])
	}
}

// What a device sends again is refused in words that a script reads, and nothing is lost: never in
// the name of somebody else.
func TestWhatIsSentAgainAndRefused(t *testing.T) {
	h := openDen(t)
	for name, c := range map[string]struct {
		path, token, who, text string
		status                 int
		said                   string
	}{
		"the session is over":     {"/yard/take", "gone", head, "un", http.StatusUnauthorized, "Reconnectez-vous"},
		"somebody else signed in": {"/yard/take", "head", "other.hat", "un", http.StatusUnauthorized, "Reconnectez-vous"},
		"on a device of others":   {"/yard/take", "teacher", head, "un", http.StatusUnauthorized, "Reconnectez-vous"},
		"it is to be corrected":   {"/yard/take", "head", head, "wrong", http.StatusUnprocessableEntity, "corriger"},
		"it is refused":           {"/yard/take/refused", "head", head, "un", http.StatusConflict, "non"},
	} {
		got := h.post(c.path, url.Values{"text": {c.text}, "once": {"m"}}, as(c.token), header("Preau-Resend", c.who))
		if got.StatusCode != c.status || !strings.Contains(got.body, c.said) || !strings.HasPrefix(got.Header.Get("Content-Type"), "application/json") {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.body)
		}
	}
	if notes := h.notes(); notes != "" {
		t.Errorf("the yard holds %q", notes)
	}
}

// Who leaves their own device erases nothing there of somebody else's; one that others use is emptied.
func TestWhatLeavingErases(t *testing.T) {
	h := openDen(t)
	for token, want := range map[string]string{"head": `"cache"`, "nobody": `"cache"`, "teacher": `"cache", "storage"`} {
		out := h.post("/logout", nil, as(token))
		if got := out.Header.Get("Clear-Site-Data"); got != want {
			t.Errorf("%s leaves, and %s is erased", token, got)
		}
	}
}
