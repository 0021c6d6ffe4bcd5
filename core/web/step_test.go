package web_test

import (
	"net/http"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// steps knows a session that waits for its second step, one whose last proof is
// old, and one whose is not.
type steps struct{ doors }

func (steps) Visitor(_ *db.Tx, token string) (web.Visitor, error) {
	head := web.Visitor{Actor: rights.Actor{Person: 1, Profile: school.Head, Schools: []school.ID{10}}, Name: "Anne Petit"}
	switch token {
	case "half":
		return web.Visitor{Awaited: "/second"}, nil
	case "tired":
		head.Reprove = "/second"
	}
	return head, nil
}

// Shut implements web.Doorkeeper.
func (steps) Shut(*db.Tx, school.ID, school.Profile) ([]web.Shut, error) { return nil, nil }

// What asks for a proof is reached by nobody whose proof is old, nor by a
// session that is half open, and leads to where it is given.
func TestStepUp(t *testing.T) {
	done := 0
	do := func(*web.Request) (web.Answer, error) {
		done++
		return web.Text{Body: "fait"}, nil
	}
	c := config(t)
	c.Doors = steps{}
	c.Hall = []web.Room{room(func(m *web.Mux) {
		m.Get("/open", "yard.read", do)
		m.Get("/shut", "yard.read", do, web.StepUp)
		m.Get("/file", "yard.read", do, web.StepUp, web.Journalled)
		m.Post("/act", "yard.write", do, web.StepUp)
		m.Post("/long", "yard.write", do, web.StepUp, web.NoTx)
		m.PublicGet("/public", "a test", do)
	})}
	s, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	from := header("Referer", "https://ecole.example/open?page=2")
	for _, x := range []struct {
		who, method, path, form string
		sets                    []set
		status                  int
		to                      string
	}{
		{"half", "GET", "/open", "", nil, http.StatusSeeOther, "/second?next=%2Fopen"},
		{"half", "GET", "/shut", "", nil, http.StatusSeeOther, "/second?next=%2Fshut"},
		{"half", "GET", "/nowhere", "", nil, http.StatusSeeOther, "/second?next=%2Fnowhere"},
		{"half", "POST", "/act", "", nil, http.StatusSeeOther, "/second"},
		{"half", "POST", "/long", "", []set{from}, http.StatusSeeOther, "/second?next=%2Fopen%3Fpage%3D2"},
		{"half", "GET", "/public", "", nil, http.StatusOK, ""},
		{"tired", "GET", "/open", "", nil, http.StatusOK, ""},
		{"tired", "GET", "/shut", "", nil, http.StatusSeeOther, "/second?next=%2Fshut"},
		{"tired", "GET", "/file", "", nil, http.StatusSeeOther, "/second?next=%2Ffile"},
		{"tired", "GET", "/file", "", []set{from}, http.StatusSeeOther, "/second?next=%2Fopen%3Fpage%3D2"},
		{"tired", "POST", "/act", "", []set{from}, http.StatusSeeOther, "/second?next=%2Fopen%3Fpage%3D2"},
		{"tired", "POST", "/long", "", nil, http.StatusSeeOther, "/second"},
		{"tired", "POST", "/act", "words=kept", nil, http.StatusForbidden, ""},
		{"tired", "POST", "/act", "password=lost", nil, http.StatusSeeOther, "/second"},
		{"head", "GET", "/shut", "", nil, http.StatusOK, ""},
		{"head", "GET", "/file", "", nil, http.StatusOK, ""},
		{"head", "POST", "/act", "words=kept", nil, http.StatusOK, ""},
	} {
		before := done
		got := call(s, x.method, "https://ecole.example"+x.path, x.form, append(x.sets, header("Cookie", "__Host-preau="+x.who))...)
		if got.StatusCode != x.status || got.Header.Get("Location") != x.to {
			t.Errorf("%s %s %s: %d to %q, want %d to %q", x.who, x.method, x.path, got.StatusCode, got.Header.Get("Location"), x.status, x.to)
		}
		if ran := done > before; ran != (x.status == http.StatusOK) {
			t.Errorf("%s %s %s: it was done: %t", x.who, x.method, x.path, ran)
		}
		if x.status == http.StatusForbidden && (!strings.Contains(got.body, `href="/second?next=%2Fsecond%3Fdone%3D1"`) || !strings.Contains(got.body, `value="kept"`)) {
			t.Errorf("%s %s: what was typed is lost: %s", x.who, x.path, got.body)
		}
		if len(got.Cookies()) > 0 {
			t.Errorf("%s %s: cookies %v", x.who, x.path, got.Cookies())
		}
	}
}
