package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"preau/core/db"
)

// requestID is what differs between two error pages that are the same.
var requestID = regexp.MustCompile(`<code>[a-z2-7]{10}</code>`)

func TestWhoMayNotFindsNothing(t *testing.T) {
	h := open(t)
	absent := h.get("/yard/no-such-page", as("parent"))
	if absent.StatusCode != http.StatusNotFound || !requestID.MatchString(absent.body) {
		t.Fatalf("%d %s", absent.StatusCode, absent.body)
	}
	for name, got := range map[string]reply{
		"no right on the route":   h.get("/yard/", as("parent")),
		"no right, other path":    h.get("/yard/class/20", as("parent")),
		"not even a service":      h.get("/elsewhere", as("parent")),
		"no right to post":        h.post("/yard/note", url.Values{"text": {"x"}}, as("parent")),
		"an identifier that lies": h.get("/yard/class/20%20OR%201", as("parent")),
	} {
		if got.StatusCode != http.StatusNotFound || blank(got.body) != blank(absent.body) {
			t.Errorf("%s: %d, other than an absence", name, got.StatusCode)
		}
	}
	teacher := h.get("/yard/no-such-page", as("teacher"))
	for name, path := range map[string]string{
		"another class":                  "/yard/class/21",
		"no identifier":                  "/yard/class/x",
		"an object that it did not find": "/yard/fail/not-found", // whatever it says of it
	} {
		if got := h.get(path, as("teacher")); got.StatusCode != http.StatusNotFound || blank(got.body) != blank(teacher.body) {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.body)
		}
	}
	if got := h.post("/yard/note", url.Values{"text": {"x"}}, as("teacher")); got.StatusCode != http.StatusNotFound || h.notes() != "" {
		t.Errorf("a teacher wrote: %d %q", got.StatusCode, h.notes())
	}
	if got := h.get("/yard/class/20", as("teacher")); got.StatusCode != http.StatusOK || !strings.Contains(got.body, "la classe 20") {
		t.Errorf("their own class: %d", got.StatusCode)
	}
	if got := h.get("/yard/class/21", as("head")); got.StatusCode != http.StatusOK {
		t.Errorf("a class of the head's school: %d", got.StatusCode)
	}
}

