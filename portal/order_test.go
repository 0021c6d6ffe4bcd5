package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/portal"
	"preau/service/people"
)

// Somebody's tiles are in the order that they chose, with the hat with which they did.
func TestAnOrderOfOnesOwn(t *testing.T) {
	h := open(t)
	matrix, err := rights.New(portal.Rights)
	if err != nil {
		t.Fatal(err)
	}
	card := new(people.Service).Card()
	second := card
	second.Name = "second"
	hall := &portal.Portal{Accounts: h.Accounts, Cards: []web.Card{card, second}}
	h.Serve(web.Config{Rights: matrix, Hall: []web.Room{hall}, Frame: hall.Frame})
	parent := h.Enter(h.guardian(), school.Guardian)
	order := func() (first string) {
		page := parent.Get("/").Text()
		if strings.Index(page, `class="tile" href="/people/"`) < strings.Index(page, `class="tile" href="/second/"`) {
			return "people"
		}
		return "second"
	}
	move := func(service, to string, want int) {
		parent.Post("/me/tiles", url.Values{"service": {service}, "to": {to}}).Wants(want)
	}
	move("people", "before", http.StatusNotFound)
	move("nothing", "after", http.StatusNotFound)
	if order() != "people" {
		t.Error("the portal's order is another")
	}
	move("second", "before", http.StatusSeeOther)
	if order() != "second" {
		t.Error("what was put first is not")
	}
	move("", "", http.StatusSeeOther)
	if order() != "people" {
		t.Error("the portal's order does not come back")
	}
}
