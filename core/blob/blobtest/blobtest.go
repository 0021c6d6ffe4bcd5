package blobtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"preau/core/blob"
	"preau/core/fail"
)

// Subject is an empty store under test.
type Subject struct {
	blob.Store
	// Kept gives the bytes of a blob as they are at rest.
	Kept func(t *testing.T, sum blob.Sum) []byte
	// Spoil puts other bytes at rest in their place.
	Spoil func(t *testing.T, sum blob.Sum, kept []byte)
}

// limit is the limit of what the tests put.
const limit = 1 << 20

// soon is an instant before which everything was put.
func soon() time.Time { return time.Now().Add(time.Hour) }

// Run tests what open gives, an empty store each time.
func Run(t *testing.T, open func(t *testing.T) Subject) {
	for name, test := range map[string]func(*testing.T, Subject){
		"what is put is read":              whatIsPutIsRead,
		"any part is read":                 anyPartIsRead,
		"same content, one blob":           sameContentOneBlob,
		"too large":                        tooLarge,
		"a broken sender":                  aBrokenSender,
		"what is absent":                   whatIsAbsent,
		"what is damaged is not delivered": whatIsDamagedIsNotDelivered,
		"one in the place of another":      oneInThePlaceOfAnother,
		"it is sealed":                     itIsSealed,
		"only what is old is removed":      onlyWhatIsOldIsRemoved,
		"a sweep":                          aSweep,
		"they come in order":               theyComeInOrder,
		"all is let go":                    allIsLetGo,
		"many at once":                     manyAtOnce,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// content gives n bytes, always the same for a seed.
func content(n int, seed uint64) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{0: byte(seed), 1: byte(seed >> 8)})
	r.Read(b)
	return b
}

// sizes are those around the pieces in which a store may cut what it seals.
var sizes = []int{0, 1, 1000, 64<<10 - 1, 64 << 10, 64<<10 + 1, 200_000}

func put(t *testing.T, s blob.Store, b []byte) blob.Sum {
	t.Helper()
	sum, size, err := s.Put(t.Context(), bytes.NewReader(b), limit)
	if err != nil || size != int64(len(b)) {
		t.Fatalf("putting %d bytes: %d, %v", len(b), size, err)
	}
	return sum
}

