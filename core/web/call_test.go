package web_test

import (
	"net/http"
	"strings"
	"testing"

	"preau/core/fail"
	"preau/core/web"
)

// A script is answered by a status and a sentence, never by a page, whatever the method; what it may not
// do, and what is refused to it, is not done.
func TestAScriptIsAnsweredInAWord(t *testing.T) {
	frozen := people["head"]
	frozen.ReadOnly = true
	people["frozen"] = frozen
	t.Cleanup(func() { delete(people, "frozen") })
	writes := func(err error) web.Handler {
		return func(r *web.Request) (web.Answer, error) {
			if _, err := r.Tx.Exec("INSERT INTO yard_note (text) VALUES ($1)", r.Method); err != nil {
				return nil, err
			}
			return web.Done{Header: http.Header{"Yard-Size": {"3"}}}, err
		}
	}
	h := open(t, func(c *web.Config) {
		c.Hall = append(c.Hall, room(func(m *web.Mux) {
			v := web.Header("Yard-Version", "1")
			for _, method := range []string{http.MethodPatch, http.MethodDelete, http.MethodPost} {
				m.Call(method, "/called", "yard.write", writes(nil), v)
			}
			for _, method := range []string{http.MethodHead, http.MethodOptions} {
				m.Call(method, "/called", "yard.write", func(*web.Request) (web.Answer, error) {
					return web.Done{Status: 200, Header: http.Header{"Yard-Size": {"3"}}}, nil
				}, v)
				m.Call(method, "/reads", "yard.write", writes(nil), v)
			}
			m.Call(http.MethodPatch, "/gone", "yard.write", writes(web.Refuse(http.StatusGone, fail.New(fail.NotFound, "gone"))), v)
			m.Call(http.MethodPost, "/large", "yard.write", writes(web.Refuse(http.StatusRequestEntityTooLarge, fail.New(fail.Invalid, "large").Say("yard.title"))), v)
		}))
	})
	wrote := 0
	for _, x := range []struct {
		method, path, as string
		status           int
		wrote            bool
		sets             []set
	}{
		{"PATCH", "/called", "", 401, false, nil},
		{"PATCH", "/called", "nobody", 401, false, nil},
		{"PATCH", "/called", "teacher", 404, false, nil},
		{"DELETE", "/called", "parent", 404, false, nil},
		{"HEAD", "/called", "teacher", 404, false, nil},
		{"OPTIONS", "/called", "", 401, false, nil},
		{"PATCH", "/called", "frozen", 503, false, nil},
		{"HEAD", "/called", "frozen", 200, false, nil},
		{"PATCH", "/called", "head", 403, false, []set{header("Sec-Fetch-Site", "cross-site")}},
		{"DELETE", "/called", "head", 403, false, []set{header("Origin", "https://ailleurs.example")}},
		{"PATCH", "/gone", "head", 410, false, nil},
		{"POST", "/large", "head", 413, false, nil},
		{"HEAD", "/reads", "head", 500, false, nil},
		{"OPTIONS", "/reads", "head", 500, false, nil},
		{"PATCH", "/called", "head", 204, true, nil},
		{"DELETE", "/called", "head", 204, true, nil},
		{"POST", "/called", "head", 204, true, nil},
		{"HEAD", "/called", "head", 200, false, nil},
		{"OPTIONS", "/called", "head", 200, false, nil},
	} {
		sets := x.sets
		if x.as != "" {
			sets = append(sets, as(x.as))
		}
		got := h.do(x.method, x.path, nil, sets...)
		if got.StatusCode != x.status || got.Header.Get("Yard-Version") != "1" || strings.Contains(got.body, "<") || len(got.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s %s as %q: %d %v %.80q, want %d", x.method, x.path, x.as, got.StatusCode, got.Header, got.body, x.status)
		}
		if x.status < 300 && got.Header.Get("Yard-Size") != "3" {
			t.Errorf("%s %s has no header of its answer", x.method, x.path)
		}
		if x.status >= 400 && x.method != http.MethodHead && got.body == "" {
			t.Errorf("%s %s as %q is refused without a word", x.method, x.path, x.as)
		}
		if x.wrote {
			wrote++
		}
		if n := len(strings.Fields(h.notes())); n != wrote {
			t.Errorf("%s %s as %q: %d notes, want %d", x.method, x.path, x.as, n, wrote)
		}
	}
}
