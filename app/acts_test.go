//go:build !race

package app

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestActsAreDeclared: what the journal says of an act is one of the constants
// act… that packages declare, each once; nowhere is it a text of its own.
func TestActsAreDeclared(t *testing.T) {
	const action = "preau/core/audit.Action"
	declared := map[string]string{} // by what the journal says
	checked(t, func(files *token.FileSet, file *ast.File, info *types.Info) {
		isAction := func(e ast.Expr) bool { return info.TypeOf(e) != nil && info.TypeOf(e).String() == action }
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for _, name := range n.Names {
					c, ok := info.Defs[name].(*types.Const)
					if !ok || c.Type().String() != action {
						continue
					}
					at, says := files.Position(name.Pos()).String(), constant.StringVal(c.Val())
					if !strings.HasPrefix(strings.ToLower(name.Name), "act") {
						t.Errorf("%s: %s is an act, and is not called one", at, name.Name)
					}
					if before := declared[says]; before != "" {
						t.Errorf("%s: %s is declared at %s", at, says, before)
					}
					declared[says] = at
					return false
				}
			case *ast.BasicLit:
				if isAction(n) && n.Value != `""` {
					t.Errorf("%s: %s is no act that is declared", files.Position(n.Pos()), n.Value)
				}
			case *ast.CallExpr: // audit.Action("…")
				if value := info.Types[n]; isAction(n) && value.Value != nil {
					t.Errorf("%s: %s is no act that is declared", files.Position(n.Pos()), value.Value)
					return false
				}
			}
			return true
		})
	})
	if len(declared) < 80 {
		t.Errorf("%d acts are declared", len(declared))
	}
}

// checked calls f for every file of the project, tests apart, with the types of
// what is in it.
func checked(t *testing.T, f func(*token.FileSet, *ast.File, *types.Info)) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-export", "-deps", "-json=ImportPath,Export,Dir,GoFiles", "preau/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	type compiled struct {
		ImportPath, Export, Dir string
		GoFiles                 []string
	}
	var ours []compiled
	exports := map[string]string{}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p compiled
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if exports[p.ImportPath] = p.Export; strings.HasPrefix(p.ImportPath+"/", "preau/") {
			ours = append(ours, p)
		}
	}
	files := token.NewFileSet()
	config := types.Config{Importer: importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })}
	for _, p := range ours {
		var parsed []*ast.File
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			parsed = append(parsed, file)
		}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}}
		if _, err := config.Check(p.ImportPath, files, parsed, info); err != nil {
			t.Fatal(err)
		}
		for _, file := range parsed {
			f(files, file, info)
		}
	}
}
