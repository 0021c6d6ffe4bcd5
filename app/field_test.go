//go:build !race

package app

import (
	"net/http"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/rights"
	"preau/core/school"
)

// A page has one field at most where one looks for something: that of the header,
// or its own.
func TestOneFieldAPage(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	var desk school.ID
	err := s.h.DB.Read(t.Context(), func(tx *db.Tx) error {
		session, err := s.h.Accounts.Resolve(tx, s.people[school.Head])
		if err != nil {
			return err
		}
		desk, err = db.One(tx, db.Column[school.ID], `SELECT min(structure_id) FROM directory_function WHERE person_id = $1 AND profile = $2`, session.Person, school.Head)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	at := strings.NewReplacer("{$}", "", "{school}", desk.String())
	fields, own := 0, 0
	for _, route := range s.site.Routes() {
		path := at.Replace(route.Pattern)
		if route.Right == "" || route.Method != http.MethodGet || strings.Contains(path, "{") {
			continue
		}
		for profile, token := range s.people {
			if s.site.Rights.Reach(profile, route.Right) == rights.Nowhere {
				continue
			}
			body := s.ask(http.MethodGet, path, token).Body.String()
			n := strings.Count(body, `role="search"`)
			if n > 1 {
				t.Errorf("%s has %d fields for %s", path, n, profile)
			}
			if fields += n; strings.Contains(body, `class="search"`) {
				own++
			}
		}
	}
	if fields < 50 || own < 10 {
		t.Errorf("%d fields, %d of them a page's own: this test reads the wrong pages", fields, own)
	}
}
