package app

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"preau/core/db/dbtest"
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
	for profile, token := range s.people {
		kinds := map[string]int{}
		type step struct{ from, to string }
		ways, seen := []step{{"", "/"}}, map[string]bool{"/": true}
		for len(ways) > 0 {
			way := ways[0]
			ways = ways[1:]
			kind := numbers.ReplaceAllString(way.to, "#")
			if kinds[kind]++; kinds[kind] > 4 || strings.HasPrefix(way.to, "/_/") {
				continue
			}
			w := s.ask(http.MethodGet, way.to, token)
			if w.Code != http.StatusOK && w.Code != http.StatusSeeOther {
				t.Errorf("%s: %s leads to %s, which answers %d", profile, way.from, way.to, w.Code)
			}
			for _, found := range hrefs.FindAllStringSubmatch(w.Body.String(), -1) {
				if to := html.UnescapeString(found[1]); !seen[to] {
					seen[to] = true
					ways = append(ways, step{way.to, to})
				}
			}
		}
		if len(kinds) < 5 {
			t.Errorf("%s was led to %d kinds of pages only", profile, len(kinds))
		}
	}
}
