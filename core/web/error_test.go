package web_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preau/core/i18n"
	"preau/core/ui"
	"preau/core/web"
)

func TestErrorsSpeakToPeople(t *testing.T) {
	h := open(t)
	for kind, c := range map[string]struct {
		status int
		text   string
		header string
	}{
		"fault":       {500, "Vous n’y êtes pour rien", ""},
		"not-found":   {404, "Elle n’existe pas", ""},
		"conflict":    {409, "Quelqu’un a modifié", ""},
		"invalid":     {422, "Écrivez autre chose que « &lt;b&gt; ».", ""},
		"forbidden":   {403, "autre site", ""},
		"too-many":    {429, "Attendez 2 minutes", "Retry-After: 90"},
		"unavailable": {503, "Attendez un instant", "Retry-After: 10"},
	} {
		got := h.get("/yard/fail/"+kind, as("teacher"))
		if got.StatusCode != c.status || !strings.Contains(got.body, c.text) || strings.Contains(got.body, "secret") {
			t.Errorf("%s: %d\n%s", kind, got.StatusCode, got.body)
		}
		if name, value, ok := strings.Cut(c.header, ": "); ok && got.Header.Get(name) != value {
			t.Errorf("%s: %s is %q", kind, name, got.Header.Get(name))
		}
		if id := got.Header.Get("X-Request-Id"); !strings.Contains(got.body, "<code>"+id+"</code>") ||
			!strings.Contains(h.log.String(), "id="+id) {
			t.Errorf("%s: the reference %s is not on the page and in the log", kind, id)
		}
		for _, want := range []string{"<h1>", "Luc Bon", `href="/legal"`} {
			if !strings.Contains(got.body, want) {
				t.Errorf("%s: the page has no %s", kind, want)
			}
		}
	}
	for kind, leads := range map[string]bool{"fault": true, "unavailable": true, "not-found": false} {
		if got := h.get("/yard/fail/"+kind, as("teacher")); strings.Contains(got.body, `href="/help"`) != leads {
			t.Errorf("%s: the page leads to whom to call: %t", kind, !leads)
		}
	}
	if got := h.get("/yard/fail/sign-in", as("teacher")); got.StatusCode != http.StatusSeeOther {
		t.Errorf("sign-in: %d", got.StatusCode)
	}
	for _, path := range []string{"/yard/panic", "/yard/panic-in-page", "/yard/nothing"} {
		if got := h.get(path, as("teacher")); got.StatusCode != http.StatusInternalServerError || strings.Contains(got.body, "secret") ||
			!strings.Contains(got.body, "Vous n’y êtes pour rien") {
			t.Errorf("%s: %d\n%s", path, got.StatusCode, got.body)
		}
	}
	if !strings.Contains(h.log.String(), "web_test.go") { // the stack
		t.Error("the log does not say where a panic was")
	}
}

// TestOneLanguageAPage looks for the texts of one language on the error pages
// of the other.
func TestOneLanguageAPage(t *testing.T) {
	h := open(t)
	catalogue := words(t)
	for lang, other := range map[i18n.Lang]i18n.Lang{i18n.French: i18n.English, i18n.English: i18n.French} {
		for kind := range kinds {
			body := text(h.get("/yard/fail/"+kind, as("teacher"), header("Accept-Language", string(lang))).body)
			for _, key := range catalogue.Keys() {
				leak := catalogue.Say(other, key)
				if !strings.Contains(leak, "%") && len(leak) > 8 && leak != catalogue.Say(lang, key) && strings.Contains(body, leak) {
					t.Errorf("%s in %s says %q", kind, lang, leak)
				}
			}
		}
	}
}

var tags = regexp.MustCompile(`(?s)<[^>]*>`)

func text(body string) string { return tags.ReplaceAllString(body, " ") }

