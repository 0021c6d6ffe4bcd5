package browser_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"preau/test/browser"
)

// remember leaves something in each place where a page can.
const remember = `
	document.cookie = "script=1; max-age=3600";
	localStorage.setItem("kept", "1");
	sessionStorage.setItem("kept", "1");
	location.hash = "here";
	caches.open("kept")`

// remembered counts what is in them, the pages before this one apart.
const remembered = `caches.keys().then((keys) =>
	keys.length + localStorage.length + sessionStorage.length + (document.cookie ? 1 : 0) +
	(matchMedia("(prefers-color-scheme: dark)").matches ? 1 : 0))`

// A test finds nothing in its tab of what the test before has done: its pages,
// what they kept, how they were looked at, what the console said.
func TestATabForgets(t *testing.T) {
	var returns, loads atomic.Int64
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		if len(r.Cookies()) > 0 {
			returns.Add(1)
		}
		http.SetCookie(w, &http.Cookie{Name: "server", Value: "1", MaxAge: 3600, HttpOnly: true})
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, `<link rel="icon" href="data:,"><script src="/kept.js"></script>`)
	})
	mux.HandleFunc("/kept.js", func(w http.ResponseWriter, r *http.Request) {
		loads.Add(1)
		w.Header().Set("Cache-Control", "max-age=3600")
		w.Header().Set("Content-Type", "text/javascript")
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	history := 0
	for _, view := range []browser.View{{Dark: true, Width: browser.Phone}, {NoScript: true}, {}, {}} {
		t.Run("", func(t *testing.T) {
			p, loaded := browser.Open(t).Page(t, view), loads.Load()
			p.Goto(server.URL + "/")
			if view.NoScript {
				return
			}
			if loads.Load() == loaded || returns.Load() != 0 {
				t.Errorf("a file is not asked for, or %d cookies are given back", returns.Load())
			}
			before := browser.Value[int](p, "history.length")
			if history != 0 && before != history {
				t.Errorf("%d pages with those before this one, and %d in the first test", before, history)
			}
			history = before
			want := 0
			if view.Dark {
				want = 1
			}
			if got := browser.Value[int](p, remembered); got != want {
				t.Errorf("%d things are remembered, not %d", got, want)
			}
			if width := browser.Value[int](p, "innerWidth"); view.Width == 0 && width != browser.Desk {
				t.Errorf("the screen has %d px", width)
			}
			p.Quiet()
			p.Eval(remember)
			p.Eval(`console.error("heard")`)
			if got := browser.Value[int](p, remembered); got != want+4 || len(p.Complaints()) != 1 {
				t.Errorf("%d things are remembered, not %d, and the console said %q", got, want+4, p.Complaints())
			}
		})
	}
}
