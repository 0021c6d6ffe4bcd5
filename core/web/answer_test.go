package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/rich"
	"preau/core/web"

	"github.com/a-h/templ"
)

func TestNothingIsDoneWhenSomethingFails(t *testing.T) {
	h := open(t)
	for path, want := range map[string]int{
		"/yard/note-then-fail":   http.StatusUnprocessableEntity,
		"/yard/note-then-refuse": http.StatusUnprocessableEntity,
		"/yard/note-then-panic":  http.StatusInternalServerError,
		"/yard/orphan":           http.StatusConflict, // the commit itself fails
	} {
		got := h.post(path, url.Values{"text": {"x"}}, as("head"))
		if got.StatusCode != want || h.notes() != "" {
			t.Errorf("%s: %d, notes %q", path, got.StatusCode, h.notes())
		}
		if c := got.Cookies(); len(c) != 0 {
			t.Errorf("%s: cookies of what was not done: %v", path, c)
		}
	}
	if got := h.get("/yard/write-in-read?text=x", as("head")); got.StatusCode != http.StatusInternalServerError || h.notes() != "" {
		t.Errorf("a page wrote: %d %q", got.StatusCode, h.notes())
	}
}

func TestPostThenRedirectThenNotice(t *testing.T) {
	h := open(t)
	done := h.post("/yard/note", url.Values{"text": {"  un goûter  "}}, as("head"))
	if done.StatusCode != http.StatusSeeOther || done.Header.Get("Location") != "/yard/" || h.notes() != "un goûter" {
		t.Fatalf("%d to %q, notes %q", done.StatusCode, done.Header.Get("Location"), h.notes())
	}
	notice := cookie(done, "preau-notice")
	if notice == nil || !notice.HttpOnly || notice.SameSite != http.SameSiteLaxMode {
		t.Fatalf("notice: %+v", notice)
	}
	list := h.get("/yard/", as("head"), func(r *http.Request) { r.AddCookie(notice) })
	if !strings.Contains(list.body, "C’est noté.") || !strings.Contains(list.body, "un goûter") {
		t.Errorf("the page after: %s", list.body)
	}
	if c := cookie(list, "preau-notice"); c == nil || c.MaxAge >= 0 {
		t.Errorf("the notice would be shown again: %+v", c)
	}
	for _, value := range []string{"done:no.such.key", "done:", "x", "done:<script>"} {
		got := h.get("/yard/", as("head"), header("Cookie", "preau=head; preau-notice="+value))
		if got.StatusCode != http.StatusOK || strings.Contains(got.body, "notice") || strings.Contains(got.body, "<script>") {
			t.Errorf("a notice of somebody's own, %q, is said", value)
		}
	}
	if got := h.get("/yard/to?to=/yard/&notice=no.such.key", as("head")); got.StatusCode != http.StatusInternalServerError {
		t.Errorf("a redirect with an unknown notice: %d", got.StatusCode)
	}
}

