//go:build !race

package app

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// floors are the storeys of the house, the highest first. A package imports
// packages of lower floors only, and of its own floor only as inside says.
var floors = [][]string{
	{"preau"},
	{"app"},
	{"bench", "test"},
	{"portal", "service", "office", "sso", "exchange"},
	{"account"},
	{"directory/feed"},
	{"directory"},
	{"directory/aaf", "directory/onde"},
	{"core"},
}

// floorOf gives the storey of a package, and which of its storey's parts it
// is in.
func floorOf(path string) (floor int, part string) {
	path = strings.TrimPrefix(path, "preau/")
	best := -1
	for i, parts := range floors {
		for _, p := range parts {
			if (path == p || strings.HasPrefix(path, p+"/")) && len(p) > len(part) {
				best, part = i, p
			}
		}
	}
	return best, part
}

type pkg struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func packages(t *testing.T) (list []pkg) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "preau/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

// together says which rooms the tests of a room open beside it, for what they do
// together: a code that the register refuses, a link of the hall into the directory.
// test/house opens what every test needs, and is no room.
var together = map[string][]string{
	"preau/office/accounts": {"preau/office/register"},
	"preau/office/removal":  {"preau/service/alert", "preau/service/liaison", "preau/service/message", "preau/service/news"},
	"preau/portal":          {"preau/office/register", "preau/service/people"},
}

// TestArrows reads every import of the house. Tests may reach further: they
// need databases, browsers and villages, and the hall above them. Those of a room
// know no other room, but as together says; only app's own, and the benchmarks, see
// everything.
func TestArrows(t *testing.T) {
	all := packages(t)
	if len(all) < 15 {
		t.Fatalf("only %d packages: this test reads the wrong place", len(all))
	}
	for _, p := range all {
		from, part := floorOf(p.ImportPath)
		if from < 0 {
			t.Errorf("%s is on no floor: say where it stands", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			if !strings.HasPrefix(imported, "preau/") {
				continue
			}
			to, at := floorOf(imported)
			switch {
			case to < from:
				t.Errorf("%s imports %s, which stands above it", p.ImportPath, imported)
			case to == from && (at != part || isRoom(part)) && room(p.ImportPath) != room(imported):
				t.Errorf("%s imports %s: rooms do not know each other", p.ImportPath, imported)
			}
		}
		opened := map[string]bool{}
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			_, at := floorOf(imported)
			switch {
			case part == "app" || part == "bench":
			case strings.HasPrefix(imported, "preau/app") || strings.HasPrefix(imported, "preau/bench"):
				t.Errorf("the tests of %s import %s", p.ImportPath, imported)
			case isRoom(at) && room(p.ImportPath) != room(imported):
				if opened[imported] = true; !slices.Contains(together[p.ImportPath], imported) {
					t.Errorf("the tests of %s import %s: rooms do not know each other, nor do their tests", p.ImportPath, imported)
				}
			}
		}
		for _, other := range together[p.ImportPath] {
			if !opened[other] {
				t.Errorf("the tests of %s do not open %s any more", p.ImportPath, other)
			}
		}
	}
}

// isRoom tells the storeys whose folders are rooms, each closed to the others.
func isRoom(part string) bool {
	switch part {
	case "service", "office", "sso", "exchange":
		return true
	}
	return false
}

// room is the folder of a room: "service/liaison".
func room(path string) string {
	path = strings.TrimPrefix(path, "preau/")
	first, rest, _ := strings.Cut(path, "/")
	if !isRoom(first) {
		return first
	}
	second, _, _ := strings.Cut(rest, "/")
	return first + "/" + second
}

// TestOnlyTheDatabaseKnowsItsDrivers: only core/db and its tests know which
// databases there are.
func TestOnlyTheDatabaseKnowsItsDrivers(t *testing.T) {
	for _, p := range packages(t) {
		if strings.HasPrefix(p.ImportPath, "preau/core/db") || strings.HasPrefix(p.ImportPath, "preau/bench") {
			continue
		}
		for _, imported := range p.Imports {
			if imported == "database/sql" || strings.HasPrefix(imported, "github.com/jackc/") || strings.HasPrefix(imported, "modernc.org/sqlite") {
				t.Errorf("%s imports %s: it asks core/db", p.ImportPath, imported)
			}
		}
	}
}
