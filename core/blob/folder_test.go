package blob_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"preau/core/blob"
	"preau/core/blob/blobtest"
	"preau/core/fail"
	"preau/core/seal"
)

// asSender makes this program one that puts blobs in the folder it says, and never
// ends by itself: see TestWhoIsKilledLeavesNothingByHalf.
const asSender = "PREAU_BLOB_SENDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(asSender); dir != "" {
		send(dir)
		return
	}
	os.Exit(m.Run())
}

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

func TestFolder(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blobtest.Subject {
		dir := t.TempDir()
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
	})
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
	err := f.Each(t.Context(), func(b blob.Info) error { found = append(found, b.Sum); return nil })
	if err != nil || !slices.Equal(found, []blob.Sum{sum}) {
		t.Errorf("%v, %v", found, err)
	}
}

// send puts, in the folder of blobs of dir, a content of 100 kB after the other, and
// says so, then half of one.
func send(dir string) {
	f, err := blob.OpenFolder(filepath.Join(dir, "blobs"), key(dir))
	if err != nil {
		panic(err)
	}
	turns, _ := strconv.Atoi(os.Getenv("PREAU_BLOB_TURNS"))
	line := bytes.NewReader(bytes.Repeat([]byte("x"), 100_000))
	for i := range turns {
		_, _ = line.Seek(0, io.SeekStart)
		if _, _, err := f.Put(context.Background(), io.MultiReader(bytes.NewReader([]byte(strconv.Itoa(i))), line), 1<<20); err != nil {
			panic(err)
		}
		fmt.Println("put")
	}
	_, _ = line.Seek(0, io.SeekStart)
	_, _, _ = f.Put(context.Background(), io.MultiReader(line, waiting{}), 1<<20)
}

// waiting never gives anything.
type waiting struct{}

func (waiting) Read([]byte) (int, error) {
	fmt.Println("half")
	select {}
}

// sender starts a process that sends, and kills it once it has said what it did.
func sender(t *testing.T, dir string, turns int, until string, after time.Duration) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), asSender+"="+dir, "PREAU_BLOB_TURNS="+strconv.Itoa(turns))
	said, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(said); lines.Scan() && lines.Text() != until; {
	}
	time.AfterFunc(after, func() { _ = c.Process.Kill() })
	if err := c.Wait(); err == nil {
		t.Fatal("it ended by itself")
	}
}

func TestWhoIsKilledLeavesNothingByHalf(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	sender(t, dir, 0, "half", 0)
	if err := f.Each(t.Context(), func(b blob.Info) error { return fmt.Errorf("half of %s", b.Sum) }); err != nil {
		t.Error(err)
	}
	if n, err := f.Tidy(t.Context(), time.Now().Add(-time.Hour)); n != 0 || err != nil {
		t.Errorf("what may still be under way is removed: %d, %v", n, err)
	}
	if n, err := f.Tidy(t.Context(), time.Now().Add(time.Hour)); n != 1 || err != nil {
		t.Errorf("left: %d, %v", n, err)
	}

	for i := range 10 {
		sender(t, dir, 1_000_000, "put", time.Duration(i)*time.Millisecond)
	}
	n := 0
	err := f.Each(t.Context(), func(b blob.Info) error {
		n++
		r, err := f.Open(t.Context(), b.Sum)
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = io.Copy(io.Discard, r)
		return err
	})
	if err != nil || n == 0 {
		t.Errorf("%d blobs are left, %v", n, err)
	}
}
