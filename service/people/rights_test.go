package people_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preau/core/school"
	"preau/directory"
)

// crowd is a village with somebody of each profile signed in, all of them about
// one class of the first school.
type crowd struct {
	*town
	school, class  school.ID
	pupil          school.ID // of the class
	guardian       school.ID // of the pupil, and of nobody else
	teacher, aide  school.ID // of the class
	other          school.ID // a class of the same school where none of them is
	visitors       map[string]visitor
	elsewhereClass school.ID
}

func newCrowd(h *town) crowd {
	h.T.Helper()
	c := crowd{town: h, school: h.near[0]}
	classes := h.Classes(c.school)
	c.class, c.other, c.elsewhereClass = classes[0].ID, classes[1].ID, h.Classes(h.far[0])[0].ID
	c.teacher = h.Teachers(c.school)[0]
	c.pupil, c.guardian = h.onlyChild(c.class)
	c.aide = h.appoint("aide", school.Staff, c.school)
	h.Attach(c.class, c.teacher)
	h.entrust(c.class, c.aide)
	academy := h.structure(directory.Academy)
	commune := h.One(`SELECT w.ancestor_id FROM directory_within w JOIN directory_structure s ON s.id = w.ancestor_id
		WHERE s.kind = 'commune' AND w.structure_id = $1`, c.school)
	c.visitors = map[string]visitor{
		"stranger":  {House: h.House},
		"pupil":     h.Enter(c.pupil, school.Pupil),
		"guardian":  h.Enter(c.guardian, school.Guardian),
		"teacher":   h.Enter(c.teacher, school.Teacher),
		"head":      h.Enter(h.Head(c.school), school.Head),
		"aide":      h.Enter(c.aide, school.Staff),
		"secretary": h.Enter(h.appoint("secretaire", school.Admin, c.school), school.Admin),
		"municipal": h.Enter(h.appoint("mairie", school.Municipal, commune), school.Municipal),
		"partner":   h.Enter(h.appoint("canope", school.Partner, h.Project()), school.Partner),
		"pilot":     h.Enter(h.appoint("dsi", school.Pilot, academy), school.Pilot),
		"operator":  h.Enter(h.appoint("opera", school.Operator, h.Project()), school.Operator),
	}
	return c
}

// Each profile knocks at each door, on what is theirs and on what is next
// door. What is not for them looks like nothing at all.
func TestWhoOpensWhat(t *testing.T) {
	h := onSQLite(t)
	c := newCrowd(h)
	colleague := h.Teachers(c.school)[1]
	mate := h.Pupils(c.class)[0].ID
	if mate == c.pupil {
		mate = h.Pupils(c.class)[1].ID
	}
	far := h.far[0]
	nothing := c.visitors["pupil"].Get("/people/nothing-of-the-kind").Main()
	for path, allowed := range map[string]string{
		"/people/":                                                    "pupil guardian teacher head aide secretary municipal partner pilot operator",
		"/people/?q=%00%ff%27%25":                                     "pupil guardian teacher head aide secretary municipal partner pilot operator",
		"/people/person/" + c.pupil.String():                          "pupil guardian teacher head aide",
		"/people/person/" + mate.String():                             "pupil teacher head aide",
		"/people/person/" + h.Pupils(c.other)[0].ID.String():          "head",
		"/people/person/" + c.guardian.String():                       "teacher head",
		"/people/person/" + c.teacher.String():                        "pupil guardian teacher head aide secretary operator",
		"/people/person/" + colleague.String():                        "guardian teacher head aide secretary operator",
		"/people/person/" + h.Head(c.school).String():                 "guardian teacher head aide secretary operator municipal pilot",
		"/people/person/" + h.Head(far).String():                      "operator pilot",
		"/people/person/" + h.Teachers(far)[0].String():               "operator",
		"/people/person/" + h.Pupils(c.elsewhereClass)[0].ID.String(): "",
		"/people/person/" + c.visitors["pilot"].Person.String():       "",
		"/people/person/12":                                           "",
		"/people/person/x":                                            "",
		"/people/class/" + c.class.String():                           "teacher head aide",
		"/people/class/" + c.class.String() + "?columns=5":            "teacher head aide",
		"/people/class/" + c.class.String() + "/list.csv":             "teacher head",
		"/people/class/" + c.other.String():                           "head",
		"/people/class/" + c.other.String() + "/list.csv":             "head",
		"/people/class/" + c.elsewhereClass.String():                  "",
		"/people/class/1":                                             "",
		"/people/school/" + c.school.String():                         "guardian teacher head aide secretary municipal partner pilot operator",
		"/people/school/" + far.String():                              "partner pilot operator",
		"/people/school/" + h.structure(directory.Academy).String():   "",
		"/people/school/1":                                            "",
	} {
		for name, v := range c.visitors {
			want := http.StatusNotFound
			switch {
			case name == "stranger":
				want = http.StatusSeeOther
			case strings.Contains(" "+allowed+" ", " "+name+" "):
				want = http.StatusOK
			}
			got := v.Get(path)
			if got.StatusCode != want {
				t.Errorf("%s: %s gives %d, want %d", name, path, got.StatusCode, want)
			}
			if name == "pupil" && got.StatusCode == http.StatusNotFound && withoutID(got.Main()) != withoutID(nothing) {
				t.Errorf("%s is refused in other words than what does not exist", path)
			}
		}
	}
}

// withoutID is a page without the identifier of its request.
func withoutID(page string) string {
	return regexp.MustCompile(`<code>.*</code>`).ReplaceAllString(page, "")
}