func TestAnErrorPageThatFails(t *testing.T) {
	c := config(t)
	c.Frame = func(*web.Request, *ui.Page) { panic("secret of the frame") }
	s, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	got := call(s, "GET", "https://ecole.example/yard/", "", header("Cookie", "__Host-preau=head"))
	if got.StatusCode != http.StatusInternalServerError || !strings.HasPrefix(got.body, "Préau : erreur 500, référence ") || strings.Contains(got.body, "secret") {
		t.Errorf("%d %q", got.StatusCode, got.body)
	}
}

func TestTheLogHoldsNoNameAndNoSecret(t *testing.T) {
	h := open(t)
	h.get("/yard/?q=Petit", as("head"))
	h.get("/yard/class/777?q=Petit", as("teacher"))
	h.get("/Petit", as("head"))
	h.post("/yard/note", map[string][]string{"text": {"Petit"}}, as("head"), header("Referer", h.url+"/Petit"))
	h.post("/yard/note", map[string][]string{"text": {"Petit"}}, as("token-of-Petit"))
	h.get("/yard/", as("parent"))
	got := h.log.String()
	for _, secret := range []string{"Petit", "token", "Anne", "q="} {
		if strings.Contains(got, secret) {
			t.Errorf("the log holds %q:\n%s", secret, got)
		}
	}
	for _, want := range []string{
		`route="GET /yard/{$}" status=200`, `route="GET /yard/class/{class}" status=404`, `route=none status=404`,
		`route="POST /yard/note" status=303`, "National_TUT of 3 does not hold yard.read", "yard.read of National_ENS of 2 does not reach",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the log lacks %s:\n%s", want, got)
		}
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	h := open(t)
	asset := regexp.MustCompile(`/_/app\.[0-9a-f]+\.css`).FindString(h.get("/login").body)
	if asset == "" {
		t.Fatal("a page without its stylesheet")
	}
	answers := map[string]reply{
		"page":       h.get("/yard/", as("head")),
		"unchanged":  h.get("/login", header("If-None-Match", "*")),
		"absence":    h.get("/none", as("head")),
		"panic":      h.get("/yard/panic", as("head")),
		"redirect":   h.get("/yard/"),
		"refused":    h.post("/yard/note", nil, header("Sec-Fetch-Site", "cross-site")),
		"method":     h.do("PUT", "/yard/", nil, as("head")),
		"asset":      h.get(asset),
		"no asset":   h.get("/_/none.css"),
		"probe":      h.get("/healthz"),
		"file":       h.get("/yard/file", as("head")),
		"wrong host": h.get("/yard/", func(r *http.Request) { r.Host = "evil.example" }),
		"too large":  h.post("/yard/note", map[string][]string{"text": {strings.Repeat("x", 2<<20)}}, as("head")),
	}
	for name, got := range answers {
		for header, want := range map[string]string{
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "same-origin",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Strict-Transport-Security":    "", // on a loopback address
		} {
			if got.Header.Get(header) != want {
				t.Errorf("%s: %s is %q", name, header, got.Header.Get(header))
			}
		}
		policy := got.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy is %q", name, policy)
		}
		if name != "file" && !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s may be framed", name)
		}
		if got.Header.Get("Permissions-Policy") == "" || len(got.Header.Get("X-Request-Id")) != 10 || got.Header.Get("Cache-Control") == "" {
			t.Errorf("%s: %v", name, got.Header)
		}
	}
	if got := answers["asset"]; got.StatusCode != http.StatusOK || !strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("asset: %d %v", got.StatusCode, got.Header)
	}
	if got := call(secure(t), "GET", "https://ecole.example/login", ""); got.Header.Get("Strict-Transport-Security") != "max-age=31536000" {
		t.Errorf("https: %v", got.Header)
	}
	if strings.Contains(answers["page"].body, "style=") || strings.Contains(answers["page"].body, "<style") {
		t.Error("a page has a style of its own, which the policy forbids")
	}
}

