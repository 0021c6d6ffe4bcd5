//go:build !race

package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preau/core/db/dbtest"
	"preau/core/i18n"
	"preau/core/web"
)

const root = ".."

// sources calls f for every file of the project with one of the endings.
func sources(t *testing.T, f func(path string, text string), endings ...string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); name != ".." && strings.HasPrefix(name, ".") || name == "preau-data" || name == "testdata" {
				return filepath.SkipDir
			}
			return nil
		}
		for _, ending := range endings {
			if strings.HasSuffix(path, ending) {
				text, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				f(path, string(text))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestEveryPackageSaysWhatItIs: a package comment, in doc.go once the package
// has more than one file.
func TestEveryPackageSaysWhatItIs(t *testing.T) {
	files := map[string][]string{}
	documented := map[string]bool{}
	sources(t, func(path, text string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		dir := filepath.Dir(path)
		files[dir] = append(files[dir], filepath.Base(path))
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if file.Doc != nil {
			documented[dir] = true
		}
	}, ".go")
	for dir := range files {
		if !documented[dir] {
			t.Errorf("%s has no package comment", dir)
		}
	}
}

// TestNothingIsDrawnInATransaction: what draws on paper takes what is gathered, not
// what gathers, so that a document is drawn once nobody waits for the writer
// ([preau/core/web.PDF]).
func TestNothingIsDrawnInATransaction(t *testing.T) {
	drawn := 0
	sources(t, func(path, text string) {
		if strings.HasSuffix(path, "_test.go") || !strings.Contains(text, `"preau/core/paper"`) {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			whole := text[f.Pos()-file.FileStart : f.End()-file.FileStart]
			if !strings.Contains(whole, "*paper.Document") && !strings.Contains(whole, "paper.New(") {
				continue
			}
			drawn++
			if strings.Contains(whole, "*web.Request") || strings.Contains(whole, "*db.Tx") || strings.Contains(whole, ".Tx") {
				t.Errorf("%s: %s draws with a transaction in its hands", path, f.Name.Name)
			}
		}
	}, ".go")
	if drawn == 0 {
		t.Error("nothing is drawn: this test looks in the wrong place")
	}
}

// concurrent is what a file does beside others: a goroutine, or what guards one from another.
// What is made once is not.
var concurrent = regexp.MustCompile(`(?m)^\s*go (func|[a-z]\w*[.(])|"golang\.org/x/sync|"sync/atomic"|\bsync\.(Mutex|RWMutex|WaitGroup|Map|Pool|Cond)\b`)

// TestRoomsDoNothingAtOnce: a room answers one request, and starts nothing beside it; what it
// shares with other requests is in the database, or is what a floor below keeps. So the race
// detector, which would treble the time of the tests of rooms, runs over the floors below
// and over app, which opens every room at once.
func TestRoomsDoNothingAtOnce(t *testing.T) {
	seen := 0
	sources(t, func(path, text string) {
		_, part := floorOf("preau/" + filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator))))
		if !isRoom(part) && part != "portal" || strings.HasSuffix(path, "_test.go") {
			return
		}
		seen++
		if found := concurrent.FindString(text); found != "" {
			t.Errorf("%s: %s: it belongs to a floor below, whose tests look for races", path, strings.TrimSpace(found))
		}
	}, ".go")
	if seen < 100 {
		t.Errorf("only %d files of rooms were read", seen)
	}
}

// TestNoVagueNames: a package is named for what it holds.
func TestNoVagueNames(t *testing.T) {
	sources(t, func(path, text string) {
		switch base := filepath.Base(filepath.Dir(path)); base {
		case "common", "util", "utils", "helper", "helpers", "misc", "shared", "base":
			t.Errorf("%s: %q says nothing", path, base)
		}
		if strings.Contains(text, "\nfunc "+"init()") {
			t.Errorf("%s registers something by being imported", path)
		}
	}, ".go")
}

// TestNothingInline: the content security policy forbids styles and scripts
// in pages, and pages that need them would silently lose them.
func TestNothingInline(t *testing.T) {
	inline := regexp.MustCompile(`(?i)\sstyle=|\son[a-z]+=["{]|<style|<script>|javascript:`)
	sources(t, func(path, text string) {
		if found := inline.FindString(text); found != "" {
			t.Errorf("%s has %q", path, found)
		}
	}, ".templ")
}

