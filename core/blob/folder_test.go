package blob_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"preau/core/blob"
	"preau/core/blob/blobtest"
	"preau/core/fail"
	"preau/core/seal"
)

func key(dir string) *seal.Key {
	key, err := seal.Open(filepath.Join(dir, "key"))
	if err != nil {
		panic(err)
	}
	return key
}

// open opens the blobs of an installation.
func open(t *testing.T, dir string) *blob.Folder {
	t.Helper()
	f, err := blob.OpenFolder(filepath.Join(dir, "blobs"), key(dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// path is where a blob is kept.
func path(dir string, sum blob.Sum) string {
	return filepath.Join(dir, "blobs", sum.String()[:2], sum.String()[2:])
}

// folderIn is the folder of an installation as a subject.
func folderIn(t *testing.T, dir string) blobtest.Subject {
	return blobtest.Subject{
		Store: open(t, dir),
		Kept: func(t *testing.T, sum blob.Sum) []byte {
			b, err := os.ReadFile(path(dir, sum))
			if err != nil {
				t.Fatal(err)
			}
			return b
		},
		Spoil: func(t *testing.T, sum blob.Sum, kept []byte) {
			if err := os.WriteFile(path(dir, sum), kept, 0o600); err != nil {
				t.Fatal(err)
			}
		},
	}
}

func TestFolder(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blobtest.Subject { return folderIn(t, t.TempDir()) })
}

func put(t *testing.T, s blob.Store, text string) blob.Sum {
	t.Helper()
	sum, _, err := s.Put(t.Context(), bytes.NewReader([]byte(text)), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestAFolderIsForItsOwner(t *testing.T) {
	dir := t.TempDir()
	put(t, open(t, dir), "a photo")
	err := filepath.WalkDir(filepath.Join(dir, "blobs"), func(path string, entry fs.DirEntry, err error) error {
		if info, _ := entry.Info(); info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAFolderIsOpenedAgain(t *testing.T) {
	dir := t.TempDir()
	sum := put(t, open(t, dir), "a photo")
	r, err := open(t, dir).Open(t.Context(), sum)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || string(got) != "a photo" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAnotherKeyOpensNothing(t *testing.T) {
	dir := t.TempDir()
	sum := put(t, open(t, dir), "a photo")
	if err := os.Remove(filepath.Join(dir, "key")); err != nil {
		t.Fatal(err)
	}
	other := open(t, dir)
	if _, err := other.Open(t.Context(), sum); !errors.Is(err, blob.ErrDamaged) || fail.KindOf(err) != fail.Fault {
		t.Error(err)
	}
	if put(t, other, "a photo") == sum {
		t.Error("who has another key finds the same sum")
	}
}

// A folder holds what others put there too: a system's file, a blob at the wrong
// place, a link to somewhere else.
func TestWhatIsNoBlobIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	sum := put(t, f, "a photo")
	secret := filepath.Join(dir, "secret")
	for _, at := range []string{secret, filepath.Join(dir, "blobs", "README"), filepath.Join(filepath.Dir(path(dir, sum)), ".DS_Store"),
		path(dir, sum) + "00"} {
		if err := os.WriteFile(at, []byte("not a blob"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	away := blob.Sum{1}
	if err := errors.Join(os.MkdirAll(filepath.Dir(path(dir, away)), 0o700), os.Symlink(secret, path(dir, away))); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Open(t.Context(), away); err == nil {
		t.Error("a link leads out of the folder")
	}
	var found []blob.Sum
	err := f.Each(t.Context(), blob.Sum{}, func(b blob.Info) error { found = append(found, b.Sum); return nil })
	if err != nil || !slices.Equal(found, []blob.Sum{sum}) {
		t.Errorf("%v, %v", found, err)
	}
}