func TestHosts(t *testing.T) {
	h := open(t)
	port := h.url[strings.LastIndexByte(h.url, ':'):]
	for host, want := range map[string]int{
		"127.0.0.1" + port: 200, "localhost" + port: 200, "LOCALHOST" + port: 200, "[::1]" + port: 200,
		"evil.example": 421, "evil.example" + port: 421, "127.0.0.1": 421, "127.0.0.1:1": 421, "127.0.0.1.evil.example" + port: 421,
	} {
		if got := h.get("/login", func(r *http.Request) { r.Host = host }); got.StatusCode != want || strings.Contains(got.body, "evil") {
			t.Errorf("%s: %d", host, got.StatusCode)
		}
	}
	s := secure(t)
	for host, want := range map[string]int{
		"ecole.example": 200, "ecole.example:443": 200, "Ecole.Example": 200,
		"ecole.example:80": 421, "www.ecole.example": 421, "localhost": 421, "": 421, "ecole.example@evil.example": 421,
	} {
		if got := call(s, "GET", "https://ecole.example/login", "", func(r *http.Request) { r.Host = host }); got.StatusCode != want {
			t.Errorf("%s: %d", host, got.StatusCode)
		}
		if got := call(s, "GET", "https://ecole.example/healthz", "", func(r *http.Request) { r.Host = host }); got.StatusCode != http.StatusOK {
			t.Errorf("/healthz at %s: %d", host, got.StatusCode)
		}
	}
}

func TestWhoseAddress(t *testing.T) {
	s := secure(t)
	for _, c := range []struct{ peer, forwarded, want string }{
		{"127.0.0.1:1", "203.0.113.9", "203.0.113.9"},
		{"[::1]:1", "10.0.0.1, 2001:db8::1", "2001:db8::1"},
		{"127.0.0.1:1", "evil, 203.0.113.9", "203.0.113.9"},
		{"127.0.0.1:1", "203.0.113.9, evil", "127.0.0.1"},
		{"127.0.0.1:1", "", "127.0.0.1"},
		{"198.51.100.7:1", "203.0.113.9", "198.51.100.7"}, // not our proxy
		{"[::ffff:198.51.100.7]:1", "", "198.51.100.7"},
	} {
		got := call(s, "GET", "https://ecole.example/yard/ip", "", header("Cookie", "__Host-preau=head"), func(r *http.Request) {
			r.RemoteAddr = c.peer
			if c.forwarded != "" {
				r.Header.Set("X-Forwarded-For", c.forwarded)
			}
		})
		if got.body != c.want {
			t.Errorf("from %s forwarding %q: %s, want %s", c.peer, c.forwarded, got.body, c.want)
		}
	}
	if got := open(t).get("/yard/ip", as("head"), header("X-Forwarded-For", "203.0.113.9")); got.body != "127.0.0.1" {
		t.Errorf("without TLS in front: %s", got.body)
	}
}

func TestCompression(t *testing.T) {
	h := open(t)
	plain := h.get("/long")
	packed := h.get("/long", header("Accept-Encoding", "gzip"))
	if packed.Header.Get("Content-Encoding") != "gzip" || len(packed.body) > len(plain.body)/5 || packed.Header.Get("ETag") != plain.Header.Get("ETag") {
		t.Errorf("%d of %d bytes, %v", len(packed.body), len(plain.body), packed.Header)
	}
	if got := h.get("/long", header("Accept-Encoding", "gzip"), header("If-None-Match", packed.Header.Get("ETag"))); got.StatusCode != http.StatusNotModified {
		t.Errorf("asked about again: %d", got.StatusCode)
	}
	if !slices.Contains(plain.Header.Values("Vary"), "Accept-Encoding") {
		t.Errorf("Vary: %v", plain.Header.Values("Vary"))
	}
	if got := h.do("HEAD", "/yard/long", nil, as("head"), header("Accept-Encoding", "gzip")); got.StatusCode != http.StatusOK || got.body != "" {
		t.Errorf("HEAD: %d %d bytes", got.StatusCode, len(got.body))
	}
}
