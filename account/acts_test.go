package account

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preau/core/audit"
	"preau/core/i18n"
)

// ofNobody are the actions that are about no account.
var ofNobody = []audit.Action{
	"account.class-closed", "account.wrong-poster",
}

// Every action that is written here about somebody is read in their journal, and has
// its words.
func TestEveryActIsRead(t *testing.T) {
	words, err := i18n.Load(Words)
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range Acts("") {
		if key := ActKey(audit.Act{Action: action}); !words.Has(key) {
			t.Errorf("%s has no words", key)
		}
	}
	written := regexp.MustCompile(`(?:Action: +|audit\.Action\(|action = |action, \w+, \w+ := audit\.Action\()"(account\.[a-z-]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range written.FindAllSubmatch(text, -1) {
			action := audit.Action(match[1])
			if found++; !slices.Contains(Acts(""), action) && !slices.Contains(ofNobody, action) {
				t.Errorf("%s writes %s, which nobody reads", file, action)
			}
		}
	}
	if found < 15 {
		t.Errorf("%d actions are written", found)
	}
}
