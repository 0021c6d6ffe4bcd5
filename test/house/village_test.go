package house_test

import (
	"net/http"
	"testing"

	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/core/web"
	"preau/directory/feed"
	"preau/test/house"
	"preau/test/village"
)

// Each copy of a village is a house of its own, where those who were delivered
// come in by what was made under its key, and which another delivery changes.
func TestCopiesOfAVillage(t *testing.T) {
	first := village.Options{Schools: 2, Seed: 1, Date: dbtest.Noon.AddDate(0, 0, -1)}
	next := first
	next.Day, next.Date = 1, dbtest.Noon
	fed := house.NewVillage(first, feed.DefaultCaps, house.Schemas())
	for range 2 {
		fed.Each(t, func(t *testing.T, h *house.House) {
			if n := len(h.Some(`SELECT id FROM feed_delivery`)); n != 1 || h.Fed.Schools.Added != 2 || h.Fed.Pupils.Added == 0 {
				t.Fatalf("%d deliveries, fed %+v", n, h.Fed.Counts)
			}
			h.Serve(web.Config{Services: []web.Service{yard{}}})
			near, far := h.Schools()
			at := append(near, far...)[0]
			h.Enter(h.Head(at), school.Head).Get("/yard/").Wants(http.StatusOK, "La cour")
			if r := h.Feed(h.Deliver(next)); r.Schools.Added != 0 || r.ID == h.Fed.ID {
				t.Errorf("then fed %+v", r)
			}
		})
	}
}
