package app

import (
	"os"
	"path/filepath"
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
