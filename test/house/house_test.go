package house_test

import (
	"net/http"
	"testing"

	"github.com/a-h/templ"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/test/house"
	"preau/test/village"
)

// yard is a room for heads.
type yard struct{}

const enter rights.Right = "yard.enter"

func (yard) Card() web.Card {
	return web.Card{Name: "yard", Title: "web.home", Icon: ui.IconHome, For: []school.Profile{school.Head}}
}
func (yard) Rights() rights.Table { return rights.Table{enter: {school.Head: rights.Schools}} }
func (yard) Mount(m *web.Mux) {
	m.Get("/", enter, func(*web.Request) (web.Answer, error) {
		return web.Page{Title: "La cour", Body: templ.Raw("<h1>La cour</h1>")}, nil
	})
}

// A house lets in whom a test lets in, as what they are, and nobody else.
func TestAHouse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house.New(t, d)
		r := h.Feed(h.Deliver(village.Options{Schools: 2, Seed: 1, Date: dbtest.Noon}))
		if r.Schools.Added != 2 || r.Pupils.Added == 0 {
			t.Fatalf("fed %+v", r.Counts)
		}
		h.Serve(web.Config{Services: []web.Service{yard{}}})
		near, far := h.Schools()
		at := append(near, far...)[0]
		h.Enter(h.Head(at), school.Head).Get("/yard/").Wants(http.StatusOK, "La cour")
		h.Enter(h.Teachers(at)[0], school.Teacher).Get("/yard/").Wants(http.StatusNotFound)
		house.Visitor{House: h}.Get("/yard/").Wants(http.StatusSeeOther)
	}, house.Schemas()...)
}
