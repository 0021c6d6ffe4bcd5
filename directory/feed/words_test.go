package feed_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"preau/core/i18n"
	"preau/directory/aaf"
	"preau/directory/feed"
	"preau/directory/onde"
)

// Every kind of trouble and of refusal, every state, action, mode and
// category has its words: a kind that is added without them fails here.
func TestNoWordIsMissing(t *testing.T) {
	words, err := i18n.Load(feed.Words)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, kinds := range [][]aaf.Kind{aaf.Kinds, feed.Kinds} {
		for _, kind := range kinds {
			keys = append(keys, "trouble."+string(kind), "remedy."+string(kind))
		}
	}
	for _, kind := range onde.Kinds {
		keys = append(keys, "trouble."+string(kind), "remedy."+string(kind))
	}
	refusals := constants(t, "refusal.go")
	for _, kind := range onde.RefusalKinds {
		refusals = append(refusals, string(kind))
	}
	for _, kind := range aaf.RefusalKinds {
		refusals = append(refusals, string(kind))
	}
	if len(refusals) < len(aaf.RefusalKinds)+8 {
		t.Fatalf("only %d refusals", len(refusals))
	}
	for _, kind := range refusals {
		keys = append(keys, "refusal."+kind, "refusal-remedy."+kind)
	}
	for _, state := range []feed.State{feed.Applied, feed.Previewed, feed.Refused, feed.Undone} {
		keys = append(keys, "state."+string(state))
	}
	for _, action := range []aaf.Action{aaf.Rejected, aaf.Ignored, aaf.Kept, feed.Refusing} {
		keys = append(keys, "action."+string(action))
	}
	for _, category := range []aaf.Category{aaf.Structures, aaf.Staffs, aaf.Pupils, aaf.Guardians} {
		keys = append(keys, "category."+string(category))
	}
	for _, mode := range []aaf.Mode{aaf.Complete, aaf.Delta} {
		keys = append(keys, "mode."+string(mode))
	}
	for _, attribute := range []string{
		"ENTEleveAutoriteParentale", "ENTElevePersRelEleve", "ENTEleveNiveau", "ENTEleveTypeClasse", "ENTPersonClasses",
		"ENTPersonGroupes", "ENTEleveDateEntreeClasses", "ENTEleveDateSortieClasses", "ENTPersonFonctions",
	} {
		keys = append(keys, "composite."+attribute)
	}
	for _, key := range keys {
		if !words.Has("feed." + key) {
			t.Errorf("no words for feed.%s", key)
		}
	}
}

// constants lists the values of the constants of type aaf.RefusalKind of a
// file.
func constants(t *testing.T, path string) (values []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		kind, ok := spec.Type.(*ast.SelectorExpr)
		if !ok || kind.Sel.Name != "RefusalKind" {
			return true
		}
		for _, value := range spec.Values {
			text, err := strconv.Unquote(value.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, text)
		}
		return true
	})
	return values
}
