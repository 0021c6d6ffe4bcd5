package blob_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/time/rate"
	"pgregory.net/rapid"

	"preau/core/blob"
	"preau/core/blob/blobtest"
	"preau/core/fail"
)

// referred is what refers to blobs, beside a store.
type referred map[blob.Sum]string

func (r referred) sums() (sums []blob.Sum) {
	for sum := range r {
		sums = append(sums, sum)
	}
	slices.SortFunc(sums, func(a, b blob.Sum) int { return bytes.Compare(a[:], b[:]) })
	return sums
}

// scrubber looks at a store, two sums that are referred to at a time.
func (r referred) scrubber(store blob.Store, found *[]blob.Finding) *blob.Scrubber {
	sums := r.sums()
	return &blob.Scrubber{
		Store: store, Old: time.Now().Add(time.Hour),
		Referred: func(_ context.Context, after blob.Sum) ([]blob.Sum, error) {
			i, there := slices.BinarySearchFunc(sums, after, func(a, b blob.Sum) int { return bytes.Compare(a[:], b[:]) })
			if there {
				i++
			}
			return slices.Clone(sums[i:min(i+2, len(sums))]), nil
		},
		Refers: func(_ context.Context, sum blob.Sum) ([]string, error) {
			if what, is := r[sum]; is {
				return []string{what}, nil
			}
			return nil, nil
		},
		Found: func(f blob.Finding) { *found = append(*found, f) },
	}
}