// TestGuillemetsHoldTheirWords: a line never breaks inside French quotation
// marks.
func TestGuillemetsHoldTheirWords(t *testing.T) {
	loose := regexp.MustCompile(`«[^\x{a0}\x{202f}]|[^\x{a0}\x{202f}]»`)
	words, err := i18n.Load(vocabularies()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range words.Keys() {
		if text := words.Say(i18n.French, key); loose.MatchString(text) {
			t.Errorf("%s: %s", key, text)
		}
	}
}

// TestEveryWordIsThere reads the keys in the source: each is in the
// catalogue, and each of the catalogue is used.
func TestEveryWordIsThere(t *testing.T) {
	words, err := i18n.Load(vocabularies()...)
	if err != nil {
		t.Fatal(err)
	}
	rooms := map[string]bool{}
	for _, key := range words.Keys() {
		room, _, _ := strings.Cut(key, ".")
		rooms[room] = true
	}
	literal := regexp.MustCompile(`"([a-z]+\.[a-z0-9][a-z0-9.-]*)"`)
	ending := regexp.MustCompile(`\+ ?"(-[a-z]+)"`) // key + "-text"
	comment := regexp.MustCompile(`(?m)^\s*//.*$`)
	used, prefixes, endings := map[string]bool{}, map[string]bool{}, map[string]bool{}
	services := house(t, dbtest.SQLite(t)).services
	for _, service := range services {
		prefixes[web.Counted(service.Card().Name)+"-"] = true
	}
	sources(t, func(path, text string) {
		if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
			return
		}
		text = comment.ReplaceAllString(text, "")
		for _, found := range ending.FindAllStringSubmatch(text, -1) {
			endings[found[1]] = true
		}
		for _, found := range literal.FindAllStringSubmatch(text, -1) {
			key := found[1]
			if strings.HasSuffix(key, ".") || strings.HasSuffix(key, "-") {
				prefixes[key] = true // completed by a code: "feed.trouble." + kind
				continue
			}
			used[key] = true
		}
		says(t, path, text, words)
	}, ".go", ".templ")
	begins := func(base string) bool {
		return slices.ContainsFunc(words.Keys(), func(key string) bool { return strings.HasPrefix(key, base+"-") })
	}
	other := notKeys(t)
	for key := range used {
		room, _, _ := strings.Cut(key, ".")
		if rooms[room] && !words.Has(key) && !begins(key) && !other[key] {
			t.Errorf("%s looks like a text, and is not in the catalogue", key)
		}
	}
	for _, key := range words.Keys() {
		key = strings.TrimSuffix(key, "-tu") // said to a child in its place
		known := used[key]
		for prefix := range prefixes {
			known = known || strings.HasPrefix(key, prefix)
		}
		for ending := range endings {
			base, ends := strings.CutSuffix(key, ending)
			known = known || ends && used[base]
		}
		if !known {
			t.Errorf("%s is said nowhere", key)
		}
	}
}

// notKeys are what looks like the key of a text and is the name of something else: rights,
// acts of the journal, jobs.
func notKeys(t *testing.T) map[string]bool {
	t.Helper()
	h := house(t, dbtest.SQLite(t))
	services := h.services
	table, err := matrix(services)
	if err != nil {
		t.Fatal(err)
	}
	other := map[string]bool{
		"photo.jpg":         true, // a file
		"reception.watched": true, // what reception remembers
	}
	for _, right := range table.Rights() {
		other[string(right)] = true
	}
	declared := regexp.MustCompile(`(?:audit\.Action|job\.Kind)\s*=\s*"([a-z.-]+)"|"([a-z]+\.[a-z-]+)":\s+h\.`)
	sources(t, func(_, text string) {
		for _, found := range declared.FindAllStringSubmatch(text, -1) {
			other[found[1]+found[2]] = true
		}
	}, ".go")
	return other
}

// says checks the keys given to the functions that say texts.
func says(t *testing.T, path, text string, words *i18n.Catalogue) {
	t.Helper()
	call := regexp.MustCompile(`(?:\.Say\((?:ctx, |lang, )?|\bsay\()"([a-z]+\.[a-z0-9.-]*[a-z0-9])"`)
	for _, found := range call.FindAllStringSubmatch(text, -1) {
		if !words.Has(found[1]) {
			t.Errorf("%s says %q, which is not in the catalogue", path, found[1])
		}
	}
}

// TestFrenchSpaces: no line of a page begins with a colon or a question mark. A
// no-break space stands before a colon and within guillemets, a narrow one
// before the other high marks.
func TestFrenchSpaces(t *testing.T) {
	wrong := regexp.MustCompile("[ \u202f][:»]|[ \u00a0][;!?]|«[ \u202f]")
	seen := 0
	sources(t, func(path, text string) {
		if !strings.HasSuffix(path, "/words/fr.json") {
			return
		}
		seen++
		for n, line := range strings.Split(text, "\n") {
			if _, said, ok := strings.Cut(line, `": "`); ok && wrong.MatchString(said) {
				t.Errorf("%s:%d: a line may break before a mark: %s", path, n+1, said)
			}
		}
	}, ".json")
	if seen == 0 {
		t.Error("no words were read")
	}
}
