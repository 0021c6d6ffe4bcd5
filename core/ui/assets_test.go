package ui_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"preau/core/ui"
)

func get(t *testing.T, method, path string, header map[string]string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	ui.Assets().ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r io.Reader) []byte {
	t.Helper()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestAssetsAreServedForever(t *testing.T) {
	for name, contentType := range map[string]string{
		"app.css":              "text/css; charset=utf-8",
		"app.js":               "text/javascript; charset=utf-8",
		"icons.svg":            "image/svg+xml",
		"logo.svg":             "image/svg+xml",
		"icon-180.png":         "image/png",
		"pictograms/fox.svg":   "image/svg+xml",
		"atkinson-latin.woff2": "font/woff2",
		"credits.txt":          "text/plain; charset=utf-8",
	} {
		r := get(t, "GET", ui.URL(name), nil)
		if r.StatusCode != http.StatusOK || len(body(t, r.Body)) == 0 {
			t.Errorf("%s: status %d", name, r.StatusCode)
		}
		for header, want := range map[string]string{
			"Content-Type":           contentType,
			"Cache-Control":          "public, max-age=31536000, immutable",
			"X-Content-Type-Options": "nosniff",
			"Vary":                   "Accept-Encoding",
		} {
			if got := r.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		again := get(t, "GET", ui.URL(name), map[string]string{"If-None-Match": r.Header.Get("ETag")})
		if again.StatusCode != http.StatusNotModified || len(body(t, again.Body)) != 0 {
			t.Errorf("%s: a browser that has it gets %d", name, again.StatusCode)
		}
	}
}

func TestAssetsRefuse(t *testing.T) {
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/_/", http.StatusNotFound},
		{"GET", "/_/app.css", http.StatusNotFound},
		{"GET", "/_/../go.mod", http.StatusNotFound},
		{"GET", strings.Replace(ui.URL("app.css"), "app.", "app.0", 1), http.StatusNotFound},
		{"POST", ui.URL("app.css"), http.StatusMethodNotAllowed},
	} {
		if r := get(t, c.method, c.path, nil); r.StatusCode != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, r.StatusCode, c.status)
		}
	}
}

func TestAssetsAreCompressed(t *testing.T) {
	plain := body(t, get(t, "GET", ui.URL("app.css"), nil).Body)
	unzip := func(r io.Reader) io.Reader {
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	unpack := func(r io.Reader) io.Reader { return brotli.NewReader(r) }
	asIs := func(r io.Reader) io.Reader { return r }
	for _, c := range []struct {
		accept, coding string
		open           func(io.Reader) io.Reader
	}{
		{"gzip, deflate, br, zstd", "br", unpack},
		{"gzip", "gzip", unzip},
		{"br;q=0, gzip;q=0.5", "gzip", unzip},
		{"gzip;q=0", "", asIs},
		{"identity", "", asIs},
	} {
		r := get(t, "GET", ui.URL("app.css"), map[string]string{"Accept-Encoding": c.accept})
		if got := r.Header.Get("Content-Encoding"); got != c.coding {
			t.Errorf("%q is answered in %q, want %q", c.accept, got, c.coding)
			continue
		}
		if !bytes.Equal(body(t, c.open(r.Body)), plain) {
			t.Errorf("%q: another content", c.accept)
		}
	}
	if r := get(t, "GET", ui.URL("atkinson-latin.woff2"), map[string]string{"Accept-Encoding": "gzip"}); r.Header.Get("Content-Encoding") != "" {
		t.Error("a font is compressed twice")
	}
}

// The budget of a first visit, in bytes as they travel; the editor is loaded by
// the pages on which one writes, and by no other.
func TestAssetsAreLight(t *testing.T) {
	for name, limit := range map[string]int64{
		"app.css":              12 << 10,
		"app.js":               5 << 10,
		"keep.js":              3 << 10,
		"rich.js":              24 << 10,
		"sends.js":             4 << 10,
		"icons.svg":            8 << 10,
		"atkinson-latin.woff2": 24 << 10,
		"andika-400.woff2":     24 << 10,
		"andika-700.woff2":     24 << 10,
	} {
		r := get(t, "HEAD", ui.URL(name), map[string]string{"Accept-Encoding": "gzip"})
		t.Logf("%s: %d bytes", name, r.ContentLength)
		if r.ContentLength <= 0 || r.ContentLength > limit {
			t.Errorf("%s is %d bytes, more than %d", name, r.ContentLength, limit)
		}
	}
}

// The stylesheet leads to the fonts under their hashed names, and to nothing
// else.
func TestStylesheetLeadsToFonts(t *testing.T) {
	css := string(body(t, get(t, "GET", ui.URL("app.css"), nil).Body))
	parts := strings.Split(css, "url(")[1:]
	if len(parts) == 0 {
		t.Fatal("the stylesheet has no font")
	}
	for _, part := range parts {
		name, _, _ := strings.Cut(part, ")")
		if r := get(t, "HEAD", ui.AssetPrefix+name, nil); r.StatusCode != http.StatusOK {
			t.Errorf("the stylesheet leads to %s: %d", name, r.StatusCode)
		}
	}
}

func TestManifestDescribesThePortal(t *testing.T) {
	w := httptest.NewRecorder()
	ui.Manifest("L’école en ligne.", []ui.Shortcut{{Name: "Carnet de liaison", Path: "/liaison/"}}).ServeHTTP(w, httptest.NewRequest("GET", ui.ManifestPath, nil))
	if got := w.Header().Get("Content-Type"); got != "application/manifest+json" {
		t.Errorf("it is %q", got)
	}
	var m struct {
		Name, Lang, Display string
		StartURL            string `json:"start_url"`
		Icons               []struct{ Src, Sizes, Type, Purpose string }
		Shortcuts           []ui.Shortcut
	}
	if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	if m.Name != "Préau" || m.Lang != "fr" || m.Display != "standalone" || m.StartURL != "/" || len(m.Shortcuts) != 1 || m.Shortcuts[0].Path != "/liaison/" {
		t.Errorf("the manifest is %+v", m)
	}
	sizes := map[string]int{}
	for _, icon := range m.Icons {
		sizes[icon.Purpose]++
		drawn, err := png.DecodeConfig(get(t, "GET", icon.Src, nil).Body)
		if err != nil || icon.Type != "image/png" || icon.Sizes != fmt.Sprintf("%dx%[1]d", drawn.Width) || drawn.Width != drawn.Height {
			t.Errorf("%+v is %+v: %v", icon, drawn, err)
		}
	}
	if sizes["any"] != 2 || sizes["maskable"] != 2 {
		t.Errorf("the icons are for %v", sizes)
	}
}
