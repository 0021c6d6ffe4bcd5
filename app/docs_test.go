//go:build !race

package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Every decision is in the index of the architecture, under its own title.
func TestEveryDecisionIsListed(t *testing.T) {
	index, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	records, err := filepath.Glob("../docs/adr/*.md")
	if err != nil || len(records) == 0 {
		t.Fatal("no decision is found:", err)
	}
	for _, path := range records {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		heading, _, _ := strings.Cut(string(text), "\n")
		number, title, titled := strings.Cut(strings.TrimPrefix(heading, "# "), ". ")
		if line := "| [" + number + "](adr/" + filepath.Base(path) + ") | " + title + " |"; !titled || !strings.Contains(string(index), line+"\n") {
			t.Errorf("docs/architecture.md has no line %s", line)
		}
	}
}

var (
	fenced = regexp.MustCompile("(?ms)^```.*?^```")
	quoted = regexp.MustCompile("`[^`]+`")
	named  = regexp.MustCompile(`^(?:([a-z]\w*)\.)?([A-Z]\w*(?:\.[A-Z]\w*)*)(\(?)`) // web.Mux.Get(, Visitor.Awaited, r.Can(
	humped = regexp.MustCompile(`^[A-Za-z]+[a-z][A-Z]\w*$`)                         // OrdinaryClass, feedMemory
	word   = regexp.MustCompile(`\w+`)
)

// What a document names in the code is there: names of Go between backticks, where
// they have a dot, a parenthesis or a capital within. Those of a package are declared
// in it, those of a value are a field or a method, the others are declared anywhere;
// one that is alone may be a word that the code writes or reads, such as an attribute
// of the AAF. What packages of others declare is theirs.
func TestDocsNameWhatExists(t *testing.T) {
	code := readNames(t)
	err := filepath.WalkDir("../docs", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".md" {
			return err
		}
		text, err := os.ReadFile(file)
		for _, span := range quoted.FindAllString(fenced.ReplaceAllString(string(text), ""), -1) {
			if name := strings.Trim(span, "`"); !code.has(name) {
				t.Errorf("%s names `%s`, which the code does not", file, name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"web.Gone", "web.Mux.Gone", "r.Reaches(n)", "r.Gone2(n)", "Gone2(n)", "Accounts.Gone2", "GoneToo"} {
		if code.has(gone) {
			t.Errorf("`%s` would pass", gone)
		}
	}
}

// names is what the module declares, by package and, under "", in all; its fields and
// methods; the words of its strings; and the packages of others that it imports.
type names struct {
	declared                  map[string]map[string]bool
	members, written, foreign map[string]bool
}

func readNames(t *testing.T) names {
	t.Helper()
	n := names{map[string]map[string]bool{"": {}}, map[string]bool{}, map[string]bool{},
		map[string]bool{"menu": true}} // the service that docs/add-a-service.md makes
	err := filepath.WalkDir("..", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".go" || file == "../app/docs_test.go" {
			return err
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		n.add(tree)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (n names) add(file *ast.File) {
	within := n.declared[file.Name.Name]
	if within == nil {
		within = map[string]bool{}
		n.declared[file.Name.Name] = within
	}
	ast.Inspect(file, func(node ast.Node) bool {
		var declared []*ast.Ident
		member := false
		switch node := node.(type) {
		case *ast.ImportSpec:
			if from, _ := strconv.Unquote(node.Path.Value); !strings.HasPrefix(from, "preau/") {
				n.foreign[path.Base(from)] = true
			}
			return false
		case *ast.BasicLit:
			for _, w := range word.FindAllString(node.Value, -1) {
				n.written[w] = true
			}
		case *ast.FuncDecl:
			declared, member = []*ast.Ident{node.Name}, node.Recv != nil
		case *ast.TypeSpec:
			declared = []*ast.Ident{node.Name}
		case *ast.ValueSpec:
			declared = node.Names
		case *ast.Field:
			declared, member = node.Names, true
		}
		for _, ident := range declared {
			within[ident.Name], n.declared[""][ident.Name] = true, true
			if member {
				n.members[ident.Name] = true
			}
		}
		return true
	})
}

// has tells whether what stands between backticks names nothing of the code, or
// something that it has.
func (n names) has(span string) bool {
	if humped.MatchString(span) {
		return n.declared[""][span] || n.written[span]
	}
	found := named.FindStringSubmatch(span)
	if found == nil || found[1] == "" && found[3] == "" && !strings.Contains(found[2], ".") {
		return true
	}
	within := n.declared[found[1]]
	switch {
	case within == nil && n.foreign[found[1]]:
		return true
	case within == nil:
		within = n.members
	}
	for name := range strings.SplitSeq(found[2], ".") {
		if !within[name] {
			return false
		}
	}
	return true
}
