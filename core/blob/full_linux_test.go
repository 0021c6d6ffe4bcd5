package blob_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"preau/core/blob"
	"preau/core/blob/blobtest"
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
	err = f.Each(t.Context(), blob.Sum{}, func(b blob.Info) error {
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

// small mounts a disk of some megabytes, where this process may.
func small(t *testing.T, megabytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=0700", megabytes)); err != nil {
		if os.Getenv("PREAU_TEST_ALL") == "1" {
			t.Fatal("no disk of its own can be mounted: ", err)
		}
		t.Skip("no disk of its own can be mounted: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// Many upload to a disk that fills up: what was kept is whole, what was refused is not there, and
// there is room again once something was removed.
func TestADiskThatIsFull(t *testing.T) {
	const size = 300_000
	for name, open := range map[string]func(t *testing.T, dir, disk string) blob.Store{
		"a folder": func(t *testing.T, dir, disk string) blob.Store {
			f, err := blob.OpenFolder(filepath.Join(disk, "blobs"), key(dir))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { f.Close() })
			return f
		},
		"the disk of a storage": func(t *testing.T, dir, disk string) blob.Store {
			storage := blobtest.NewStorage(t, disk)
			return bucket(t, dir, storage.Address("full", storage.Host))
		},
	} {
		t.Run(name, func(t *testing.T) {
			store := open(t, t.TempDir(), small(t, 8))
			var all sync.WaitGroup
			var one sync.Mutex
			var said []blob.Sum
			refused := 0
			for sender := range 40 {
				all.Go(func() {
					sum, _, err := store.Put(t.Context(), io.LimitReader(noise(sender, 0), size), size)
					one.Lock()
					defer one.Unlock()
					if err == nil {
						said = append(said, sum)
					} else if refused++; !isUnavailable(err) {
						t.Errorf("refused: %v", err)
					}
				})
			}
			all.Wait()
			if len(said) == 0 || refused == 0 {
				t.Fatalf("%d kept, %d refused", len(said), refused)
			}
			heldTo(t, store, said)
			for _, sum := range said[:len(said)/2+1] {
				if gone, err := store.Remove(t.Context(), sum, time.Now().Add(time.Hour)); !gone || err != nil {
					t.Fatal(gone, err)
				}
			}
			if _, _, err := store.Put(t.Context(), io.LimitReader(noise(100, 0), size), size); err != nil {
				t.Errorf("there is room: %v", err)
			}
		})
	}
}

// Where what is put waits for its name there may be no room either.
func TestNoRoomToWaitForAName(t *testing.T) {
	storage := blobtest.NewStorage(t, t.TempDir())
	b, err := blob.OpenBucket(storage.Address("waits", storage.Host), key(t.TempDir()), small(t, 4))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Put(t.Context(), io.LimitReader(noise(0, 0), 6<<20), 6<<20); !isUnavailable(err) {
		t.Error(err)
	}
	put(t, b, "a photo")
	if _, _, err := b.Put(t.Context(), io.LimitReader(noise(0, 1), 3<<20), 6<<20); err != nil {
		t.Errorf("what waited has gone, there is room: %v", err)
	}
}