func TestFormsAreBounded(t *testing.T) {
	h := open(t)
	for name, c := range map[string]struct {
		got  reply
		want int
	}{
		"too long":        {h.post("/yard/note", url.Values{"text": {strings.Repeat("é", 101)}}, as("head")), 422},
		"not text":        {h.post("/yard/note", url.Values{"text": {"\xff"}}, as("head")), 422},
		"a zero":          {h.post("/yard/note", url.Values{"text": {"a\x00b"}}, as("head")), 422},
		"too large":       {h.post("/yard/note", url.Values{"text": {strings.Repeat("x", 1<<20)}}, as("head")), 413},
		"damaged":         {h.do("POST", "/yard/note", strings.NewReader("text=%zz"), as("head"), header("Content-Type", "application/x-www-form-urlencoded")), 400},
		"a long word":     {h.post("/yard/word", url.Values{"word": {strings.Repeat("ع", rich.Max)}}, as("head")), 200},
		"a word too long": {h.post("/yard/word", url.Values{"word": {strings.Repeat("ع", rich.Max+1)}}, as("head")), 422},
		"a larger word":   {h.post("/yard/word", url.Values{"word": {strings.Repeat("x", 1<<20)}}, as("head")), 413},
		"damaged parts":   {h.do("POST", "/yard/note", strings.NewReader("text"), as("head"), header("Content-Type", "multipart/form-data; boundary=x")), 400},
		"upload":          {h.do("POST", "/yard/upload", strings.NewReader(strings.Repeat("x", 2<<20)), as("head")), 200},
		"upload, larger":  {h.do("POST", "/yard/upload", strings.NewReader(strings.Repeat("x", 2<<20+1)), as("head")), 413},
		"upload, another": {h.do("POST", "/yard/upload", strings.NewReader("x"), as("teacher")), 404},
	} {
		if c.got.StatusCode != c.want {
			t.Errorf("%s: %d, want %d\n%s", name, c.got.StatusCode, c.want, c.got.body)
		}
		if name == "upload" && c.got.body != `{"bytes":2097152,"tx":false}` {
			t.Errorf("%s: %s", name, c.got.body)
		}
	}
	if h.notes() != "" {
		t.Errorf("notes: %q", h.notes())
	}
	parts := "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nen morceaux\r\n--x--\r\n"
	h.do("POST", "/yard/note", strings.NewReader(parts), as("head"), header("Content-Type", "multipart/form-data; boundary=x"))
	if h.notes() != "en morceaux" {
		t.Errorf("a form in parts: %q", h.notes())
	}
}

// The pages of somebody signed in name people: nothing of them stays in the
// browser of a shared tablet, which is closed more often than signed out of.
func TestPagesOfSomebodyAreNotKept(t *testing.T) {
	h := open(t)
	for _, path := range []string{"/yard/class/20", "/yard/file", "/yard/dated", "/login"} {
		got := h.get(path, as("teacher"), header("If-None-Match", `W/"kept"`))
		if got.StatusCode != http.StatusOK || got.body == "" || got.Header.Get("Cache-Control") != "no-store" || got.Header.Get("ETag") != "" {
			t.Errorf("%s: %d %v", path, got.StatusCode, got.Header)
		}
	}
}

func TestPagesOfNobodyAreKeptAndAskedAbout(t *testing.T) {
	h := open(t)
	first := h.get("/login")
	etag := first.Header.Get("ETag")
	if first.StatusCode != http.StatusOK || etag == "" || first.Header.Get("Cache-Control") != "private, no-cache" ||
		!strings.Contains(strings.Join(first.Header.Values("Vary"), ", "), "Cookie, Accept-Language") {
		t.Fatalf("%d %v", first.StatusCode, first.Header)
	}
	for _, match := range []string{etag, `"other", ` + etag, strings.TrimPrefix(etag, "W/"), "*"} {
		got := h.get("/login", header("If-None-Match", match))
		if got.StatusCode != http.StatusNotModified || got.body != "" || got.Header.Get("ETag") != etag {
			t.Errorf("If-None-Match %s: %d %q", match, got.StatusCode, got.body)
		}
	}
	for name, got := range map[string]reply{
		"another tag":      h.get("/login", header("If-None-Match", `W/"other"`)),
		"another page":     h.get("/login?next=/yard/", header("If-None-Match", etag)),
		"another language": h.get("/login", header("If-None-Match", etag), header("Accept-Language", "en")),
	} {
		if got.StatusCode != http.StatusOK || got.body == "" {
			t.Errorf("%s: %d", name, got.StatusCode)
		}
	}
	if got := h.post("/yard/say", nil, as("head"), header("If-None-Match", "*")); got.StatusCode != http.StatusOK || got.Header.Get("ETag") != "" {
		t.Errorf("the page of a post: %d %v", got.StatusCode, got.Header)
	}
	if got := h.get("/yard/class/99", as("teacher"), header("If-None-Match", "*")); got.StatusCode != http.StatusNotFound ||
		got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("an error is kept: %d %v", got.StatusCode, got.Header)
	}
}

