package blob

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"golang.org/x/time/rate"

	"preau/core/fail"
)

// Scrubber looks, one by one, whether blobs are as they were put, whether those that
// something refers to are there, and which are there for nobody. It holds a few hundred sums
// and a piece of a blob, however many there are.
type Scrubber struct {
	Store Store
	// Replica is where a good one may be, or nil: what is damaged or missing is put again
	// from there.
	Replica Store
	// Referred lists, in their order and each once, some sums to which something refers
	// that come after one; none when there are no more.
	Referred func(ctx context.Context, after Sum) ([]Sum, error)
	// Refers says what refers to a blob, in words for the log; nothing does when it is empty.
	Refers func(ctx context.Context, sum Sum) ([]string, error)
	// Old is the instant before which a blob was put to which something refers by now.
	Old time.Time
	// Rate limits how many bytes of blobs are read in a second; nil does not.
	Rate *rate.Limiter
	// Found is told each blob that is damaged or missing.
	Found func(Finding)
}

// Finding is a blob with which something is wrong.
type Finding struct {
	Sum     Sum
	Missing bool     // it is not there; else what is there is damaged
	Refers  []string // what refers to it
	Mended  bool     // it was put again from the replica
	Err     error    // what is wrong with it, or with its replica
}

// Scrubbed counts what a scrubber saw.
type Scrubbed struct {
	Blobs   int   `json:"blobs"` // that are there
	Bytes   int64 `json:"bytes"` // that were read of them
	Damaged int   `json:"damaged"`
	Missing int   `json:"missing"`
	Mended  int   `json:"mended"`  // of the damaged and the missing
	Orphans int   `json:"orphans"` // nothing refers to them, for a day: the next sweep removes them
}

// Add counts together.
func (s Scrubbed) Add(more Scrubbed) Scrubbed {
	return Scrubbed{
		s.Blobs + more.Blobs, s.Bytes + more.Bytes, s.Damaged + more.Damaged,
		s.Missing + more.Missing, s.Mended + more.Mended, s.Orphans + more.Orphans,
	}
}

// Wrong tells how many blobs are damaged or missing still.
func (s Scrubbed) Wrong() int { return s.Damaged + s.Missing - s.Mended }

// Last is a sum after all others.
var Last = Sum(slices.Repeat([]byte{0xff}, len(Sum{})))

// scrub is one walk.
type scrub struct {
	*Scrubber
	Scrubbed
	until    Sum
	referred []Sum // those to come, of which some were read
	read     Sum   // the last one that was read
	ended    bool  // there are no more
}

// Run looks at the blobs whose sum comes after one, to another one, both there and referred
// to, until it has read so many bytes (0: all of them). It gives the last one that it looked
// at, until when it looked at all.
func (s *Scrubber) Run(ctx context.Context, after, until Sum, most int64) (Sum, Scrubbed, error) {
	w := &scrub{Scrubber: s, until: until, read: after}
	last := after
	err := s.Store.Each(ctx, after, func(b Info) error {
		if b.Sum.Compare(until) > 0 || most > 0 && w.Bytes >= most {
			return errEnough
		}
		if err := w.lacks(ctx, b.Sum); err != nil {
			return err
		}
		if err := w.look(ctx, b); err != nil {
			return err
		}
		last = b.Sum
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
		if most > 0 && w.Bytes >= most {
			return last, w.Scrubbed, nil
		}
	}
	if err == nil {
		err = w.lacks(ctx, until)
	}
	if err != nil {
		return last, w.Scrubbed, err
	}
	if next, err := w.next(ctx); err != nil || !next || w.referred[0] != until {
		return until, w.Scrubbed, err
	}
	return until, w.Scrubbed, w.missing(ctx, until)
}

// next has the next sum that is referred to be the first of those that were read.
func (w *scrub) next(ctx context.Context) (bool, error) {
	if len(w.referred) > 0 || w.ended {
		return len(w.referred) > 0, nil
	}
	var err error
	if w.referred, err = w.Referred(ctx, w.read); err != nil {
		return false, err
	}
	if w.ended = len(w.referred) == 0; w.ended {
		return false, nil
	}
	w.read = w.referred[len(w.referred)-1]
	return true, nil
}

// lacks looks at the sums before one that are referred to, of which the store did not tell.
func (w *scrub) lacks(ctx context.Context, before Sum) error {
	for {
		next, err := w.next(ctx)
		if err != nil || !next || w.referred[0].Compare(before) >= 0 {
			return err
		}
		sum := w.referred[0]
		w.referred = w.referred[1:]
		if err := w.missing(ctx, sum); err != nil {
			return err
		}
	}
}

// missing makes sure that a blob is not there, and that something refers to it: both may have
// changed since they were read.
func (w *scrub) missing(ctx context.Context, sum Sum) error {
	content, err := w.Store.Open(ctx, sum)
	if err == nil {
		return content.Close()
	}
	if !fail.Is(err, fail.NotFound) {
		if errors.Is(err, ErrDamaged) {
			return w.found(ctx, Finding{Sum: sum, Err: err})
		}
		return err
	}
	refers, broken := w.Refers(ctx, sum)
	if broken != nil || len(refers) == 0 {
		return broken
	}
	return w.found(ctx, Finding{Sum: sum, Missing: true, Refers: refers, Err: err})
}

// look reads one blob whole.
func (w *scrub) look(ctx context.Context, b Info) error {
	next, err := w.next(ctx)
	if err != nil {
		return err
	}
	referred := next && w.referred[0] == b.Sum
	if referred {
		w.referred = w.referred[1:]
	}
	n, err := w.whole(ctx, w.Store, b.Sum)
	w.Bytes += n
	switch {
	case fail.Is(err, fail.NotFound) && !referred:
		return nil // it was swept meanwhile
	case fail.Is(err, fail.NotFound):
		return w.missing(ctx, b.Sum)
	case errors.Is(err, ErrDamaged):
		err = w.found(ctx, Finding{Sum: b.Sum, Err: err})
	}
	w.Blobs++
	if err == nil && !referred && b.Put.Before(w.Old) {
		w.Orphans++
	}
	return err
}

// whole reads a blob to its end, and gives how many bytes it has.
func (w *scrub) whole(ctx context.Context, store Store, sum Sum) (read int64, err error) {
	content, err := store.Open(ctx, sum)
	if err != nil {
		return 0, err
	}
	defer content.Close()
	piece := make([]byte, 64<<10)
	for {
		n, err := content.Read(piece)
		read += int64(n)
		if errors.Is(err, io.EOF) {
			return read, nil
		}
		if err == nil && w.Rate != nil {
			err = w.Rate.WaitN(ctx, n)
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return read, err
		}
	}
}

// found counts and tells what is wrong, once it was mended if it can be.
func (w *scrub) found(ctx context.Context, f Finding) (err error) {
	if f.Refers == nil {
		if f.Refers, err = w.Refers(ctx, f.Sum); err != nil {
			return err
		}
	}
	if w.Replica != nil {
		_, err := copyOne(ctx, w.Replica, w.Store, f.Sum)
		if err == nil { // what was put is read again, not believed
			_, err = w.whole(ctx, w.Store, f.Sum)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if f.Mended = err == nil; !f.Mended {
			f.Err = errors.Join(f.Err, err)
		}
	}
	if f.Missing {
		w.Missing++
	} else {
		w.Damaged++
	}
	if f.Mended {
		w.Mended++
	}
	w.Found(f)
	return nil
}
