package place_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/a-h/templ"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
	"preau/test/house"
	"preau/test/village"
)

const see rights.Right = "yard.see"

// yard says where its pages are.
type yard struct{}

func (yard) Card() web.Card {
	return web.Card{Name: "yard", Title: "web.home", Icon: ui.IconHome, For: []school.Profile{school.Head, school.Teacher, school.Municipal}}
}

func (yard) Rights() rights.Table {
	return rights.Table{see: {school.Head: rights.Schools, school.Teacher: rights.Classes, school.Municipal: rights.Area}}
}

func (yard) Mount(m *web.Mux) {
	said := func(name string, err error) (web.Answer, error) {
		return web.Page{Title: name, Body: templ.Raw("<h1>Ici</h1>")}, err
	}
	m.Get("/school/{school}", see, func(r *web.Request) (web.Answer, error) {
		at, err := place.School(r, see)
		return said(at.Name, err)
	})
	m.Get("/commune/{commune}", see, func(r *web.Request) (web.Answer, error) {
		at, err := place.Commune(r, see)
		return said(at.Name, err)
	})
	m.Get("/structure/{structure}", see, func(r *web.Request) (web.Answer, error) {
		id, err := r.PathID("structure")
		if err != nil {
			return nil, err
		}
		at, err := place.Structure(r, see, id)
		return said(at.Name, err)
	})
	m.Get("/listed/{class}", see, func(r *web.Request) (web.Answer, error) { // the gate of lists says what that of one class does
		id, err := r.PathID("class")
		if err != nil {
			return nil, err
		}
		gate := func(columns rights.Columns, args ...any) (string, []any) { return r.Scope(see, columns, args...) }
		all, err := directory.FindClasses(r.Tx, gate, "")
		if err == nil && !slices.ContainsFunc(all, func(c directory.ClassView) bool { return c.ID == id }) {
			err = fail.New(fail.NotFound, "%s is not listed", id)
		}
		return said("Liste", err)
	})
	m.Get("/class/{class}", see, func(r *web.Request) (web.Answer, error) {
		at, err := place.Class(r, see)
		if err == nil && at.School.ID != at.Class.School {
			err = fmt.Errorf("class %s is given with the school %s", at.Class.ID, at.School.ID)
		}
		return said(at.Class.Label, err)
	})
}

// A place is given to whom the right reaches; another one, one that is closed
// and one that never was are not found, alike.
func TestPlaces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house.New(t, d)
		h.Feed(h.Deliver(village.Options{Schools: 5, Seed: 7, Date: dbtest.Noon}))
		h.Serve(web.Config{Services: []web.Service{yard{}}})
		near, far := h.Schools()
		own, other := near[0], far[0]
		commune := h.Above(own, directory.Commune)
		class, elsewhere := h.Classes(own)[0], h.Classes(other)[0]
		teacher := h.Teachers(own)[0]
		h.Attach(class.ID, teacher)
		head := h.Enter(h.Head(own), school.Head)
		teaching := h.Enter(teacher, school.Teacher)
		agent := h.Enter(h.Appoint("Dominique", school.Municipal, commune), school.Municipal)

		at := func(kind string, id school.ID) string { return fmt.Sprintf("/yard/%s/%s", kind, id) }
		for _, c := range []struct {
			who   string
			as    house.Visitor
			path  string
			found bool
		}{
			{"head", head, at("school", own), true},
			{"head", head, at("school", other), false},
			{"head", head, at("school", commune), false},
			{"head", head, at("school", 7), false},
			{"head", head, "/yard/school/none", false},
			{"head", head, at("structure", own), true},
			{"head", head, at("structure", other), false},
			{"head", head, at("class", class.ID), true},
			{"head", head, at("class", elsewhere.ID), false},
			{"head", head, at("class", 7), false},
			{"teacher", teaching, at("class", class.ID), true},
			{"teacher", teaching, at("class", elsewhere.ID), false},
			{"teacher", teaching, at("school", own), false},
			{"agent", agent, at("class", class.ID), true},
			{"agent", agent, at("class", elsewhere.ID), false},
			{"agent", agent, at("listed", class.ID), true},
			{"agent", agent, at("listed", elsewhere.ID), false},
			{"head", head, at("listed", class.ID), true},
			{"head", head, at("listed", elsewhere.ID), false},
			{"teacher", teaching, at("listed", class.ID), true},
			{"teacher", teaching, at("listed", elsewhere.ID), false},
			{"agent", agent, at("school", own), true},
			{"agent", agent, at("school", near[len(near)-1]), true},
			{"agent", agent, at("school", other), false},
			{"agent", agent, at("school", commune), false},
			{"agent", agent, at("commune", commune), true},
			{"agent", agent, at("commune", own), false},
			{"agent", agent, at("commune", far[0]), false},
			{"agent", agent, "/yard/commune/none", false},
			{"head", head, at("commune", commune), false},
			{"agent", agent, at("structure", own), true},
			{"agent", agent, at("structure", other), false},
		} {
			want := http.StatusNotFound
			if c.found {
				want = http.StatusOK
			}
			if got := c.as.Get(c.path); got.StatusCode != want {
				t.Errorf("%s at %s: %d, not %d", c.who, c.path, got.StatusCode, want)
			}
		}

		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_structure SET until_at = $1 WHERE id = $2`, db.Time{Time: tx.Now}, own)
			return err
		})
		for _, path := range []string{at("school", own), at("structure", own)} {
			agent.Get(path).Wants(http.StatusNotFound)
		}
	}, house.Schemas()...)
}
