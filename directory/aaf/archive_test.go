package aaf

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// zipOf writes files, by their path in the archive, to a zip.
func zipOf(t *testing.T, files ...archived) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "delivery.zip")
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, file := range files {
		h := &zip.FileHeader{Name: file.name, Method: zip.Deflate}
		h.SetMode(file.mode | 0o600)
		entry, err := w.CreateHeader(h)
		if err == nil {
			_, err = io.Copy(entry, file.open())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), os.WriteFile(path, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}

// tgzOf writes the same to a tar.gz.
func tgzOf(t *testing.T, files ...archived) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "delivery.tgz")
	var b bytes.Buffer
	compressed := gzip.NewWriter(&b)
	w := tar.NewWriter(compressed)
	for _, file := range files {
		h := &tar.Header{Typeflag: tar.TypeReg, Name: file.name, Mode: 0o600, Size: file.size}
		if file.mode&os.ModeSymlink != 0 {
			h.Typeflag, h.Linkname, h.Size = tar.TypeSymlink, "/etc/passwd", 0
		}
		err := w.WriteHeader(h)
		if err == nil && h.Size > 0 {
			_, err = io.Copy(w, file.open())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), compressed.Close(), os.WriteFile(path, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}

// archived is a file to put in an archive.
type archived struct {
	name string
	mode os.FileMode
	size int64
	open func() io.Reader
}

func file(name string, content []byte) archived {
	return archived{name: name, size: int64(len(content)), open: func() io.Reader { return bytes.NewReader(content) }}
}

// spaces is a file of white space, which compresses a thousandfold.
func spaces(name string, size int64) archived {
	return archived{name: name, size: size, open: func() io.Reader { return io.LimitReader(blanks{}, size) }}
}

type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func goodFiles(t *testing.T, under string) (files []archived) {
	t.Helper()
	paths, err := filepath.Glob("testdata/good/*.xml")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file(under+filepath.Base(path), content))
	}
	return files
}

// TestArchivesSayWhatTheFolderSays reads one delivery in its three containers.
func TestArchivesSayWhatTheFolderSays(t *testing.T) {
	want, err := collect(t, "testdata/good")
	if err != nil {
		t.Fatal(err)
	}
	inOrder := cmpopts.SortSlices(func(a, b Record) bool { return a.File+string(rune(a.Number)) < b.File+string(rune(b.Number)) })
	for kind, path := range map[string]string{
		"zip": zipOf(t, goodFiles(t, "2026/")...),
		"tgz": tgzOf(t, goodFiles(t, "./a/b/")...),
	} {
		got, err := collect(t, path)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if diff := cmp.Diff(want.records, got.records, inOrder, cmp.AllowUnexported(Record{})); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
	}
}

// TestStrangeEntries lists what must not be followed, and reads the rest.
func TestStrangeEntries(t *testing.T) {
	strange := []archived{
		file("../ENT_Delta_20260901_Eleve_0000.xml", nil), file("/ENT_Delta_20260901_Eleve_0001.xml", nil),
		{name: "ENT_Delta_20260901_Eleve_0002.xml", mode: os.ModeSymlink, size: 11, open: func() io.Reader { return bytes.NewReader([]byte("/etc/passwd")) }},
		file("nested.zip", []byte("PK")), file("nested.tgz", nil),
	}
	ignored := []string{
		"../ENT_Delta_20260901_Eleve_0000.xml", "/ENT_Delta_20260901_Eleve_0001.xml", "ENT_Delta_20260901_Eleve_0002.xml", "nested.tgz", "nested.zip",
	}
	for kind, path := range map[string]string{
		"zip": zipOf(t, append(goodFiles(t, ""), strange...)...),
		"tgz": tgzOf(t, append(goodFiles(t, ""), strange...)...),
	} {
		source, err := Open(path)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		defer source.Close()
		if !slices.Equal(source.Ignored(), ignored) || len(source.Deliveries()) != 1 {
			t.Errorf("%s: ignored %q", kind, source.Ignored())
		}
	}
}

// readAll reads the first delivery of a source.
func readAll(path string, limits Limits) error {
	source, err := OpenWithin(path, limits)
	if err != nil {
		return err
	}
	defer source.Close()
	_, err = source.Deliveries()[0].Read(context.Background(), nil, func([]Record) error { return nil }, nil)
	return err
}

func TestBombs(t *testing.T) {
	const name = "ENT_Delta_20260901_Eleve_0000.xml"
	many := make([]archived, 50)
	for i := range many {
		many[i] = file(fmt.Sprintf("%d.txt", i), nil)
	}
	many = append(many, file(name, nil))
	// Line ends, so that no token is too large.
	flood := func(size int64) archived {
		lines := append([]byte("<ficAlimMENESR>"), bytes.Repeat([]byte("<!-- -->\n"), int(size/9))...)
		return file(name, lines)
	}
	const judged = ratioGrace + 1<<20 // the size past which a ratio tells
	for test, c := range map[string]struct {
		files  []archived
		limits Limits
	}{
		"ratio":       {[]archived{flood(judged)}, Limits{}},
		"entry":       {[]archived{flood(1 << 20)}, Limits{EntryBytes: 1 << 16}},
		"total":       {[]archived{flood(1 << 20)}, Limits{TotalBytes: 1 << 16}},
		"entries":     {many, Limits{Entries: 50}},
		"white space": {[]archived{spaces(name, judged)}, Limits{}},
	} {
		for kind, pack := range map[string]func(*testing.T, ...archived) string{"zip": zipOf, "tgz": tgzOf} {
			t.Run(test+" "+kind, func(t *testing.T) {
				err := readAll(pack(t, c.files...), c.limits)
				var refusal *Refusal
				if !errors.As(err, &refusal) || refusal.Kind != Bomb && (test != "white space" || refusal.Kind != TooLarge) {
					t.Errorf("%v", err)
				}
			})
		}
	}
}

func TestDamagedArchives(t *testing.T) {
	doc := pupils(2000)
	content := file("ENT_Delta_20260901_Eleve_0000.xml", doc)
	for kind, path := range map[string]string{"zip": zipOf(t, content), "tgz": tgzOf(t, content)} {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		broken := bytes.Clone(whole)
		for i := len(broken) / 2; i < len(broken)/2+200; i++ {
			broken[i] ^= 0x55
		}
		for what, bytes := range map[string][]byte{"cut": whole[:len(whole)/2], "broken": broken, "empty": nil, "text": []byte("not an archive")} {
			if err := os.WriteFile(path, bytes, 0o600); err != nil {
				t.Fatal(err)
			}
			err := readAll(path, Limits{})
			var refusal *Refusal
			if !errors.As(err, &refusal) {
				t.Errorf("%s %s: %v", what, kind, err)
			}
		}
	}
	var refusal *Refusal
	path := filepath.Join(t.TempDir(), "delivery.rar")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); !errors.As(err, &refusal) || refusal.Kind != UnknownContainer {
		t.Errorf("%v", err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "nothing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}
