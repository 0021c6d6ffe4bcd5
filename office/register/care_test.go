package register_test

import (
	"cmp"
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
	onBoth(t, func(h *office) {
		at, elsewhere := h.near[0], h.far[0]
		var commune directory.Structure
		var enrolled []directory.Enrolled
		h.Read(func(tx *db.Tx) error {
			above, err := directory.Above(tx, at)
			if err != nil {
				return err
			}
			commune = above[slices.IndexFunc(above, func(s directory.Structure) bool { return s.Kind == directory.Commune })]
			enrolled, err = directory.EnrolledIn(tx, at, directory.Canteen)
			return err
		})
		all := h.One(`SELECT count(DISTINCT person_id) FROM directory_enrolment WHERE school_id = $1 AND canteen AND until_at IS NULL`, at)
		if len(enrolled) == 0 || school.ID(len(enrolled)) != all {
			t.Fatalf("%d eat in the first school, want %d", len(enrolled), all)
		}
		if sorted := slices.IsSortedFunc(enrolled, func(a, b directory.Enrolled) int {
			return cmp.Or(cmp.Compare(school.Fold(a.Class), school.Fold(b.Class)), cmp.Compare(a.SortKey, b.SortKey))
		}); !sorted {
			t.Error("the list is not by class, then by name")
		}
		gone := enrolled[0]
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_enrolment SET canteen = FALSE WHERE person_id = $1`, gone.ID)
			return err
		})
		enrolled = enrolled[1:]
		agent := h.enter(h.Appoint("cantine", school.Municipal, commune.ID), school.Municipal)
		page := agent.Get("/register/school/" + at.String() + "/care/canteen")
		if page.StatusCode != http.StatusOK {
			t.Fatalf("%d", page.StatusCode)
		}
		if strings.Contains(page.Body, ">"+html.EscapeString(gone.Name())+"<") {
			t.Errorf("%s, who does not eat there any more, is on the list", gone.Name())
		}
		for _, e := range enrolled {
			if !strings.Contains(page.Body, html.EscapeString(e.Usual)) || !strings.Contains(page.Body, html.EscapeString(e.Class)) {
				t.Errorf("%+v is not on the list", e)
			}
		}
		if n := strings.Count(page.Body, `class="person-name"`); n != len(enrolled) {
			t.Errorf("%d lines, want %d", n, len(enrolled))
		}
		page.Lacks(http.StatusOK, "Absent", "absent aujourd’hui")
		h.absent = []school.ID{enrolled[0].ID}
		told := agent.Get("/register/school/" + at.String() + "/care/canteen")
		told.Wants(http.StatusOK, "1 absent aujourd’hui", "Le motif n’est pas montré ici")
		if _, line, _ := strings.Cut(told.Body, html.EscapeString(enrolled[0].Name())+"</span>"); !strings.Contains(line[:strings.Index(line, "</li>")], ">Absent<") || strings.Count(told.Body, ">Absent<") != 1 {
			t.Error("the line of who is absent does not say it, or another does")
		}
		for _, path := range []string{
			"/register/school/" + elsewhere.String() + "/care/canteen", "/register/school/" + at.String() + "/care/dinner",
			"/register/school/" + commune.ID.String() + "/care/canteen", "/register/school/" + at.String(), "/register/class/" + h.Classes(at)[0].ID.String(),
		} {
			if page := agent.Get(path); page.StatusCode != http.StatusNotFound {
				t.Errorf("%s answers %d", path, page.StatusCode)
			}
		}
	})
}
