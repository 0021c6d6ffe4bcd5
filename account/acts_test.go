package account

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"slices"
	"strconv"
	"testing"

	"preau/core/audit"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/directory"
	"preau/directory/feed"
)

// Every act that is declared here, or below, is of one kind, read in the journals of accounts,
// and has its words.
func TestEveryActIsRead(t *testing.T) {
	file, err := parser.ParseFile(gotoken.NewFileSet(), "acts.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	declared := []audit.Action{feed.ActInterimOver} // of a package below
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Type == nil {
			return true
		}
		if of, ok := spec.Type.(*ast.SelectorExpr); ok && of.Sel.Name == "Action" {
			says, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			declared = append(declared, audit.Action(says))
		}
		return false
	})
	read := slices.Sorted(slices.Values(Acts("")))
	if slices.Sort(declared); !slices.Equal(declared, read) {
		t.Errorf("declared are %v, of a kind %v", declared, read)
	}
	words, err := i18n.Load(Words) // which refuses a key without its French or its English
	if err != nil {
		t.Fatal(err)
	}
	acts := []audit.Act{
		{Action: actSignIn, Detail: audit.Detail{"device": "new"}}, {Action: actFederated, Detail: audit.Detail{"device": "new"}},
		{Action: actClassIn, Detail: audit.Detail{"kind": "badge"}}, {Action: actClassIn, Detail: audit.Detail{"kind": "home"}},
		{Action: actLook, Detail: audit.Detail{"whom": wholeClass}}, {Action: actLook, Detail: audit.Detail{"whom": string(Pupils)}},
		{Action: actLook, Detail: audit.Detail{"whom": string(Families)}}, {Action: actLook, Detail: audit.Detail{"whom": string(Staff)}},
		{Action: ActAppoint, Detail: audit.Detail{"post": "replacement"}}, {Action: ActDismiss, Detail: audit.Detail{"post": "replacement"}},
	}
	for _, f := range []rights.Function{directory.LentAccounts, directory.LentFeeds, directory.LentServices, directory.LentAlerts, directory.LentTeamCodes, directory.LentCareLists} {
		detail := audit.Detail{"function": string(f)}
		acts = append(acts, audit.Act{Action: ActLend, Detail: detail}, audit.Act{Action: ActRecall, Detail: detail})
	}
	for _, action := range OwnActs() {
		acts = append(acts, audit.Act{Action: action})
	}
	for _, act := range acts {
		if key := ActKey(act); !words.Has(key) {
			t.Errorf("%s has no words", key)
		}
	}
}
