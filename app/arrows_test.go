package app

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
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

// TestArrows reads every import of the house. Tests may reach further: they
// need databases, browsers and villages, and whoever tests a room may look at
// the rooms below app; only app's own tests see everything.
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
			case p.ImportPath == "preau/app" && strings.HasPrefix(imported, "preau/test/village"):
				// the demo and the village command write deliveries
			case to < from:
				t.Errorf("%s imports %s, which stands above it", p.ImportPath, imported)
			case to == from && (at != part || isRoom(part)) && room(p.ImportPath) != room(imported):
				t.Errorf("%s imports %s: rooms do not know each other", p.ImportPath, imported)
			case part == "core" && at != "core":
				t.Errorf("%s imports %s: core knows only core", p.ImportPath, imported)
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

// TestTheDataLayerKeepsItsDrivers: only core/db and its tests know which
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