// TestARefusalWaitsForNobody posts while somebody else holds the only writer.
func TestARefusalWaitsForNobody(t *testing.T) {
	h := open(t)
	err := h.DB.Write(t.Context(), func(*db.Tx) error {
		for token, want := range map[string]int{"parent": http.StatusNotFound, "ended": http.StatusForbidden} {
			if got := h.post("/yard/note", url.Values{"text": {"x"}}, as(token)); got.StatusCode != want {
				t.Errorf("%s: %d", token, got.StatusCode)
			}
		}
		if got := h.get("/yard/journalled/file", as("parent")); got.StatusCode != http.StatusNotFound {
			t.Errorf("a journalled page: %d", got.StatusCode)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A page that is journalled writes, and a refusal leaves nothing.
func TestAJournalledPageWrites(t *testing.T) {
	h := open(t)
	for kind, want := range map[string]int{"invalid": http.StatusUnprocessableEntity, "not-found": http.StatusNotFound} {
		if got := h.get("/yard/journalled/"+kind, as("teacher")); got.StatusCode != want || h.notes() != "" {
			t.Errorf("%s: %d, notes %q", kind, got.StatusCode, h.notes())
		}
	}
	if got := h.get("/yard/journalled/file", as("teacher")); got.StatusCode != http.StatusOK || got.body != "a;b" || h.notes() != "read" {
		t.Errorf("%d %s, notes %q", got.StatusCode, got.body, h.notes())
	}
}

func blank(body string) string { return requestID.ReplaceAllString(body, "") }

func TestSignedOutEverythingLooksTheSame(t *testing.T) {
	h := open(t)
	for path, want := range map[string]string{
		"/":                             "/login",
		"/yard/":                        "/login?next=%2Fyard%2F",
		"/yard/class/20?page=2":         "/login?next=%2Fyard%2Fclass%2F20%3Fpage%3D2",
		"/no/such/page":                 "/login?next=%2Fno%2Fsuch%2Fpage",
		"/yard/note":                    "/login?next=%2Fyard%2Fnote", // only posts
		"/logout":                       "/login",                     // would sign out again
		"/" + strings.Repeat("x", 3000): "/login",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			got := h.do(method, path, nil)
			if got.StatusCode != http.StatusSeeOther || got.Header.Get("Location") != want {
				t.Errorf("%s %.40s: %d to %q", method, path, got.StatusCode, got.Header.Get("Location"))
			}
		}
	}
	got := h.get("/yard/", as("ended"))
	if got.Header.Get("Location") != "/login?next=%2Fyard%2F" {
		t.Errorf("an ended session: %d %q", got.StatusCode, got.Header.Get("Location"))
	}
	if c := cookie(got, "preau"); c == nil || c.MaxAge >= 0 {
		t.Errorf("the cookie of an ended session is kept: %+v", c)
	}
	login := h.get("/login?next=/yard/", func(r *http.Request) { r.AddCookie(cookie(got, "preau-notice")) })
	if !strings.Contains(login.body, "Votre session est terminée") || !strings.Contains(login.body, "connexion vers /yard/") {
		t.Errorf("the page of sign-in: %s", login.body)
	}
	if got := h.get("/yard/", as("broken")); got.StatusCode != http.StatusInternalServerError {
		t.Errorf("sessions cannot be read: %d", got.StatusCode)
	}
}

func TestAPostWithoutASessionLosesNothing(t *testing.T) {
	h := open(t)
	form := url.Values{"text": {`« Bonjour » <b>"à tous"</b>`}}
	kept := h.post("/yard/note", form, as("ended"))
	if kept.StatusCode != http.StatusForbidden || h.notes() != "" {
		t.Fatalf("%d %q", kept.StatusCode, h.notes())
	}
	for _, want := range []string{
		`action="/yard/note"`, `name="text"`, `&lt;b&gt;&#34;à tous&#34;&lt;/b&gt;`, "n’est pas perdu",
	} {
		if !strings.Contains(kept.body, want) {
			t.Errorf("the page lacks %s:\n%s", want, kept.body)
		}
	}
	absent := h.post("/yard/no-such-page", form, as("ended"))
	if absent.StatusCode != kept.StatusCode ||
		strings.ReplaceAll(absent.body, "/yard/no-such-page", "/yard/note") != kept.body {
		t.Error("what does not exist can be told from what needs a session")
	}
	for name, got := range map[string]reply{
		"a password":   h.post("/yard/note", url.Values{"text": {"x"}, "Password": {"hunter2"}}, header("Referer", h.url+"/yard/?page=2")),
		"nothing":      h.post("/yard/note", nil, header("Referer", h.url+"/yard/?page=2")),
		"another type": h.do(http.MethodPost, "/yard/note", strings.NewReader("{}"), header("Referer", h.url+"/yard/?page=2")),
	} {
		if got.StatusCode != http.StatusSeeOther || got.Header.Get("Location") != "/login?next=%2Fyard%2F%3Fpage%3D2" {
			t.Errorf("%s: %d to %q", name, got.StatusCode, got.Header.Get("Location"))
		}
	}
	foreign := h.post("/yard/note", nil, header("Referer", "https://evil.example/yard/"))
	if foreign.Header.Get("Location") != "/login" {
		t.Errorf("coming from elsewhere: %q", foreign.Header.Get("Location"))
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	h := open(t)
	form := url.Values{"text": {"x"}}
	for name, sets := range map[string][]set{
		"fetch metadata":     {header("Sec-Fetch-Site", "cross-site")},
		"a sister site":      {header("Sec-Fetch-Site", "same-site")},
		"origin":             {header("Origin", "https://evil.example")},
		"no origin to tell":  {header("Origin", "null")},
		"another port":       {header("Origin", "http://127.0.0.1:1")},
		"both, in discord":   {header("Sec-Fetch-Site", "cross-site"), header("Origin", h.url)},
		"to sign in as them": {header("Sec-Fetch-Site", "cross-site")},
	} {
		for _, path := range []string{"/yard/note", "/login", "/no-such-page"} {
			got := h.post(path, form, append(sets, as("head"))...)
			if got.StatusCode != http.StatusForbidden || !strings.Contains(got.body, "autre site") {
				t.Errorf("%s: %s: %d", name, path, got.StatusCode)
			}
		}
	}
	if h.notes() != "" {
		t.Errorf("another site wrote %q", h.notes())
	}
	for i, sets := range [][]set{
		{header("Sec-Fetch-Site", "same-origin")}, {header("Origin", h.url)}, {},
	} {
		text := string(rune('a' + i))
		if got := h.post("/yard/note", url.Values{"text": {text}}, append(sets, as("head"))...); got.StatusCode != http.StatusSeeOther {
			t.Errorf("our own page: %d", got.StatusCode)
		}
	}
	if h.notes() != "a, b, c" {
		t.Errorf("notes: %q", h.notes())
	}
}

func TestForeignRoutesTrustNoCookie(t *testing.T) {
	h := open(t)
	got := h.post("/acs", url.Values{"proof": {"signed"}}, as("head"), header("Sec-Fetch-Site", "cross-site"), header("Origin", "https://idp.example"))
	if want := `{"cookies":0,"proof":"signed","signedIn":false,"tx":false}`; got.StatusCode != http.StatusOK || got.body != want {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if got := h.post("/acs", url.Values{"proof": {strings.Repeat("x", 1<<20)}}); got.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(got.body, "dépasse 64\u00a0ko") {
		t.Errorf("an endless proof: %d %s", got.StatusCode, got.body)
	}
	if got := h.get("/acs", as("head"), header("Sec-Fetch-Site", "cross-site")); got.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", got.StatusCode)
	}
}

func TestSignInLeadsNowhereElse(t *testing.T) {
	h := open(t)
	for _, next := range []string{
		"https://evil.example/", "//evil.example", `/\evil.example`, `\\evil.example`, "/\t/evil.example", "/\n/evil.example",
		" //evil.example", "javascript:alert(1)", "evil.example", "", "/login", "/login?next=/login", "/logout",
		"/%zz", "/" + strings.Repeat("x", 3000), "/\x00", "/é\u007f",
	} {
		got := h.post("/login", url.Values{"login": {"head"}, "next": {next}})
		if got.StatusCode != http.StatusSeeOther || got.Header.Get("Location") != "/" {
			t.Errorf("next=%.30q leads to %q", next, got.Header.Get("Location"))
		}
		if h.get("/yard/to?"+url.Values{"to": {next}}.Encode(), as("head")).StatusCode == http.StatusSeeOther &&
			!strings.HasPrefix(next, "/log") {
			t.Errorf("a handler redirects to %.30q", next)
		}
	}
	for _, next := range []string{"/", "/yard/", "/yard/?q=https://x.example//y", "/yard/%2F%2Fevil.example", "/loginless"} {
		got := h.post("/login", url.Values{"login": {"head"}, "next": {next}})
		if got.StatusCode != http.StatusSeeOther || got.Header.Get("Location") != next {
			t.Errorf("next=%q leads to %q", next, got.Header.Get("Location"))
		}
	}
}

// cookie is a cookie that an answer sets.
func cookie(r reply, name string) *http.Cookie {
	for _, c := range r.Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}