func TestHead(t *testing.T) {
	h := open(t)
	for path, want := range map[string]int{
		"/yard/": 200, "/yard/class/20": 200, "/yard/no-such-page": 404, "/yard/file": 200, "/yard/long": 200, "/healthz": 200,
	} {
		get, head := h.get(path, as("teacher")), h.do(http.MethodHead, path, nil, as("teacher"))
		if head.StatusCode != want || get.StatusCode != want || head.body != "" ||
			head.Header.Get("Content-Type") != get.Header.Get("Content-Type") || head.Header.Get("ETag") != get.Header.Get("ETag") {
			t.Errorf("%s: HEAD %d %v, GET %d %v", path, head.StatusCode, head.Header, get.StatusCode, get.Header)
		}
	}
}

func TestOtherMethods(t *testing.T) {
	h := open(t)
	got := h.post("/yard/class/20", nil, as("teacher"))
	if got.StatusCode != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "GET, HEAD" || !strings.Contains(got.body, "<h1>") {
		t.Errorf("%d, Allow %q", got.StatusCode, got.Header.Get("Allow"))
	}
	for _, method := range []string{"PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} {
		if got := h.do(method, "/yard/note", nil, as("head")); got.StatusCode != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "POST" {
			t.Errorf("%s: %d", method, got.StatusCode)
		}
		if got := h.do(method, "/yard/note", nil); got.StatusCode != http.StatusSeeOther {
			t.Errorf("%s, signed out: %d", method, got.StatusCode)
		}
	}
	for path, want := range map[string]string{"//yard//": "/yard/", "/yard/../yard/?a=b": "/yard/?a=b", "//evil.example/..": "/"} {
		if got := h.get(path, as("head")); got.StatusCode != http.StatusTemporaryRedirect || got.Header.Get("Location") != want {
			t.Errorf("%s: %d to %q", path, got.StatusCode, got.Header.Get("Location"))
		}
	}
}

func TestFilesAreNeverPages(t *testing.T) {
	h := open(t)
	got := h.get("/yard/file", as("teacher"))
	if got.StatusCode != http.StatusOK ||
		got.Header.Get("Content-Disposition") != "attachment; filename*=utf-8''%C3%A9t%C3%A9.html" ||
		got.Header.Get("Content-Security-Policy") != "default-src 'none'; sandbox" ||
		got.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", got.StatusCode, got.Header)
	}
	if got := h.get("/yard/file", as("teacher"), header("Range", "bytes=1-6")); got.StatusCode != http.StatusPartialContent || got.body != "script" {
		t.Errorf("a part: %d %q", got.StatusCode, got.body)
	}
}

// leaf is the content of a file, and tells whether it was let go.
type leaf struct {
	*strings.Reader
	closed bool
}

func (l *leaf) Close() error { l.closed = true; return nil }

func TestFilesAreLetGo(t *testing.T) {
	content := &leaf{}
	c := config(t)
	c.Hall = []web.Room{room(func(m *web.Mux) {
		m.PublicGet("/file", "a test", func(*web.Request) (web.Answer, error) {
			return web.File{Name: "a.txt", Type: "text/plain", Content: content}, nil
		})
		m.Post("/file", "yard.write", func(r *web.Request) (web.Answer, error) {
			_, err := r.Tx.Exec("INSERT INTO yard_note (text, parent) VALUES ('orphan', 'nobody')")
			return web.File{Name: "a.txt", Type: "text/plain", Content: content}, err
		})
	})}
	s, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	for method, want := range map[string]int{"GET": http.StatusOK, "POST": http.StatusConflict} {
		*content = leaf{Reader: strings.NewReader("a")}
		got := call(s, method, "https://ecole.example/file", "", header("Cookie", "__Host-preau=head"))
		if got.StatusCode != want || !content.closed {
			t.Errorf("%s: %d, closed: %t", method, got.StatusCode, content.closed)
		}
	}
}

