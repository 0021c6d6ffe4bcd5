package accounts_test

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/test/house"
)

const shout rights.Right = "square.shout"

// square is where somebody acts on as many people as they say.
type square struct{}

func (square) Card() web.Card {
	return web.Card{Name: "square", Title: "web.home", Icon: ui.IconHome, For: []school.Profile{school.Head, school.Municipal}}
}

func (square) Rights() rights.Table {
	return rights.Table{shout: {school.Head: rights.Schools, school.Municipal: rights.Area}}
}

func (square) Mount(m *web.Mux) {
	m.Post("/{number}", shout, func(r *web.Request) (web.Answer, error) {
		n, err := strconv.Atoi(r.PathValue("number"))
		if err != nil {
			return nil, err
		}
		return web.Redirect{To: "/"}, r.ActsOn(n)
	})
}

// Whoever speaks for a school, or for those of a commune, acts ten times an hour on everybody there,
// however many these are, beyond what anybody like them does; more, and it is somebody else who has the
// account.
func TestWhoSpeaksForManyReachesThem(t *testing.T) {
	onBoth(t, func(h *office) {
		h.Serve(web.Config{Services: []web.Service{square{}}})
		commune := h.Above(h.near[0], directory.Commune)
		everybody := func(place audience.Place, of school.ID) (n int) {
			h.Read(func(tx *db.Tx) error {
				var to []audience.Audience
				for _, side := range []audience.Side{audience.Pupils, audience.Families, audience.Teaching, audience.SchoolStaff} {
					to = append(to, audience.Audience{Place: place, Of: of, Side: side})
				}
				number, err := directory.Audiences{}.Count(tx, to...)
				n = number.People
				return err
			})
			return n
		}
		act := func(v house.Visitor, n int) int { return v.Post(fmt.Sprintf("/square/%d", n), nil).StatusCode }

		large := h.near[0]
		for _, at := range h.near {
			if everybody(audience.School, at) > everybody(audience.School, large) {
				large = at
			}
		}
		head, n := h.Enter(h.Head(large), school.Head), everybody(audience.School, large)
		if n <= 600 {
			h.T.Fatalf("the largest school has %d people: this test would prove nothing", n)
		}
		most := 6000/n + 10 // what every head may, and ten times everybody
		for i := range most {
			if got := act(head, n); got != http.StatusSeeOther {
				h.T.Fatalf("the head of %d people does not act on all of them for the %dth time: %d", n, i+1, got)
			}
		}
		if got := act(head, n); got != http.StatusForbidden {
			h.T.Errorf("a %dth time: %d", most+1, got)
		}
		if h.One(`SELECT count(*) FROM account_account WHERE person_id = $1 AND frozen_at IS NOT NULL`, h.Head(large)) != 1 {
			h.T.Error("the account is not frozen")
		}
		agent := h.Enter(h.Appoint("Mairie", school.Municipal, commune), school.Municipal)
		all := everybody(audience.Commune, commune)
		if got := act(agent, 30000); got != http.StatusSeeOther {
			h.T.Errorf("thirty thousand: %d", got)
		}
		if got := act(agent, 10*all); got != http.StatusSeeOther {
			h.T.Errorf("ten times the %d people of the commune: %d", all, got)
		}
		if got := act(agent, all); got != http.StatusForbidden {
			h.T.Errorf("an eleventh time: %d", got)
		}
	})
}
