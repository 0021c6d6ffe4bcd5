package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"preau/core/blob"
	"preau/core/blob/blobtest"
	"preau/core/fail"
)

// beside opens another folder of blobs of an installation.
func beside(t *testing.T, dir string) *blob.Folder {
	t.Helper()
	f, err := blob.OpenFolder(filepath.Join(dir, "beside"), key(dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestMoving(t *testing.T) {
	storage := blobtest.NewStorage(t, t.TempDir())
	for name, from := range map[string]func(*testing.T, string) blob.Store{
		"from a folder": func(t *testing.T, dir string) blob.Store { return beside(t, dir) },
		"from a bucket": func(t *testing.T, dir string) blob.Store {
			return bucket(t, dir, storage.Address(filepath.Base(filepath.Dir(dir))+filepath.Base(dir), storage.Host))
		},
	} {
		t.Run(name, func(t *testing.T) {
			blobtest.Run(t, func(t *testing.T) blobtest.Subject {
				dir := t.TempDir()
				s := folderIn(t, dir)
				s.Store = &blob.Moving{To: s.Store, From: from(t, dir)}
				return s
			})
		})
	}
}

func read(t *testing.T, s blob.Store, sum blob.Sum) (string, error) {
	t.Helper()
	r, err := s.Open(t.Context(), sum)
	if err != nil {
		return "", err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	return string(text), err
}

// away is a store that cannot be reached.
type away struct{ blob.Store }

func (away) Open(context.Context, blob.Sum) (io.ReadSeekCloser, error) {
	return nil, fail.New(fail.Unavailable, "away")
}

func TestWhileItMoves(t *testing.T) {
	dir := t.TempDir()
	from, to := beside(t, dir), open(t, dir)
	old, both := put(t, from, "an old photo"), put(t, from, "a photo sent again")
	moving := &blob.Moving{To: to, From: from}
	put(t, moving, "a photo sent again")
	young := put(t, moving, "a new photo")

	if _, err := from.Open(t.Context(), young); !fail.Is(err, fail.NotFound) {
		t.Errorf("what is put goes to the old store: %v", err)
	}
	var told []blob.Sum
	err := moving.Each(t.Context(), blob.Sum{}, func(b blob.Info) error { told = append(told, b.Sum); return nil })
	want := []blob.Sum{old, both, young}
	slices.SortFunc(want, func(a, b blob.Sum) int { return bytes.Compare(a[:], b[:]) })
	if err != nil || !slices.Equal(told, want) {
		t.Errorf("%v, %v", told, err)
	}
	enough := errors.New("enough")
	if err := moving.Each(t.Context(), blob.Sum{}, func(blob.Info) error { return enough }); err != enough {
		t.Error(err)
	}

	if err := os.WriteFile(path(dir, both), []byte("not a blob"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		store blob.Store
		sum   blob.Sum
		text  string
		err   func(error) bool
	}{
		"what is in the old one":            {store: moving, sum: old, text: "an old photo"},
		"what is in the new one":            {store: moving, sum: young, text: "a new photo"},
		"what is damaged in the new one":    {store: moving, sum: both, text: "a photo sent again"},
		"what is nowhere":                   {store: moving, sum: blob.Sum{1}, err: isKind(fail.NotFound)},
		"in the old one, the new one away":  {store: &blob.Moving{To: away{to}, From: from}, sum: old, text: "an old photo"},
		"in the new one, the new one away":  {store: &blob.Moving{To: away{to}, From: from}, sum: young, err: isUnavailable},
		"in the old one, the old one away":  {store: &blob.Moving{To: to, From: away{from}}, sum: old, err: isUnavailable},
		"damaged, in the new one alone now": {store: &blob.Moving{To: to, From: open(t, t.TempDir())}, sum: both, err: func(err error) bool { return errors.Is(err, blob.ErrDamaged) }},
	} {
		text, err := read(t, c.store, c.sum)
		if text != c.text || (c.err == nil) != (err == nil) || c.err != nil && !c.err(err) {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}

	if gone, err := moving.Remove(t.Context(), both, time.Now().Add(time.Hour)); !gone || err != nil {
		t.Error(gone, err)
	}
	if _, err := moving.Open(t.Context(), both); !fail.Is(err, fail.NotFound) {
		t.Errorf("removed from one only: %v", err)
	}
}

func isUnavailable(err error) bool { return fail.Is(err, fail.Unavailable) }

func isKind(kind fail.Kind) func(error) bool {
	return func(err error) bool { return fail.Is(err, kind) }
}

// What was copied is there when it is copied again, after a stop too.
func TestCopy(t *testing.T) {
	storage := blobtest.NewStorage(t, t.TempDir())
	dir := t.TempDir()
	from, to := open(t, dir), bucket(t, dir, storage.Address("copied", storage.Host))
	texts := map[blob.Sum]string{}
	for i := range 30 {
		text := string(bytes.Repeat([]byte{byte(i)}, 100_000))
		texts[put(t, from, text)] = text
	}
	spoilt := put(t, from, "a photo that is damaged")
	if err := os.WriteFile(path(dir, spoilt), []byte("not a blob"), 0o600); err != nil {
		t.Fatal(err)
	}
	also := put(t, to, "what only the new one has")

	stopped, stop := context.WithCancel(t.Context())
	first, err := blob.Copy(stopped, from, to, 2, func(done blob.Copied) {
		if done.Blobs == 10 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) || first.Blobs < 10 || first.Blobs == 30 {
		t.Fatalf("stopped: %+v, %v", first, err)
	}
	then, err := blob.Copy(t.Context(), from, to, 4, func(blob.Copied) {})
	if err != nil || then.There < first.Blobs || then.There+then.Blobs != 30 || then.Bytes != int64(then.Blobs)*100_000 || !slices.Equal(then.Damaged, []blob.Sum{spoilt}) {
		t.Errorf("begun again: %+v, %v", then, err)
	}
	last, err := blob.Copy(t.Context(), from, to, 4, func(blob.Copied) {})
	if err != nil || last.There != 30 || last.Blobs != 0 || len(last.Damaged) != 1 {
		t.Errorf("once more: %+v, %v", last, err)
	}
	for sum, text := range texts {
		if got, err := read(t, to, sum); err != nil || got != text {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	}
	if _, err := read(t, to, also); err != nil {
		t.Error(err)
	}
	storage.Stop()
	if _, err := blob.Copy(t.Context(), from, to, 4, func(blob.Copied) {}); !fail.Is(err, fail.Unavailable) {
		t.Errorf("the new one is away: %v", err)
	}
}