// whom is whom each profile sees, said another way than the rooms do: the
// register was just fed, and nothing of it has ended.
var whom = map[string]string{
	"pupil": `SELECT m.person_id FROM directory_membership m WHERE m.class_id = $1`,
	"guardian": `SELECT b.pupil_id FROM directory_bond b WHERE b.guardian_id = $3
		UNION SELECT f.person_id FROM directory_function f WHERE f.structure_id = $2`,
	"teacher": `SELECT m.person_id FROM directory_membership m WHERE m.class_id = $1
		UNION SELECT b.guardian_id FROM directory_bond b JOIN directory_membership m ON m.person_id = b.pupil_id WHERE m.class_id = $1
		UNION SELECT f.person_id FROM directory_function f WHERE f.structure_id = $2`,
	"head": `SELECT e.person_id FROM directory_enrolment e WHERE e.school_id = $2
		UNION SELECT b.guardian_id FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id WHERE e.school_id = $2
		UNION SELECT f.person_id FROM directory_function f WHERE f.structure_id = $2`,
	"aide": `SELECT m.person_id FROM directory_membership m WHERE m.class_id = $1
		UNION SELECT f.person_id FROM directory_function f WHERE f.structure_id = $2`,
	"secretary": `SELECT f.person_id FROM directory_function f WHERE f.structure_id = $2`,
	"municipal": `SELECT f.person_id FROM directory_function f JOIN directory_structure s ON s.id = f.structure_id
		WHERE f.profile = 'National_DIR' AND s.town = (SELECT o.town FROM directory_structure o WHERE o.id = $2)`,
	"pilot":   `SELECT f.person_id FROM directory_function f WHERE f.profile = 'National_DIR'`,
	"partner": `SELECT p.id FROM directory_person p WHERE p.id = 0`,
	"operator": `SELECT f.person_id FROM directory_function f JOIN directory_structure s ON s.id = f.structure_id
		WHERE s.kind = 'school'`,
}

// Each profile asks for the page of the people of the first school, of all of them
// when it sees few, and of some people of the others, and finds nobody else by any
// letter.
func TestWhoFindsWhom(t *testing.T) {
	h := onSQLite(t)
	c := newCrowd(h)
	// A guardian who has left a class behind: what has ended opens nothing.
	gone := h.Pupils(c.class)[2].ID
	h.exec(`UPDATE directory_membership SET until_at = from_at WHERE person_id = $1`, gone)
	h.exec(`UPDATE directory_enrolment SET until_at = from_at WHERE person_id = $1`, gone)
	h.exec(`DELETE FROM directory_bond WHERE pupil_id = $1`, gone)

	all := h.Some(`SELECT id FROM directory_person ORDER BY id`)
	ours := map[school.ID]bool{}
	for _, id := range h.Some(whom["head"], c.args(`$2`)...) {
		ours[id] = true
	}
	for name, query := range whom {
		v := c.visitors[name]
		visible := map[school.ID]bool{}
		for _, id := range h.Some(query, c.args(query)...) {
			visible[id] = id != gone
		}
		some := 1 + len(visible)/40 // everybody whom somebody sees, and one of several of those whom a head does
		for i, id := range all {
			if i%some != 0 && (ours[id] || visible[id]) || i%29 != 0 && !ours[id] && !visible[id] {
				continue
			}
			want := http.StatusNotFound
			if visible[id] {
				want = http.StatusOK
			}
			if got := v.Get("/people/person/" + id.String()); got.StatusCode != want {
				t.Errorf("%s sees %s (%s): %d, want %d", name, h.Who(id).Name(), id, got.StatusCode, want)
			}
		}
		found := map[school.ID]bool{}
		for letter := 'a'; letter <= 'z'; letter++ {
			for _, id := range peopleIn(v.Get("/people/?q=" + string(letter))) {
				if found[id] = true; !visible[id] {
					t.Errorf("%s finds %s (%s)", name, h.Who(id).Name(), id)
				}
			}
		}
		if name != "partner" && len(found) == 0 {
			t.Errorf("%s finds nobody", name)
		}
		// Whoever is visible is found by their name.
		for i, id := range slices.Sorted(keys(visible)) {
			words := school.Fold(h.Who(id).Name())
			if name == "pupil" { // as children are called, and as they call their teachers
				words = school.Fold(h.Who(id).First)
				if id == c.teacher || id == c.aide {
					words = school.Fold(h.Who(id).Usual)
				}
			}
			if visible[id] && i%(4+some) == 0 && !slices.Contains(peopleIn(v.Get("/people/?q="+url.QueryEscape(words))), id) {
				t.Errorf("%s does not find %s by %q", name, id, words)
			}
		}
	}
}

// args are the class, the school and the guardian, as many as a query names.
func (c crowd) args(query string) []any {
	args := []any{c.class, c.school, c.guardian}
	for n := len(args); n > 0; n-- {
		if strings.Contains(query, fmt.Sprintf("$%d", n)) {
			return args[:n]
		}
	}
	return nil
}

func keys(m map[school.ID]bool) func(func(school.ID) bool) {
	return func(yield func(school.ID) bool) {
		for id := range m {
			if !yield(id) {
				return
			}
		}
	}
}

var personLink = regexp.MustCompile(`href="/people/person/([0-9]+)"`)

// peopleIn are the people to whom a page leads.
func peopleIn(r reply) (ids []school.ID) {
	r.Wants(http.StatusOK)
	for _, found := range personLink.FindAllStringSubmatch(r.Text(), -1) {
		id, err := school.ParseID(found[1])
		if err != nil {
			r.T.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}
