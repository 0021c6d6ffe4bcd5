package blob_test

import (
	"bytes"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"preau/core/blob"
	"preau/core/fail"
)

// A file may hold 64 kB: what would happen on a full disk happens to this process,
// without a disk of its own.
func TestNoRoomLeft(t *testing.T) {
	signal.Ignore(syscall.SIGXFSZ)
	dir := t.TempDir()
	f := open(t, dir)
	small := put(t, f, "a photo")
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 64 << 10, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	_, _, err := f.Put(t.Context(), bytes.NewReader(make([]byte, 200_000)), 1<<20)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	if !fail.Is(err, fail.Unavailable) {
		t.Error(err)
	}
	if n, err := f.Tidy(t.Context(), time.Now().Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("left: %d, %v", n, err)
	}
	err = f.Each(t.Context(), func(b blob.Info) error {
		if b.Sum != small {
			return fmt.Errorf("there is %s", b.Sum)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path(dir, small)); err != nil {
		t.Error(err)
	}
}
