package web_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/web"
)

// carriers knows one device of each of some people: the login is theirs, the password "right".
type carriers struct{ came, wrong *int }

func (c carriers) Device(_ *db.Tx, _ *web.Request, login, password string) (web.Carried, error) {
	who, known := people[login]
	if !known || password != "right" {
		return web.Carried{}, fail.New(fail.SignIn, "no such device")
	}
	return web.Carried{Visitor: who, Came: func(*db.Tx) error { *c.came++; return nil }}, nil
}

func (c carriers) Wrong(*web.Request, string) error {
	if *c.wrong++; *c.wrong > 3 {
		return fail.New(fail.TooMany, "too many")
	}
	return fail.New(fail.SignIn, "no such device")
}

// shed is a room that devices reach.
type shed struct{}

func (shed) Mount(m *web.Mux) {
	m.Probe("/", "Windows asks", func(r *web.Request) (web.Answer, error) { return web.Text{Body: r.Method}, nil })
	m.Device("/dav/{path...}", "yard.write", func(r *web.Request) (web.Answer, error) {
		if r.PathValue("path") == "panic" {
			return web.Handled{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret of the shed") })}, nil
		}
		return web.Handled{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			n, err := io.Copy(io.Discard, r.Body)
			fmt.Fprint(w, r.Method, " ", r.PathValue("path"), " ", n, " ", err, " ", len(r.Cookies()), " ", r.Tx == nil, " ", r.SignedIn())
		})}, nil
	})
}

func TestDevices(t *testing.T) {
	var came, wrong int
	h := open(t, func(c *web.Config) {
		c.Devices, c.Hall = carriers{&came, &wrong}, append(c.Hall, shed{})
	})
	ask := func(method, path, login, password, body string, headers ...string) (int, string, http.Header) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, h.url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if login != "" {
			r.SetBasicAuth(login, password)
		}
		r.AddCookie(&http.Cookie{Name: "preau", Value: "head"})
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer got.Body.Close()
		said, err := io.ReadAll(got.Body)
		if err != nil {
			t.Fatal(err)
		}
		return got.StatusCode, string(said), got.Header
	}
	for name, c := range map[string]struct {
		login, password string
		status          int
		headers         []string
	}{
		"a session alone":       {"", "", http.StatusUnauthorized, nil},
		"a wrong password":      {"head", "wrong", http.StatusUnauthorized, nil},
		"nobody's":              {"nobody", "right", http.StatusUnauthorized, nil},
		"who holds no right":    {"parent", "right", http.StatusNotFound, nil},
		"another right":         {"teacher", "right", http.StatusNotFound, nil},
		"a page of another one": {"head", "right", http.StatusForbidden, []string{"Sec-Fetch-Site", "cross-site"}},
		"an old browser":        {"head", "right", http.StatusForbidden, []string{"Origin", "https://ailleurs.example"}},
	} {
		status, said, header := ask("PUT", "/dav/a", c.login, c.password, "x", c.headers...)
		if status != c.status || !strings.HasPrefix(header.Get("Content-Type"), "text/plain") || strings.Contains(said, "<") {
			t.Errorf("%s: %d %s", name, status, said)
		}
		if asks := header.Get("WWW-Authenticate") != ""; asks != (status == http.StatusUnauthorized) {
			t.Errorf("%s: %v", name, header)
		}
	}
	if came != 0 || wrong != 2 {
		t.Errorf("%d came, %d wrong", came, wrong)
	}
	wrong = 3
	if status, _, header := ask("GET", "/dav/a", "head", "wrong", ""); status != http.StatusTooManyRequests || header.Get("Retry-After") == "" {
		t.Errorf("too many: %d %v", status, header)
	}
	body := strings.Repeat("x", 1<<20) // more than any form
	if status, said, _ := ask("PUT", "/dav/a/b", "head", "right", body); status != http.StatusOK || said != "PUT a/b 1048576 <nil> 0 true true" {
		t.Errorf("%d %s", status, said)
	}
	if came != 1 {
		t.Errorf("%d came", came)
	}
	if status, said, _ := ask("GET", "/dav/panic", "head", "right", ""); status != http.StatusInternalServerError || strings.Contains(said, "secret") {
		t.Errorf("%d %s", status, said)
	}
	if status, said, _ := ask("PROPFIND", "/", "", "", ""); status != http.StatusOK || said != "PROPFIND" {
		t.Errorf("%d %s", status, said)
	}
}
