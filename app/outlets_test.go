package app

import (
	"html"
	"net/http"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/rights"
	"preau/core/school"
	"preau/directory"
)

// outlets are all that leaves the portal for a guardian, and may tell of a
// child: what is added to a room is added here, with the address to ask for.
var outlets = map[string]string{
	"GET /{$}":  "/",
	"GET /me":   "/me",
	"GET /help": "/help",
}

// TestEveryOutletObeysTheJudge records a restriction on the bond of a guardian
// with one of their children, and asks every outlet again: it holds at the
// next request.
func TestEveryOutletObeysTheJudge(t *testing.T) {
	for name, c := range map[string]struct {
		restriction  directory.Restriction
		child, place bool // told after it
	}{
		"no access":     {directory.Restriction{NoAccess: true}, false, false},
		"hidden place":  {directory.Restriction{HidePlace: true}, true, false},
		"informed only": {directory.Restriction{InformedOnly: true}, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := sweep(t, dbtest.SQLite(t))
			token := s.people[school.Guardian]
			var guardian school.ID
			var child directory.Child
			err := s.h.DB.Read(t.Context(), func(tx *db.Tx) error {
				session, err := s.h.Accounts.Resolve(tx, token)
				if err != nil {
					return err
				}
				guardian = session.Person
				children, err := directory.ChildrenOf(tx, guardian)
				if err == nil {
					child = children[len(children)-1]
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			told := func(child directory.Child) (name, place bool) {
				for _, outlet := range s.outlets(t) {
					w := s.ask(http.MethodGet, outlet, token)
					if w.Code != http.StatusOK {
						t.Fatalf("%s answers %d", outlet, w.Code)
					}
					body := html.UnescapeString(w.Body.String())
					name = name || strings.Contains(body, child.First)
					place = place || strings.Contains(body, child.ClassLabel)
				}
				return name, place
			}
			if name, place := told(child); !name || !place {
				t.Fatalf("nothing tells of the child (%v) or of the class (%v) before", name, place)
			}
			err = s.h.DB.Write(t.Context(), func(tx *db.Tx) error {
				r := c.restriction
				r.Pupil, r.Guardian, r.Reference, r.From = child.ID, guardian, "JAF 12", db.At(tx.Now)
				return directory.Restrict(tx, r)
			})
			if err != nil {
				t.Fatal(err)
			}
			if name, place := told(child); name != c.child || place != c.place {
				t.Errorf("the child is told: %v, want %v; the class: %v, want %v", name, c.child, place, c.place)
			}
		})
	}
}

// outlets gives the addresses of the outlets, and fails on one that is not
// listed.
func (s stage) outlets(t *testing.T) (addresses []string) {
	t.Helper()
	for _, route := range s.site.Routes() {
		if route.Right == "" || route.Method != http.MethodGet || s.site.Rights.Reach(school.Guardian, route.Right) == rights.Nowhere {
			continue
		}
		address, listed := outlets[route.Method+" "+route.Pattern]
		if !listed {
			t.Fatalf("%s %s is an outlet for guardians: list it, with the address to ask for", route.Method, route.Pattern)
		}
		addresses = append(addresses, address)
	}
	if len(addresses) != len(outlets) {
		t.Fatalf("%d outlets of the %d listed", len(addresses), len(outlets))
	}
	return addresses
}
