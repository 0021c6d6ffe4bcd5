package reception_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"preau/core/school"
)

// untar gives the files of an archive.
func untar(t *testing.T, packed []byte) map[string][]byte {
	t.Helper()
	zipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string][]byte{}
	for r := tar.NewReader(zipped); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatal(err)
		}
		if texts[h.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}

// emptied is a delivery without its pupils.
func emptied(t *testing.T, packed []byte) []byte {
	t.Helper()
	request := regexp.MustCompile(`(?s)<addRequest>.*</addRequest>`)
	return rewritten(t, packed, "_Eleve_", func(text []byte) []byte { return request.ReplaceAll(text, nil) })
}

// rewritten is a delivery with other words in the files of a name.
func rewritten(t *testing.T, packed []byte, name string, rewrite func(text []byte) []byte) []byte {
	t.Helper()
	dir := t.TempDir()
	for file, text := range untar(t, packed) {
		if strings.Contains(file, name) {
			text = rewrite(text)
		}
		if err := os.WriteFile(filepath.Join(dir, file), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return tgz(t, dir)
}

// redated is a delivery whose files are dated another day.
func redated(t *testing.T, packed []byte, day string) []byte {
	t.Helper()
	dir := t.TempDir()
	date := regexp.MustCompile(`[0-9]{8}`)
	for file, text := range untar(t, packed) {
		if err := os.WriteFile(filepath.Join(dir, date.ReplaceAllString(file, day)), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return tgz(t, dir)
}

// uaisOf are the UAIs of the schools of a delivery, in its order.
func uaisOf(t *testing.T, packed []byte) (uais []school.UAI) {
	t.Helper()
	record := regexp.MustCompile(`(?s)<addRequest>.*?</addRequest>`)
	uai := regexp.MustCompile(`ENTStructureUAI">\s*<value>([0-9A-Z]{8})`)
	for file, text := range untar(t, packed) {
		if !strings.Contains(file, "_EtabEducNat_") {
			continue
		}
		for _, one := range record.FindAll(text, -1) {
			if found := uai.FindSubmatch(one); found != nil && bytes.Contains(one, []byte("<value>ECOLE")) {
				uais = append(uais, school.UAI(found[1]))
			}
		}
	}
	if len(uais) < 2 {
		t.Fatalf("the delivery has the schools %v", uais)
	}
	return uais
}

// shortNames keep the mode and the day of deliveries.
func shortNames(names []string) (short []string) {
	mode := regexp.MustCompile(`(Complet|Delta)_[0-9]{8}$`)
	for _, name := range names {
		short = append(short, mode.FindString(name))
	}
	return short
}
