package register_test

import (
	"html"
	"net/http"
	"slices"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// An agent of a commune reads who eats at the canteen of its schools: names
// and classes. Other communes' schools, and the rest of these, do not exist.
func TestAnAgentReadsTheListsOfTheCommune(t *testing.T) {
	onBoth(t, func(h *house) {
		at, elsewhere := h.near[0], h.far[0]
		var commune directory.Structure
		var enrolled []directory.Enrolled
		h.read(func(tx *db.Tx) error {
			above, err := directory.Above(tx, at)
			if err != nil {
				return err
			}
			commune = above[slices.IndexFunc(above, func(s directory.Structure) bool { return s.Kind == directory.Commune })]
			enrolled, err = directory.EnrolledIn(tx, at, directory.Canteen)
			return err
		})
		if len(enrolled) == 0 {
			t.Fatal("nobody eats in the first school")
		}
		agent := h.enter(h.appoint("cantine", school.Municipal, commune.ID), school.Municipal)
		page := agent.get("/register/school/" + at.String() + "/care/canteen")
		if page.StatusCode != http.StatusOK {
			t.Fatalf("%d", page.StatusCode)
		}
		for _, e := range enrolled {
			if !strings.Contains(page.body, html.EscapeString(e.Usual)) || !strings.Contains(page.body, html.EscapeString(e.Class)) {
				t.Errorf("%+v is not on the list", e)
			}
		}
		if n := strings.Count(page.body, `class="person-name"`); n != len(enrolled) {
			t.Errorf("%d lines, want %d", n, len(enrolled))
		}
		for _, path := range []string{
			"/register/school/" + elsewhere.String() + "/care/canteen", "/register/school/" + at.String() + "/care/dinner",
			"/register/school/" + commune.ID.String() + "/care/canteen", "/register/school/" + at.String(), "/register/class/" + h.classes(at)[0].ID.String(),
		} {
			if page := agent.get(path); page.StatusCode != http.StatusNotFound {
				t.Errorf("%s answers %d", path, page.StatusCode)
			}
		}
	})
}