func TestScrub(t *testing.T) {
	storage := blobtest.NewStorage(t, t.TempDir())
	dir := t.TempDir()
	for name, s := range map[string]blobtest.Subject{"a folder": folderIn(t, dir), "a bucket": inBucket(t, storage)} {
		t.Run(name, func(t *testing.T) {
			var replica blob.Store // which has the same key
			if name == "a folder" {
				replica = beside(t, dir)
			}
			whole := put(t, s, "a photo")
			put(t, s, "a photo for nobody")
			damaged, cut, lost := put(t, s, "a photo that rots"), put(t, s, "a photo that is cut"), put(t, s, "a photo that is lost")
			rotten := put(t, s, "a photo for nobody that rots")
			if replica != nil {
				put(t, replica, "a photo that rots")
				put(t, replica, "a photo that is lost")
			}
			kept := s.Kept(t, damaged)
			kept[len(kept)-1] ^= 1
			s.Spoil(t, damaged, kept)
			s.Spoil(t, cut, s.Kept(t, cut)[:40])
			s.Spoil(t, rotten, []byte("not a blob"))
			if gone, err := s.Remove(t.Context(), lost, time.Now().Add(time.Hour)); !gone || err != nil {
				t.Fatal(gone, err)
			}
			r := referred{whole: "word.file", damaged: "word.file", cut: "news.file", lost: "past.file"}

			wants := func(name string, got []blob.Finding, sums ...blob.Sum) {
				t.Helper()
				var is []blob.Sum
				for _, f := range got {
					is = append(is, f.Sum)
					if f.Missing != (f.Sum == lost) || f.Err == nil || len(f.Refers) == 0 != (f.Sum == rotten) || len(f.Refers) > 0 && f.Refers[0] != r[f.Sum] {
						t.Errorf("%s: %+v", name, f)
					}
				}
				slices.SortFunc(sums, func(a, b blob.Sum) int { return bytes.Compare(a[:], b[:]) })
				if !slices.Equal(is, sums) {
					t.Errorf("%s: found %v, want %v", name, is, sums)
				}
			}
			var found []blob.Finding
			last, seen, err := r.scrubber(s, &found).Run(t.Context(), blob.Sum{}, blob.Last, 0)
			if want := (blob.Scrubbed{Blobs: 5, Bytes: seen.Bytes, Damaged: 3, Missing: 1, Orphans: 2}); err != nil || last != blob.Last || seen != want || seen.Wrong() != 4 {
				t.Errorf("%s, %+v, want %+v, %v", last, seen, want, err)
			}
			wants("once", found, damaged, cut, lost, rotten)

			found = nil
			young := r.scrubber(s, &found)
			young.Old = time.Now().Add(-time.Hour)
			if _, seen, err := young.Run(t.Context(), blob.Sum{}, blob.Last, 0); seen.Orphans != 0 || err != nil {
				t.Errorf("what was put just now is an orphan: %+v, %v", seen, err)
			}
			wants("young", found, damaged, cut, lost, rotten)

			if replica == nil {
				return
			}
			found = nil
			mends := r.scrubber(s, &found)
			mends.Replica = replica
			if _, seen, err := mends.Run(t.Context(), blob.Sum{}, blob.Last, 0); seen.Mended != 2 || seen.Wrong() != 2 || err != nil {
				t.Errorf("mended: %+v, %v", seen, err)
			}
			wants("mended", found, damaged, cut, lost, rotten)
			found = nil
			if _, seen, err := mends.Run(t.Context(), blob.Sum{}, blob.Last, 0); seen.Wrong() != 2 || seen.Mended != 0 || err != nil {
				t.Errorf("afterwards: %+v, %v", seen, err)
			}
			wants("afterwards", found, cut, rotten)
			for _, sum := range []blob.Sum{damaged, lost} {
				if _, err := read(t, s, sum); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// However it is cut in slices and parts, each thing is found once.
func TestScrubInParts(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	r := referred{}
	want := blob.Scrubbed{}
	for i := range 60 {
		sum := put(t, f, string(bytes.Repeat([]byte{byte(i)}, 100)))
		if i%3 != 0 {
			r[sum] = "word.file"
		} else {
			want.Orphans++
		}
		want.Blobs, want.Bytes = want.Blobs+1, want.Bytes+100
		if i%10 == 0 {
			if err := os.WriteFile(path(dir, sum), []byte("not a blob"), 0o600); err != nil {
				t.Fatal(err)
			}
			want.Bytes -= 100
			want.Damaged++
		}
	}
	for range 20 {
		var lost blob.Sum
		for i := range lost {
			lost[i] = byte(rand.Uint())
		}
		r[lost] = "past.file"
	}
	r[blob.Last], r[blob.Sum{100}] = "past.file", "past.file"
	want.Missing = 22
	rapid.Check(t, func(rt *rapid.T) {
		bounds := []blob.Sum{{}, blob.Last}
		for _, b := range rapid.SliceOfN(rapid.Byte(), 0, 5).Draw(rt, "slices") {
			bounds = append(bounds, blob.Sum{b})
		}
		slices.SortFunc(bounds, func(a, b blob.Sum) int { return bytes.Compare(a[:], b[:]) })
		most := rapid.Int64Range(0, 1000).Draw(rt, "bytes a part")
		var found []blob.Finding
		scrubber, got := r.scrubber(f, &found), blob.Scrubbed{}
		for i := range len(bounds) - 1 {
			for at, parts := bounds[i], 0; at != bounds[i+1]; parts++ {
				if parts > 100 {
					rt.Fatal("it does not go on")
				}
				last, seen, err := scrubber.Run(t.Context(), at, bounds[i+1], most)
				if err != nil {
					rt.Fatal(err)
				}
				at, got = last, got.Add(seen)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatal(diff)
		}
		once := map[blob.Sum]bool{}
		for _, f := range found {
			if once[f.Sum] {
				rt.Fatalf("%s is found twice", f.Sum)
			}
			once[f.Sum] = true
		}
	})
}

// What cannot be asked is not said to be wrong.
func TestScrubWhileSomethingIsAway(t *testing.T) {
	f := open(t, t.TempDir())
	sum := put(t, f, "a photo")
	broken := errors.New("the database is away")
	for name, spoil := range map[string]func(*blob.Scrubber){
		"the store": func(s *blob.Scrubber) { s.Store = away{f} },
		"the database": func(s *blob.Scrubber) {
			s.Referred = func(context.Context, blob.Sum) ([]blob.Sum, error) { return nil, broken }
		},
		"what refers": func(s *blob.Scrubber) {
			s.Refers = func(context.Context, blob.Sum) ([]string, error) { return nil, broken }
		},
	} {
		var found []blob.Finding
		s := referred{sum: "word.file", blob.Sum{1}: "word.file"}.scrubber(f, &found)
		spoil(s)
		if _, _, err := s.Run(t.Context(), blob.Sum{}, blob.Last, 0); err == nil || len(found) > 0 || !errors.Is(err, broken) && !fail.Is(err, fail.Unavailable) {
			t.Errorf("%s is away: %v, %v", name, found, err)
		}
	}
	var found []blob.Finding
	s := referred{sum: "word.file", blob.Sum{1}: "word.file"}.scrubber(f, &found)
	s.Replica = away{f}
	if _, seen, err := s.Run(t.Context(), blob.Sum{}, blob.Last, 0); err != nil || seen.Missing != 1 || seen.Mended != 0 || len(found) != 1 {
		t.Errorf("the replica is away: %+v, %v", seen, err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	s.Rate = rate.NewLimiter(1<<20, 64<<10)
	if _, _, err := s.Run(stopped, blob.Sum{}, blob.Last, 0); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
