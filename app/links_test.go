//go:build !race

package app

import (
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/rights"
	"preau/core/school"
	"preau/directory"
)

var (
	hrefs   = regexp.MustCompile(`href="(/[^"#]*)`)
	numbers = regexp.MustCompile(`[0-9]{6,}`)
)

// TestEveryLinkLeadsSomewhere walks the portal as each of the cast, from the
// home page: whatever a page links to, the same person may open. A few pages
// of each kind are enough.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	s.lendAll(t)
	for profile, token := range s.people {
		kinds := s.crawl(token, func(from, to string, w *httptest.ResponseRecorder) {
			if w.Code != http.StatusOK && w.Code != http.StatusSeeOther {
				t.Errorf("%s: %s leads to %s, which answers %d", profile, from, to, w.Code)
			}
		})
		if kinds < 5 {
			t.Errorf("%s was led to %d kinds of pages only", profile, kinds)
		}
	}
}

// crawl opens, as somebody, what the home page leads to, and what that leads to: a few pages of
// each kind. It gives each answer to a function, with the page that led there, and counts the kinds.
func (s stage) crawl(token string, opened func(from, to string, w *httptest.ResponseRecorder)) int {
	type step struct{ from, to string }
	kinds, ways, seen := map[string]int{}, []step{{"", "/"}}, map[string]bool{"/": true}
	for len(ways) > 0 {
		way := ways[0]
		ways = ways[1:]
		kind := numbers.ReplaceAllString(way.to, "#")
		if kinds[kind]++; kinds[kind] > 4 || strings.HasPrefix(way.to, "/_/") {
			continue
		}
		w := s.ask(http.MethodGet, way.to, token)
		opened(way.from, way.to, w)
		if to := w.Header().Get("Location"); strings.HasPrefix(to, "/") && !seen[to] {
			seen[to] = true
			ways = append(ways, step{way.to, to})
		}
		for _, found := range hrefs.FindAllStringSubmatch(w.Body.String(), -1) {
			if to := html.UnescapeString(found[1]); !seen[to] {
				seen[to] = true
				ways = append(ways, step{way.to, to})
			}
		}
	}
	return len(kinds)
}

// lendAll lends all that may be lent: to the secretary of a school, and to an
// agent of a commune.
func (s stage) lendAll(t *testing.T) {
	t.Helper()
	err := s.h.DB.Write(t.Context(), func(tx *db.Tx) error {
		for profile, functions := range map[school.Profile][]rights.Function{
			school.Admin:     {directory.LentAccounts, directory.LentFeeds, directory.LentServices, directory.LentAlerts},
			school.CareAgent: {directory.LentTeamCodes, directory.LentCareLists},
		} {
			session, err := s.h.Accounts.Resolve(tx, s.people[profile])
			if err != nil {
				return err
			}
			g := directory.Grant{Person: session.Person, GrantedBy: session.Person, Reason: "test"}
			posts, err := directory.PostsOf(tx, session.Person)
			if err != nil {
				return err
			}
			g.School = posts[session.Person][0].Structure
			if profile == school.CareAgent {
				above, err := directory.Above(tx, g.School)
				if err != nil {
					return err
				}
				i := slices.IndexFunc(above, func(a directory.Structure) bool { return a.Kind == directory.Commune })
				g.School = above[i].ID
			}
			for _, g.Function = range functions {
				if err := directory.Give(tx, g, time.Time{}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
