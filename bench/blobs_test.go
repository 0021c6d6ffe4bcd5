package bench

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"preau/core/blob"
	"preau/core/blob/blobtest"
	"preau/core/seal"
)

// blobWork tells this program to keep and read files in a process of its own, whose memory is
// measured, instead of a test: what to do, in JSON.
const blobWork = "PREAU_BENCH_BLOBS"

// work is what such a process does: it keeps files, or reads those that were kept.
type work struct {
	Read  bool
	Place string // of the store; empty: files without a store, the floor
	Dir   string // of the key, of the floor and of the names of what is kept
	Count int
	Size  int64
}

// worked is what it took.
type worked struct {
	Took time.Duration
	Peak int64 // bytes of memory
}

// blobsAtOnce is how many files are kept or read at once.
const blobsAtOnce = 4

// workOnBlobs does what it is told, and says what it took.
func workOnBlobs(text string) int {
	var w work
	err := json.Unmarshal([]byte(text), &w)
	var took time.Duration
	if err == nil {
		took, err = w.do()
	}
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(worked{took, highWater(os.Getpid())})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// do keeps or reads the files, and gives the time that it took.
func (w work) do() (time.Duration, error) {
	one := w.floor
	if w.Place != "" {
		key, err := seal.Open(filepath.Join(w.Dir, "key"))
		if err != nil {
			return 0, err
		}
		store, err := blob.Open(w.Place, key, w.Dir)
		if err != nil {
			return 0, err
		}
		defer store.Close()
		one = func(i int) error { return w.in(store, i) }
	}
	began := time.Now()
	var all sync.WaitGroup
	var next atomic.Int64
	var failed atomic.Pointer[error]
	for range blobsAtOnce {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < w.Count && failed.Load() == nil; i = int(next.Add(1)) - 1 {
				if err := one(i); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return time.Since(began), nil
}

// content is that of a file.
func (w work) content(i int) io.Reader {
	var seed [32]byte
	binary.NativeEndian.PutUint64(seed[:], uint64(i)+1)
	return io.LimitReader(rand.NewChaCha8(seed), w.Size)
}

// name is a file that holds the name of what is kept, or what the floor keeps.
func (w work) name(sort string, i int) string {
	return filepath.Join(w.Dir, sort+strconv.Itoa(i))
}

// floor keeps a file, and makes it outlive a power cut; or reads it.
func (w work) floor(i int) (err error) {
	if w.Read {
		file, err := os.Open(w.name("floor", i))
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = io.Copy(io.Discard, onlyReader{file})
		return err
	}
	file, err := os.Create(w.name("floor", i))
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, w.content(i)); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	return file.Close()
}

// onlyReader has what is read pass through this process.
type onlyReader struct{ io.Reader }

// in keeps a file in a store, or reads it there.
func (w work) in(store blob.Store, i int) error {
	ctx := context.Background()
	if !w.Read {
		sum, _, err := store.Put(ctx, w.content(i), w.Size)
		if err != nil {
			return err
		}
		return os.WriteFile(w.name("sum", i), []byte(sum.String()), 0o600)
	}
	text, err := os.ReadFile(w.name("sum", i))
	if err != nil {
		return err
	}
	sum, err := blob.ParseSum(string(text))
	if err != nil {
		return err
	}
	content, err := store.Open(ctx, sum)
	if err != nil {
		return err
	}
	defer content.Close()
	_, err = io.Copy(io.Discard, content)
	return err
}

// works has a process of its own do it.
func works(b *testing.B, w work) (did worked) {
	b.Helper()
	text, err := json.Marshal(w)
	if err != nil {
		b.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	c := exec.Command(self)
	c.Env = append(os.Environ(), blobWork+"="+string(text))
	c.Stderr = os.Stderr
	said, err := c.Output()
	if err == nil {
		err = json.Unmarshal(said, &did)
	}
	if err != nil {
		b.Fatal(err)
	}
	return did
}

// BenchmarkBlobs keeps and reads 10,000 files of 100 kB and one of 1 GB, or of as many as
// PREAU_BENCH_GB says, in a folder and in an object storage on the same disk, beside files that are
// written, made to outlive a power cut, and read. versitygw does not make what it keeps outlive a
// power cut.
func BenchmarkBlobs(b *testing.B) {
	gigabytes, _ := strconv.Atoi(os.Getenv("PREAU_BENCH_GB"))
	for _, size := range []struct {
		name  string
		count int
		bytes int64
	}{
		{"10000-x-100kB", 10_000, 100_000},
		{fmt.Sprintf("1-x-%dGB", max(gigabytes, 1)), 1, int64(max(gigabytes, 1)) << 30},
	} {
		b.Run(size.name, func(b *testing.B) {
			for b.Loop() {
				floor := work{Dir: b.TempDir(), Count: size.count, Size: size.bytes}
				put, read := bothWays(b, floor)
				if err := os.RemoveAll(floor.Dir); err != nil {
					b.Fatal(err)
				}
				total := float64(size.count) * float64(size.bytes) / 1e6
				b.Logf("floor: put %.0f MB/s, read %.0f MB/s", total/put.Took.Seconds(), total/read.Took.Seconds())
				for _, store := range []string{"folder", "bucket"} {
					in := floor
					in.Dir = b.TempDir()
					in.Place = filepath.Join(in.Dir, "blobs")
					storage := (*blobtest.Storage)(nil)
					if store == "bucket" {
						storage = blobtest.NewStorage(b, filepath.Join(in.Dir, "s3"))
						in.Place = storage.Address("bench", storage.Host)
					}
					inPut, inRead := bothWays(b, in)
					if storage != nil {
						storage.Stop()
					}
					if err := os.RemoveAll(in.Dir); err != nil {
						b.Fatal(err)
					}
					b.Logf("%s: put %.0f MB/s with %d MB of memory, read %.0f MB/s with %d MB", store, total/inPut.Took.Seconds(), inPut.Peak>>20, total/inRead.Took.Seconds(), inRead.Peak>>20)
					b.ReportMetric(inPut.Took.Seconds()/put.Took.Seconds(), store+"-put/floor")
					b.ReportMetric(inRead.Took.Seconds()/read.Took.Seconds(), store+"-read/floor")
					b.ReportMetric(float64(max(inPut.Peak, inRead.Peak)>>20), store+"-MB")
				}
			}
		})
	}
}

// bothWays keeps the files, then reads them.
func bothWays(b *testing.B, w work) (put, read worked) {
	b.Helper()
	put = works(b, w)
	w.Read = true
	return put, works(b, w)
}
