package people_test

import (
	"strings"
	"testing"

	"preau/core/school"
	"preau/directory"
	"preau/test/browser"
)

func TestMain(m *testing.M) { browser.Main(m) }

// Every screen is right at the width of a telephone and of a desk, in light
// and in dark.
func TestScreens(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	c := newCrowd(h)
	h.restrict(directory.Restriction{Pupil: h.Pupils(c.other)[0].ID, Guardian: h.One(`SELECT min(guardian_id) FROM directory_bond WHERE pupil_id = $1`, h.Pupils(c.other)[0].ID), NoAccess: true})
	person := func(id school.ID) string { return "/people/person/" + id.String() }
	class, at := "/people/class/"+c.class.String(), "/people/school/"+c.school.String()
	for name, screen := range map[string]struct{ visitor, path string }{
		"first-pupil":       {"pupil", "/people/"},
		"person-pupil-mate": {"pupil", person(h.Pupils(c.class)[1].ID)},
		"first-guardian":    {"guardian", "/people/"},
		"find-guardian":     {"guardian", "/people/?q=ma"},
		"child-guardian":    {"guardian", person(c.pupil)},
		"teacher-guardian":  {"guardian", person(c.teacher)},
		"school-guardian":   {"guardian", at},
		"first-teacher":     {"teacher", "/people/"},
		"find-teacher":      {"teacher", "/people/?q=le"},
		"pupil-teacher":     {"teacher", person(c.pupil)},
		"class-teacher":     {"teacher", class},
		"class-columns":     {"teacher", class + "?columns=5"},
		"class-aide":        {"aide", class},
		"find-head":         {"head", "/people/?q=m"},
		"find-nothing":      {"head", "/people/?q=zzz"},
		"barred-head":       {"head", person(h.Pupils(c.other)[0].ID)},
		"guardian-head":     {"head", person(c.guardian)},
		"staff-head":        {"head", person(c.teacher)},
		"school-head":       {"head", at},
		"find-pilot":        {"pilot", "/people/?q=ec"},
		"school-pilot":      {"pilot", at},
	} {
		t.Run(name, func(t *testing.T) {
			v := c.visitors[screen.visitor].In(t)
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, Dark: name == "find-head" || name == "class-columns"}} {
				p := v.Page(view)
				p.Goto(h.URL + screen.path)
				p.Check()
				p.Shot("people-" + name)
			}
		})
	}
}

// The list of a class of thirty is one sheet of A4, with as many columns as one
// may ask for.
func TestAClassIsOneSheet(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	c := newCrowd(h)
	for _, newcomer := range h.Pupils(c.other)[:30-len(h.Pupils(c.class))] {
		h.exec(`UPDATE directory_membership SET class_id = $1 WHERE person_id = $2`, c.class, newcomer.ID)
	}
	h.exec(`UPDATE directory_person SET usual_name = 'Van Den Berghe-Lafontaine' WHERE id = $1`, h.Pupils(c.class)[0].ID)
	p := c.visitors["teacher"].Page(browser.View{Width: 680, Print: true}) // A4 without its margins
	p.Goto(h.URL + "/people/class/" + c.class.String() + "?columns=10")
	p.Fits()
	p.Shot("people-class")
	if n := p.Sheets(); n != 1 {
		t.Errorf("%d sheets for %d pupils", n, len(h.Pupils(c.class)))
	}
	if text := p.Text("main"); strings.Contains(text, "Chercher") || !strings.Contains(text, "Berghe-Lafontaine") {
		t.Error("the list is not what is printed")
	}
}

// A teacher looks for a pupil and opens the page without any script.
func TestWithoutScript(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	c := newCrowd(h)
	who := h.Who(c.pupil)
	p := c.visitors["teacher"].Page(browser.View{Width: browser.Phone, NoScript: true})
	p.Goto(h.URL + "/people/")
	p.Fill("q", strings.ToUpper(who.Name()))
	p.Submit("form.search")
	p.Follow(`a[href="/people/person/` + c.pupil.String() + `"]`)
	if text := p.Text("main"); !strings.Contains(text, who.Name()) || !strings.Contains(text, h.Who(c.guardian).Name()) {
		t.Errorf("the page of %s says %s", who.Name(), text)
	}
}
