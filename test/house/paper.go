package house

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Tool finds a program that reads documents; a test without it is left out, but
// where all must run.
func Tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("PREAU_TEST_ALL") == "1" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip(err)
	}
	return path
}

// Pages are the texts of the pages of a PDF, which is the name of a file.
func Pages(t *testing.T, document string) []string {
	t.Helper()
	text, err := exec.CommandContext(t.Context(), Tool(t, "pdftotext"), "-layout", document, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
}
