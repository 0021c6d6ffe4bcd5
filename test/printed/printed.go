package printed

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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

// Keep writes a document where tools read it, and gives the name of its file.
func Keep(t *testing.T, document []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "document.pdf")
	if err := os.WriteFile(path, document, 0o600); err != nil {
		t.Fatal(err)
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

// Draw draws the pages of a PDF, which is the name of a file, with so many points an inch: in
// shades of grey, each in a file.
func Draw(t *testing.T, document string, dpi int) []string {
	t.Helper()
	picture := filepath.Join(t.TempDir(), "page")
	draw := exec.CommandContext(t.Context(), Tool(t, "pdftoppm"), "-r", strconv.Itoa(dpi), "-gray", document, picture)
	if out, err := draw.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	drawn, err := filepath.Glob(picture + "*.pgm")
	if err != nil {
		t.Fatal(err)
	}
	return drawn // pdftoppm numbers them all with as many digits
}

// Codes are the QR codes of a PDF, as a telephone reads them from paper.
func Codes(t *testing.T, document string) (codes []string) {
	t.Helper()
	for _, page := range Draw(t, document, 100) {
		out, _ := exec.CommandContext(t.Context(), Tool(t, "zbarimg"), "--quiet", "--raw", page).Output() // a list has none, which it calls an error
		codes = append(codes, strings.Fields(string(out))...)
	}
	return codes
}