// A document is drawn once what it says is committed, while anybody else may
// write; when it cannot be drawn that stays done, and the visitor reads so.
func TestDocumentsAreDrawnAfterTheCommit(t *testing.T) {
	c := config(t)
	notes := func(tx *db.Tx) (int, error) { return db.One(tx, db.Column[int], "SELECT count(*) FROM yard_note") }
	for name, draw := range map[string]struct {
		draw   func(ctx context.Context) ([]byte, error)
		status int
		says   string
		notes  int
	}{
		"drawn": {func(ctx context.Context) (document []byte, err error) {
			ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
			defer cancel()
			err = c.DB.Write(ctx, func(tx *db.Tx) error {
				if n, err := notes(tx); err != nil || n != 1 {
					return fmt.Errorf("%d notes are seen while a document is drawn: %w", n, err)
				}
				_, err := tx.Exec("INSERT INTO yard_note (text) VALUES ('another')")
				return err
			})
			return []byte("%PDF-"), err
		}, http.StatusOK, "%PDF-", 2},
		"failed":   {func(context.Context) ([]byte, error) { return nil, errors.New("no such letter") }, http.StatusInternalServerError, "pas dessiné", 1},
		"panicked": {func(context.Context) ([]byte, error) { panic("no such letter") }, http.StatusInternalServerError, "pas dessiné", 1},
	} {
		c.Hall = []web.Room{room(func(m *web.Mux) {
			m.Post("/draw/{undrawn}", "yard.write", func(r *web.Request) (web.Answer, error) {
				ctx := r.Context()
				_, err := r.Tx.Exec("INSERT INTO yard_note (text) VALUES ('issued')")
				return web.PDF{
					Name: "été", Notice: "yard.done", Undrawn: r.PathValue("undrawn"), Draw: func() ([]byte, error) { return draw.draw(ctx) },
				}, err
			})
		})}
		s, err := web.New(c)
		if err != nil {
			t.Fatal(err)
		}
		count := func() (n int) {
			t.Helper()
			if err := c.DB.Read(t.Context(), func(tx *db.Tx) (err error) { n, err = notes(tx); return err }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		post := func(path string) reply {
			return call(s, "POST", "https://ecole.example"+path, "", header("Cookie", "__Host-preau=head"))
		}
		if got := post("/draw/no.such.key"); got.StatusCode != http.StatusInternalServerError || count() != 0 {
			t.Errorf("%s: a document whose failure is not told: %d, %d notes", name, got.StatusCode, count())
		}
		got := post("/draw/yard.undrawn")
		told := cookie(got, "__Host-preau-notice") != nil
		if got.StatusCode != draw.status || !strings.Contains(got.body, draw.says) || count() != draw.notes || told != (draw.status == http.StatusOK) {
			t.Errorf("%s: %d, %d notes, told that it is done: %t\n%s", name, got.StatusCode, count(), told, got.body)
		}
		if err := c.DB.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec("DELETE FROM yard_note"); return err }); err != nil {
			t.Fatal(err)
		}
	}
}