// read gives what can be read of a blob, and why it stops.
func read(t *testing.T, s blob.Store, sum blob.Sum) ([]byte, error) {
	t.Helper()
	r, err := s.Open(t.Context(), sum)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func all(t *testing.T, s blob.Store) map[blob.Sum]blob.Info {
	t.Helper()
	found := map[blob.Sum]blob.Info{}
	err := s.Each(t.Context(), blob.Sum{}, func(b blob.Info) error {
		if _, twice := found[b.Sum]; twice {
			t.Errorf("%s is told twice", b.Sum)
		}
		found[b.Sum] = b
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// nothingIsLeft checks that there is no blob, and nothing of one.
func nothingIsLeft(t *testing.T, s blob.Store) {
	t.Helper()
	if left := all(t, s); len(left) != 0 {
		t.Errorf("there are blobs: %v", left)
	}
	if n, err := s.Tidy(t.Context(), soon()); n != 0 || err != nil {
		t.Errorf("something is left: %d, %v", n, err)
	}
}

func whatIsPutIsRead(t *testing.T, s Subject) {
	sums := map[blob.Sum]int{}
	for i, size := range sizes {
		b := content(size, 1)
		sum := put(t, s, b)
		sums[sum] = size
		if got, err := read(t, s, sum); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%d bytes: %d are read, %v", size, len(got), err)
		}
		info, there := all(t, s)[sum]
		if !there || info.Size < int64(size) || time.Since(info.Put).Abs() > time.Minute {
			t.Errorf("%d bytes: %v, %+v", size, there, info)
		}
		if len(sums) != i+1 {
			t.Errorf("%d bytes have the sum of %d others", size, sums[sum])
		}
	}
	if n, err := s.Tidy(t.Context(), soon()); n != 0 || err != nil {
		t.Errorf("something is left: %d, %v", n, err)
	}
}

func anyPartIsRead(t *testing.T, s Subject) {
	for _, size := range sizes {
		b := content(size, 1)
		r, err := s.Open(t.Context(), put(t, s, b))
		if err != nil {
			t.Fatal(err)
		}
		if size <= 1000 { // it reads byte by byte
			if err := iotest.TestReader(r, b); err != nil {
				t.Errorf("%d bytes: %v", size, err)
			}
		}
		// as http.ServeContent does for a part
		if end, err := r.Seek(0, io.SeekEnd); end != int64(size) || err != nil {
			t.Errorf("%d bytes: %d, %v", size, end, err)
		}
		if _, err := r.Seek(int64(size/2), io.SeekStart); err != nil {
			t.Error(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, b[size/2:]) {
			t.Errorf("the second half of %d bytes: %d, %v", size, len(got), err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func sameContentOneBlob(t *testing.T, s Subject) {
	b := content(100_000, 1)
	first := put(t, s, b)
	if again := put(t, s, b); again != first {
		t.Errorf("%s, then %s", first, again)
	}
	other := bytes.Clone(b)
	other[len(b)-1] ^= 1
	if sum := put(t, s, other); sum == first {
		t.Error("another content has the same sum")
	}
	if n := len(all(t, s)); n != 2 {
		t.Errorf("%d blobs of 2 contents", n)
	}
}

func tooLarge(t *testing.T, s Subject) {
	for _, n := range []int64{0, 1, 70_000} {
		_, _, err := s.Put(t.Context(), bytes.NewReader(content(int(n)+1, 1)), n)
		if !fail.Is(err, fail.Invalid) {
			t.Errorf("one byte more than %d: %v", n, err)
		}
		nothingIsLeft(t, s)
	}
	endless := iotest.OneByteReader(rand.NewChaCha8([32]byte{}))
	if _, _, err := s.Put(t.Context(), endless, 1000); !fail.Is(err, fail.Invalid) {
		t.Errorf("without an end: %v", err)
	}
	nothingIsLeft(t, s)
	if _, _, err := s.Put(t.Context(), bytes.NewReader(content(70_000, 1)), 70_000); err != nil {
		t.Errorf("just as large as allowed: %v", err)
	}
}

func aBrokenSender(t *testing.T, s Subject) {
	broken := errors.New("the line is cut")
	half := io.MultiReader(bytes.NewReader(content(100_000, 1)), iotest.ErrReader(broken))
	if _, _, err := s.Put(t.Context(), half, limit); !errors.Is(err, broken) {
		t.Error(err)
	}
	nothingIsLeft(t, s)

	ctx, leave := context.WithCancel(t.Context())
	left := io.MultiReader(bytes.NewReader(content(100_000, 1)), readerFunc(func(b []byte) (int, error) {
		leave()
		return copy(b, "more"), nil
	}))
	if _, _, err := s.Put(ctx, left, limit); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	nothingIsLeft(t, s)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

func whatIsAbsent(t *testing.T, s Subject) {
	if _, err := s.Open(t.Context(), blob.Sum{1}); !fail.Is(err, fail.NotFound) {
		t.Error(err)
	}
	if gone, err := s.Remove(t.Context(), blob.Sum{1}, soon()); gone || err != nil {
		t.Error(gone, err)
	}
	nothingIsLeft(t, s)
}

func whatIsDamagedIsNotDelivered(t *testing.T, s Subject) {
	for _, size := range sizes {
		b := content(size, 2)
		sum := put(t, s, b)
		kept := s.Kept(t, sum)
		for name, spoiled := range map[string][]byte{
			"its first byte":   flip(kept, 0),
			"its middle":       flip(kept, len(kept)/2),
			"its last byte":    flip(kept, len(kept)-1),
			"cut by one":       kept[:len(kept)-1],
			"cut in two":       kept[:len(kept)/2],
			"emptied":          nil,
			"longer by a byte": append(bytes.Clone(kept), 0),
		} {
			s.Spoil(t, sum, spoiled)
			got, err := read(t, s, sum)
			if !errors.Is(err, blob.ErrDamaged) || fail.KindOf(err) != fail.Fault || size > 0 && len(got) == size {
				t.Errorf("%d bytes, %s: %d are read, %v", size, name, len(got), err)
			}
		}
		if put(t, s, b) != sum {
			t.Error("put again, it has another sum")
		}
		if got, err := read(t, s, sum); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%d bytes put again: %d, %v", size, len(got), err)
		}
	}
}

func flip(b []byte, i int) []byte {
	b = bytes.Clone(b)
	b[i] ^= 1
	return b
}

func oneInThePlaceOfAnother(t *testing.T, s Subject) {
	for _, size := range sizes[1:] {
		sum, other := put(t, s, content(size, 3)), put(t, s, content(size, 4))
		s.Spoil(t, sum, s.Kept(t, other))
		r, err := s.Open(t.Context(), sum)
		if err != nil {
			if !errors.Is(err, blob.ErrDamaged) {
				t.Error(err)
			}
			continue
		}
		defer r.Close()
		for range 2 { // it is not better read once more
			if got, err := io.ReadAll(r); !errors.Is(err, blob.ErrDamaged) || len(got) == size {
				t.Errorf("%d bytes: %d are read, %v", size, len(got), err)
			}
			if _, err := r.Seek(0, io.SeekStart); err != nil {
				t.Error(err)
			}
		}
	}
}

func itIsSealed(t *testing.T, s Subject) {
	b := bytes.Repeat([]byte("the photo of a child, "), 10_000)
	sum := put(t, s, b)
	if bytes.Contains(s.Kept(t, sum), b[:22]) {
		t.Error("it can be read where it is kept")
	}
}

func onlyWhatIsOldIsRemoved(t *testing.T, s Subject) {
	b := content(1000, 1)
	sum := put(t, s, b)
	if gone, err := s.Remove(t.Context(), sum, time.Now().Add(-time.Hour)); gone || err != nil {
		t.Errorf("a young one: %v, %v", gone, err)
	}
	if got, err := read(t, s, sum); err != nil || !bytes.Equal(got, b) {
		t.Errorf("a young one: %v", err)
	}
	r, err := s.Open(t.Context(), sum)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if gone, err := s.Remove(t.Context(), sum, soon()); !gone || err != nil {
		t.Errorf("an old one: %v, %v", gone, err)
	}
	if _, err := s.Open(t.Context(), sum); !fail.Is(err, fail.NotFound) {
		t.Errorf("an old one: %v", err)
	}
	nothingIsLeft(t, s)
	if put(t, s, b) != sum {
		t.Error("another sum")
	}
	if got, err := read(t, s, sum); err != nil || !bytes.Equal(got, b) {
		t.Errorf("put again: %v", err)
	}
}

func aSweep(t *testing.T, s Subject) {
	kept, gone := put(t, s, content(1000, 1)), put(t, s, content(1000, 2))
	broken := errors.New("the database is away")
	unknown := func(context.Context, []blob.Sum) (map[blob.Sum]bool, error) { return nil, broken }

	if n, err := blob.Sweep(t.Context(), s, unknown, time.Now().Add(-time.Hour)); n != 0 || err != nil {
		t.Errorf("young ones: %d, %v", n, err)
	}
	if n, err := blob.Sweep(t.Context(), s, unknown, soon()); n != 0 || !errors.Is(err, broken) || len(all(t, s)) != 2 {
		t.Errorf("when nobody knows what is referred to: %d, %v", n, err)
	}
	referred := func(context.Context, []blob.Sum) (map[blob.Sum]bool, error) {
		return map[blob.Sum]bool{kept: true}, nil
	}
	if n, err := blob.Sweep(t.Context(), s, referred, soon()); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	left := all(t, s)
	if _, there := left[kept]; len(left) != 1 || !there {
		t.Errorf("left: %v, without %s", left, gone)
	}
	if _, err := read(t, s, kept); err != nil {
		t.Error(err)
	}
}

func theyComeInOrder(t *testing.T, s Subject) {
	var sums []blob.Sum
	for i := range 20 {
		sums = append(sums, put(t, s, content(10, uint64(i))))
	}
	slices.SortFunc(sums, func(a, b blob.Sum) int { return bytes.Compare(a[:], b[:]) })
	after := func(sum blob.Sum, most int) (found []blob.Sum) {
		enough := errors.New("enough")
		err := s.Each(t.Context(), sum, func(b blob.Info) error {
			if found = append(found, b.Sum); len(found) == most {
				return enough
			}
			return nil
		})
		if err != nil && (most == 0 || err != enough) {
			t.Error(err)
		}
		return found
	}
	between, shard := sums[9], blob.Sum{sums[9][0]}
	between[31]++
	for name, c := range map[string]struct{ got, want []blob.Sum }{
		"all":                        {after(blob.Sum{}, 0), sums},
		"from one on":                {after(sums[9], 0), sums[10:]},
		"from one that is not there": {after(between, 0), sums[10:]},
		"from a boundary":            {after(shard, 0), sums[slices.IndexFunc(sums, func(s blob.Sum) bool { return s[0] >= shard[0] }):]},
		"after the last":             {after(sums[19], 0), nil},
		"some":                       {after(sums[2], 3), sums[3:6]},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}

func allIsLetGo(t *testing.T, s Subject) {
	b := content(200_000, 1)
	r, err := s.Open(t.Context(), put(t, s, b))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, b) {
		t.Errorf("what was opened: %d bytes, %v", len(got), err)
	}
}

func manyAtOnce(t *testing.T, s Subject) {
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			b := content(70_000, uint64(i%4))
			sum, _, err := s.Put(t.Context(), bytes.NewReader(b), limit)
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := read(t, s, sum); err != nil || !bytes.Equal(got, b) {
				t.Errorf("%d bytes, %v", len(got), err)
			}
		})
	}
	all.Wait()
	n := 0
	if err := s.Each(t.Context(), blob.Sum{}, func(blob.Info) error { n++; return nil }); err != nil || n != 4 {
		t.Errorf("%d blobs of 4 contents, %v", n, err)
	}
	if n, err := s.Tidy(t.Context(), soon()); n != 0 || err != nil {
		t.Errorf("something is left: %d, %v", n, err)
	}
}
