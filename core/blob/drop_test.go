package blob

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preau/core/fail"
	"preau/core/seal"
)

// A blob is put between the look at its age and the move that sets it aside.
func TestWhatIsPutWhileItIsRemovedStays(t *testing.T) {
	dir := t.TempDir()
	key, err := seal.Open(filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := OpenFolder(filepath.Join(dir, "blobs"), key)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	yesterday := time.Now().Add(-24 * time.Hour)
	for name, c := range map[string]struct {
		old, again bool // the one that is set aside is old; there is another in its place
		removed    bool
		stays      bool
	}{
		"it is old":                        {old: true, removed: true},
		"it is young":                      {stays: true},
		"it is old, and was put since":     {old: true, again: true, removed: true, stays: true},
		"it is young, and was put since":   {again: true, stays: true},
		"it is old, and was tidied before": {removed: true},
	} {
		t.Run(name, func(t *testing.T) {
			sum, _, err := f.Put(t.Context(), strings.NewReader("a photo"), 100)
			if err != nil {
				t.Fatal(err)
			}
			at := aside()
			if err := f.root.Rename(place(sum), at); err != nil {
				t.Fatal(err)
			}
			if c.old {
				err = f.root.Chtimes(at, yesterday, yesterday.Add(-time.Hour))
			} else if c.removed {
				err = f.root.Remove(at)
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.again {
				if _, _, err := f.Put(t.Context(), strings.NewReader("a photo"), 100); err != nil {
					t.Fatal(err)
				}
			}
			if removed, err := f.drop(at, sum, yesterday); removed != c.removed || err != nil {
				t.Errorf("%v, %v", removed, err)
			}
			r, err := f.Open(t.Context(), sum)
			if c.stays != (err == nil) || !c.stays && !fail.Is(err, fail.NotFound) {
				t.Errorf("afterwards: %v", err)
			}
			if err == nil {
				r.Close()
				err = f.root.Remove(place(sum))
			}
			if err != nil && !errors.Is(err, os.ErrNotExist) && !fail.Is(err, fail.NotFound) {
				t.Error(err)
			}
			if n, err := f.Tidy(t.Context(), time.Now().Add(time.Hour)); n != 0 || err != nil {
				t.Errorf("left: %d, %v", n, err)
			}
		})
	}
}
