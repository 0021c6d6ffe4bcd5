//go:build !race

package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/core/db/dbtest"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// TestRights keeps docs/rights.md as the code grants: every change of a right
// or of a route is a change of this document, and is reviewed.
func TestRights(t *testing.T) {
	h := house(t, dbtest.SQLite(t))
	site, err := h.site("https://preau.test")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "../docs/rights.md", matrixDocument(site.Rights)+routesDocument(site.Routes()))
}

// What is lent without a word for it, or without a page to lead to, opens no
// portal.
func TestWhatIsLentIsReached(t *testing.T) {
	h := house(t, dbtest.SQLite(t))
	for _, function := range []rights.Function{directory.LentFeeds, "feed"} { // a slip of the pen
		m, err := rights.New(rights.Table{"room.open": {school.Head: rights.Schools}})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Lend(function, "room.open"); err != nil {
			t.Fatal(err)
		}
		known := function == directory.LentFeeds
		if err := h.canLend(m); (err == nil) != known {
			t.Errorf("%s is lent: %v", function, err)
		}
	}
}

func matrixDocument(m *rights.Matrix) string {
	var b strings.Builder
	b.WriteString("# Rights\n\nGenerated from the code. For each right and profile, how far it goes from the person: " +
		"self, their children, the pupils they follow, their classes, their schools, their area (commune, circonscription, département, académie), the project.\n\n| right |")
	for _, profile := range school.Profiles {
		fmt.Fprintf(&b, " %s |", strings.TrimPrefix(string(profile), "National_"))
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(school.Profiles)) + "\n")
	for _, right := range m.Rights() {
		fmt.Fprintf(&b, "| `%s` |", right)
		for _, profile := range school.Profiles {
			reach := ""
			if r := m.Reach(profile, right); r != rights.Nowhere {
				reach = r.String()
			}
			fmt.Fprintf(&b, " %s |", reach)
		}
		b.WriteByte('\n')
	}
	b.WriteString("\n# What is lent\n\nWhoever holds all the rights of a function may lend it, where their office lends it: a head over the school or a class, " +
		"an agent of a commune over one of its schools or all of them.\n\n| function | rights |\n|---|---|\n")
	lent := map[rights.Function][]string{}
	for _, right := range m.Rights() {
		if function := m.LentAs(right); function != "" {
			lent[function] = append(lent[function], "`"+string(right)+"`")
		}
	}
	for _, function := range m.Functions() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", function, strings.Join(lent[function], ", "))
	}
	return b.String()
}

func routesDocument(routes []web.Route) string {
	var b strings.Builder
	b.WriteString("\n# Routes\n\nA protected route names its right; *proved lately*: who has a second factor gave it within ten minutes. A public or a foreign one says why it needs none; a foreign one may be posted to by other sites, trusts no cookie and checks a proof of its own.\n\n| route | kind | right, or why there is none |\n|---|---|---|\n")
	lines := make([]string, len(routes))
	for i, r := range routes {
		why := r.Why
		if r.Right != "" {
			why = "`" + string(r.Right) + "`"
		}
		if r.StepUp {
			why += ", proved lately"
		}
		lines[i] = fmt.Sprintf("| `%s %s` | %s | %s |\n", cmp.Or(r.Method, "ANY"), r.Pattern, r.Kind, why)
	}
	slices.Sort(lines)
	b.WriteString(strings.Join(lines, ""))
	return b.String()
}
