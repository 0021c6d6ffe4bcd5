package webdav

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/web"
)

func TestPathsOfSystems(t *testing.T) {
	for p, want := range map[string]struct{ litter, scrap bool }{
		"":                            {},
		"Mes fichiers/liste.pdf":      {},
		"Mes fichiers/.gitignore":     {},
		"Mes fichiers/.~lock.a.odt#":  {},
		"Mes fichiers/~$a.docx":       {},
		"Mes fichiers/._liste.pdf":    {true, true},
		"._.":                         {true, true},
		"Mes fichiers/.DS_Store":      {true, true},
		"Mes fichiers/THUMBS.DB":      {true, true},
		"Mes fichiers/Desktop.ini":    {true, true},
		"Mes fichiers/.Trashes":       {true, false},
		"Mes fichiers/.Trashes/501":   {true, false},
		"Mes fichiers/.Trashes/._501": {true, false},
		"Mes fichiers/._a/b":          {true, false},
		"Mes fichiers/._a/._b":        {true, false},
	} {
		if litter(p) != want.litter || scrap(p) != want.scrap {
			t.Errorf("%q: %t, %t", p, litter(p), scrap(p))
		}
	}
}

func TestHowLongALockIsAskedFor(t *testing.T) {
	for asked, want := range map[string]string{
		"": "Second-600", "Infinite": "Second-600", "Second-0": "Second-600", "Second--5": "Second-600", "Second-x": "Second-600",
		"Second-60": "Second-60", "Second-3600": "Second-3600", "Second-4100000000": "Second-3600", "Infinite, Second-60": "Second-600", "Second-60, Infinite": "Second-60, Infinite",
		"Second-99999999999999999999999": "Second-600",
	} {
		hr := &http.Request{Header: http.Header{}}
		hr.Header.Set("Timeout", asked)
		new(drive).shorten(hr)
		if got := hr.Header.Get("Timeout"); got != want {
			t.Errorf("%q: %q, want %q", asked, got, want)
		}
	}
}

// What a lock asks for is read as the handler reads it: alone or with others, and nothing else of the body is changed.
func FuzzLock(f *testing.F) {
	for _, body := range []string{
		"", "<", `<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/></D:locktype><D:owner>moi</D:owner></D:lockinfo>`,
		`<lockinfo xmlns="DAV:"><lockscope><shared></shared></lockscope><locktype><write/></locktype></lockinfo>`,
		`<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype><D:owner>&lt;D:shared/></D:owner></D:lockinfo>`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		d := new(drive)
		hr := &http.Request{Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
		if status := d.prepareLock(hr); status != 0 {
			if len(body) <= mostXML {
				t.Errorf("%d", status)
			}
			return
		}
		left, err := io.ReadAll(hr.Body)
		if err != nil {
			t.Fatal(err)
		}
		if !d.shared && string(left) != body {
			t.Errorf("%q became %q", body, left)
		}
		if d.shared && scope.Match(left) {
			t.Errorf("still shared: %q", left)
		}
		if xml.Unmarshal([]byte(body), new(any)) == nil && xml.Unmarshal(left, new(any)) != nil {
			t.Errorf("no XML any more: %q", left)
		}
	})
}

// Whatever a program asks for is refused, or is of paths that the databases keep.
func FuzzPaths(f *testing.F) {
	f.Add("/dav/Mes fichiers/a.txt", "https://ent.example/dav/Mes%20fichiers/b.txt", true)
	f.Add("/dav/../x", "/dav/%00", false)
	f.Add("/dav/\xff", "/davx", true)
	f.Add("/dav/._a", "/dav/._b", true)
	f.Fuzz(func(t *testing.T, at, to string, moves bool) {
		d := &drive{Room: &Room{}, r: &web.Request{}, at: clean(strings.TrimPrefix(at, Prefix))}
		hr := &http.Request{Method: copying, Header: http.Header{}, URL: &url.URL{Path: at}}
		if moves {
			hr.Method = moving
		}
		hr.Header.Set("Destination", to)
		if d.prepare(hr) != 0 {
			return
		}
		for _, p := range []string{d.at, d.to} {
			if !kept(p) || strings.HasPrefix(p, "/") || strings.Contains("/"+p+"/", "/../") || litter(p) && !scrap(p) {
				t.Errorf("%q", p)
			}
		}
	})
}