// A part of a handler that writes is whole or not at all, in a transaction of its own
// where the route has none, and in that of the request where it has one.
func TestAPartOfAHandlerWrites(t *testing.T) {
	c := config(t)
	note := func(r *web.Request, text string) error {
		_, err := r.Tx.Exec("INSERT INTO yard_note (text) VALUES ($1)", text)
		return err
	}
	wrong := fail.New(fail.Invalid, "no")
	seen := func(r *web.Request) (all []string, err error) {
		err = r.Read(func() (err error) {
			all, err = db.All(r.Tx, db.Column[string], "SELECT text FROM yard_note ORDER BY text")
			return err
		})
		return all, err
	}
	parts := func(r *web.Request) (web.Answer, error) {
		if err := r.Write(func() error { return note(r, r.PathValue("end")) }); err != nil {
			return nil, err
		}
		if r.PathValue("end") == "wrong" {
			return nil, wrong
		}
		err := r.Write(func() error { return errors.Join(note(r, "undone"), wrong) })
		if !fail.Is(err, fail.Invalid) || r.Tx != nil {
			return nil, fmt.Errorf("after a part that fails: %w, in a transaction: %t", err, r.Tx != nil)
		}
		all, err := seen(r)
		return web.Text{Body: strings.Join(all, ", ")}, err
	}
	c.Hall = []web.Room{room(func(m *web.Mux) {
		m.Post("/alone/{end}", "yard.write", parts, web.NoTx)
		m.Post("/within/{end}", "yard.write", parts)
	})}
	s, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		path   string
		status int
		notes  string
	}{
		{"/within/wrong", http.StatusUnprocessableEntity, ""}, // the request's own is undone with it
		{"/alone/wrong", http.StatusUnprocessableEntity, "wrong"},
		{"/alone/well", http.StatusOK, "well, wrong"},
	} {
		got := call(s, "POST", "https://ecole.example"+step.path, "", header("Cookie", "__Host-preau=head"))
		var all []string
		if err := c.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
			all, err = db.All(tx, db.Column[string], "SELECT text FROM yard_note ORDER BY text")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if notes := strings.Join(all, ", "); got.StatusCode != step.status || notes != step.notes || got.StatusCode == http.StatusOK && got.body != notes {
			t.Errorf("%s: %d with %q, and the notes are %q", step.path, got.StatusCode, got.body, notes)
		}
	}
}

// What a handler notes is written though its transaction only reads, or is rolled back,
// and nothing is answered when it cannot be. A browser that fetches ahead looks at
// nothing.
func TestWhatIsNoted(t *testing.T) {
	c := config(t)
	look := func(status int, wrong error) web.Handler {
		return func(r *web.Request) (web.Answer, error) {
			err := r.Note(func(tx *db.Tx) error {
				_, err := tx.Exec("INSERT INTO yard_note (text) VALUES ($1)", r.URL.Path)
				return errors.Join(err, wrong)
			})
			return web.Page{Title: "vu", Body: templ.Raw("vu"), Status: status}, err
		}
	}
	c.Hall = []web.Room{room(func(m *web.Mux) {
		m.Get("/look", "yard.read", look(http.StatusOK, nil))
		m.Post("/refused", "yard.write", look(http.StatusConflict, nil))
		m.Get("/unwritten", "yard.read", look(http.StatusOK, errors.New("a full disk")))
		m.Get("/look-long", "yard.read", look(http.StatusOK, nil), web.NoTx)
		m.Post("/refused-long", "yard.write", look(http.StatusConflict, nil), web.NoTx)
		m.Get("/unwritten-long", "yard.read", look(http.StatusOK, errors.New("a full disk")), web.NoTx)
	})}
	s, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		method, path, purpose string
		status                int
		noted                 bool
	}{
		{"GET", "/look", "", http.StatusOK, true},
		{"GET", "/look", "prefetch;prerender", http.StatusForbidden, false},
		{"POST", "/refused", "", http.StatusConflict, true},
		{"GET", "/unwritten", "", http.StatusInternalServerError, false},
		{"GET", "/look-long", "", http.StatusOK, true},
		{"GET", "/look-long", "prefetch;prerender", http.StatusForbidden, false},
		{"POST", "/refused-long", "", http.StatusConflict, true},
		{"GET", "/unwritten-long", "", http.StatusInternalServerError, false},
	} {
		var before, after int
		count := func(n *int) {
			if err := c.DB.Read(t.Context(), func(tx *db.Tx) error {
				return tx.Get([]any{n}, "SELECT count(*) FROM yard_note WHERE text = $1", step.path)
			}); err != nil {
				t.Fatal(err)
			}
		}
		count(&before)
		got := call(s, step.method, "https://ecole.example"+step.path, "", header("Cookie", "__Host-preau=head"), header("Sec-Purpose", step.purpose))
		count(&after)
		if got.StatusCode != step.status || after-before != map[bool]int{true: 1}[step.noted] {
			t.Errorf("%s %s %s: %d, and %d notes more", step.method, step.path, step.purpose, got.StatusCode, after-before)
		}
	}
}

