package blob_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/core/blob"
	"preau/core/blob/blobtest"
)

// asSender makes this program one that puts blobs in the store at a place, with the key of the
// installation that follows it, and never ends by itself.
const asSender = "PREAU_BLOB_SENDER"

func TestMain(m *testing.M) {
	if at, dir, asked := strings.Cut(os.Getenv(asSender), " "); asked {
		send(at, dir)
		return
	}
	os.Exit(m.Run())
}

// sendersAtOnce is how many uploads are under way when a sender is killed.
const sendersAtOnce = 200

// noise is content that nothing else is.
func noise(sender, turn int) io.Reader {
	var seed [32]byte
	binary.NativeEndian.PutUint64(seed[:], uint64(os.Getpid()))
	binary.NativeEndian.PutUint64(seed[8:], uint64(sender))
	binary.NativeEndian.PutUint64(seed[16:], uint64(turn))
	return rand.NewChaCha8(seed)
}

// send puts one content after the other in many uploads at once, of which some are sent in parts and
// one never ends, and says the sum of each once it is kept.
func send(at, dir string) {
	store, err := blob.Open(at, key(dir), os.TempDir())
	if err != nil {
		panic(err)
	}
	for sender := range sendersAtOnce - 1 {
		size := int64(1 + sender*997)
		if sender < 2 {
			size = 18 << 20 // two parts
		}
		go func() {
			for turn := 0; ; turn++ {
				sum, _, err := store.Put(context.Background(), io.LimitReader(noise(sender, turn), size), size)
				if err != nil {
					panic(err)
				}
				fmt.Printf("%s\n", sum) // one write
			}
		}()
	}
	_, _, _ = store.Put(context.Background(), io.MultiReader(io.LimitReader(noise(sendersAtOnce, 0), 3<<20), waiting{}), 1<<30)
}

// waiting never gives anything.
type waiting struct{}

func (waiting) Read([]byte) (int, error) { select {} }

// killed starts a sender, kills it once it has said that it kept so many, and gives those that it said.
func killed(t *testing.T, at, dir string, after int) (kept []blob.Sum) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), asSender+"="+at+" "+dir)
	c.Stderr = os.Stderr
	said, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewReader(said); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // what was said by half was not said
		}
		sum, err := blob.ParseSum(strings.TrimSuffix(line, "\n"))
		if err != nil {
			t.Fatal(err)
		}
		if kept = append(kept, sum); len(kept) == after {
			_ = c.Process.Kill()
		}
	}
	if err := c.Wait(); err == nil || len(kept) < after {
		t.Fatalf("it ended by itself, with %d kept: %v", len(kept), err)
	}
	return kept
}

// heldTo checks that a store has whole what was said to be kept, and once it was swept nothing else.
func heldTo(t *testing.T, store blob.Store, said []blob.Sum) {
	t.Helper()
	for _, sum := range said {
		if _, err := read(t, store, sum); err != nil {
			t.Errorf("it was kept: %v", err)
		}
	}
	kept := map[blob.Sum]bool{}
	for _, sum := range said {
		kept[sum] = true
	}
	there := 0
	whole := func(b blob.Info) error {
		there++
		_, err := read(t, store, b.Sum)
		return err
	}
	if err := store.Each(t.Context(), blob.Sum{}, whole); err != nil {
		t.Errorf("there is a half: %v", err)
	}
	_, err := blob.Sweep(t.Context(), store, func(context.Context, []blob.Sum) (map[blob.Sum]bool, error) { return kept, nil }, time.Now().Add(time.Hour))
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d were kept, %d were there", len(kept), there)
	there = 0
	if err := store.Each(t.Context(), blob.Sum{}, whole); err != nil || there != len(kept) {
		t.Errorf("%d are there after a sweep, of %d that were kept: %v", there, len(kept), err)
	}
	if n, err := store.Tidy(t.Context(), time.Now().Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("left: %d, %v", n, err)
	}
}

func TestWhoIsKilledLeavesNothingByHalf(t *testing.T) {
	storage := blobtest.NewStorage(t, t.TempDir())
	for name, place := range map[string]func(dir string) string{
		"a folder": func(dir string) string { return filepath.Join(dir, "blobs") },
		"a bucket": func(string) string { return storage.Address("killed", storage.Host) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			at := place(dir)
			store, err := blob.Open(at, key(dir), t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			var said []blob.Sum
			for _, after := range []int{1, 300} {
				said = append(said, killed(t, at, dir, after)...)
			}
			if n, err := store.Tidy(t.Context(), time.Now().Add(-time.Hour)); n != 0 || err != nil {
				t.Errorf("what may still be under way is removed: %d, %v", n, err)
			}
			heldTo(t, store, said)
		})
	}
}

// What was kept before the storage goes away is there when it is back, and what was refused is not.
func TestAStorageThatIsAway(t *testing.T) {
	storage := blobtest.NewStorage(t, t.TempDir())
	dir := t.TempDir()
	b := bucket(t, dir, storage.Address("away", storage.Host))
	var one sync.Mutex
	var said []blob.Sum
	refused := 0
	enough := make(chan struct{})
	var all sync.WaitGroup
	for sender := range 50 {
		all.Go(func() {
			for turn := range 20 {
				size := int64(1 + sender*4001)
				if sender == 0 {
					size = 40 << 20
				}
				sum, _, err := b.Put(t.Context(), io.LimitReader(noise(sender, turn), size), size)
				one.Lock()
				if err == nil {
					said = append(said, sum)
				} else if refused++; !isUnavailable(err) {
					t.Errorf("refused: %v", err)
				}
				if err == nil && len(said) == 100 {
					close(enough)
				}
				one.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	<-enough
	storage.Stop()
	all.Wait()
	if refused == 0 {
		t.Error("nobody was refused")
	}
	if _, err := b.Open(t.Context(), said[0]); !isUnavailable(err) {
		t.Errorf("opened while it is away: %v", err)
	}
	if err := b.Each(t.Context(), blob.Sum{}, func(blob.Info) error { return nil }); !isUnavailable(err) {
		t.Errorf("listed while it is away: %v", err)
	}
	if _, err := b.Remove(t.Context(), said[0], time.Now().Add(time.Hour)); !isUnavailable(err) {
		t.Errorf("removed while it is away: %v", err)
	}
	if _, err := b.Tidy(t.Context(), time.Now().Add(time.Hour)); !isUnavailable(err) {
		t.Errorf("tidied while it is away: %v", err)
	}
	storage.Start()
	heldTo(t, b, said)
	t.Logf("%d were refused", refused)
}