func TestCookies(t *testing.T) {
	for name, c := range map[string]struct {
		got    reply
		prefix string
		secure bool
	}{
		"loopback": {open(t).post("/login", url.Values{"login": {"head"}}), "", false},
		"https":    {call(secure(t), "POST", "https://ecole.example/login", "login=head"), "__Host-", true},
	} {
		got := cookie(c.got, c.prefix+"preau")
		if got == nil || got.Value != "head" || got.Secure != c.secure || !got.HttpOnly ||
			got.SameSite != http.SameSiteLaxMode || got.Path != "/" || got.Domain != "" || got.MaxAge != 0 || !got.Expires.IsZero() {
			t.Errorf("%s: %+v", name, got)
		}
	}
	https := secure(t)
	plain := call(https, "GET", "https://ecole.example/yard/", "", header("Cookie", "preau=head"))
	if plain.StatusCode != http.StatusSeeOther {
		t.Errorf("a cookie without the prefix opens a session: %d", plain.StatusCode)
	}
	if got := call(https, "GET", "https://ecole.example/yard/", "", header("Cookie", "__Host-preau=head")); got.StatusCode != http.StatusOK {
		t.Errorf("the cookie opens nothing: %d", got.StatusCode)
	}
	out := open(t).post("/logout", nil, as("head"))
	if c := cookie(out, "preau"); c == nil || c.MaxAge >= 0 || c.Value != "" || out.Header.Get("Clear-Site-Data") != `"cache", "storage"` {
		t.Errorf("signing out: %+v %v", c, out.Header)
	}
}

// call calls a site's handler as a proxy on the same machine would.
func call(h http.Handler, method, address, form string, sets ...set) reply {
	r := httptest.NewRequest(method, address, strings.NewReader(form))
	r.RemoteAddr = "127.0.0.1:50000"
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, set := range sets {
		set(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return reply{w.Result(), w.Body.String()}
}

func TestLanguages(t *testing.T) {
	h := open(t)
	for _, c := range []struct{ accept, chosen, want string }{
		{"", "", "fr"},
		{"fr-CA,fr;q=0.9,en;q=0.8", "", "fr"},
		{"en-GB,en;q=0.9", "", "en"},
		{"ja, en;q=0.5", "", "en"},
		{"ar-MA, fr;q=0.5", "", "ar"},
		{"ja", "", "fr"},
		{"~;;q", "", "fr"},
		{"en", "fr", "fr"},
		{"fr", "en", "en"},
		{"fr", "xx", "fr"},
	} {
		got := h.get("/login", func(r *http.Request) {
			if c.accept != "" {
				r.Header["Accept-Language"] = []string{c.accept}
			}
			if c.chosen != "" {
				r.AddCookie(&http.Cookie{Name: "preau-lang", Value: c.chosen})
			}
		})
		dir := "ltr"
		if c.want == "ar" {
			dir = "rtl"
		}
		if !strings.Contains(got.body, `<html lang="`+c.want+`" dir="`+dir+`"`) {
			t.Errorf("accept %q, chosen %q: not in %s", c.accept, c.chosen, c.want)
		}
	}
}

func TestTheTimeOfARouteIsBounded(t *testing.T) {
	h := open(t)
	start := time.Now()
	got := h.get("/yard/slow", as("teacher"))
	if got.StatusCode != http.StatusServiceUnavailable || got.Header.Get("Retry-After") != "10" || !strings.Contains(got.body, "très occupé") {
		t.Errorf("%d %v", got.StatusCode, got.Header)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}
