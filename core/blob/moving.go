package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"preau/core/fail"
)

// Moving is the [Store] of an installation that moves from one to another while it serves:
// what is put goes to To, what is opened is looked for in both, what is removed is so from
// both. What nobody puts again is moved by [Copy].
type Moving struct {
	To, From Store
}

var _ Store = (*Moving)(nil)

// Put implements [Store].
func (m *Moving) Put(ctx context.Context, r io.Reader, limit int64) (Sum, int64, error) {
	return m.To.Put(ctx, r, limit)
}

// Open implements [Store]. Where one store is away, or has it damaged, the other one gives it.
func (m *Moving) Open(ctx context.Context, sum Sum) (io.ReadSeekCloser, error) {
	content, there := m.To.Open(ctx, sum)
	if there == nil {
		return content, nil
	}
	content, here := m.From.Open(ctx, sum)
	switch {
	case here == nil:
		return content, nil
	case fail.Is(there, fail.NotFound):
		return nil, here // it may be there, or is nowhere
	}
	return nil, there
}

// Remove implements [Store].
func (m *Moving) Remove(ctx context.Context, sum Sum, before time.Time) (bool, error) {
	here, err := m.From.Remove(ctx, sum, before)
	if err != nil {
		return here, err
	}
	there, err := m.To.Remove(ctx, sum, before)
	return here || there, err
}

// Each implements [Store]. What both have is told once, as the one that was put last.
func (m *Moving) Each(ctx context.Context, after Sum, f func(Info) error) error {
	next, stop := iter.Pull2(infos(ctx, m.From, after))
	defer stop()
	here, err, more := next()
	until := func(sum Sum) error { // tells what From alone has before a sum
		for ; more && (err != nil || here.Sum.Compare(sum) < 0); here, err, more = next() {
			if err != nil {
				return err
			}
			if err := f(here); err != nil {
				return err
			}
		}
		return nil
	}
	told := m.To.Each(ctx, after, func(there Info) error {
		if err := until(there.Sum); err != nil {
			return err
		}
		if more && here.Sum == there.Sum {
			if here.Put.After(there.Put) {
				there = here
			}
			here, err, more = next()
		}
		return f(there)
	})
	if told != nil {
		return told
	}
	for ; more; here, err, more = next() {
		if err != nil {
			return err
		}
		if err := f(here); err != nil {
			return err
		}
	}
	return nil
}

// errEnough ends a walk through a store that nobody goes on with.
var errEnough = errors.New("enough")

// infos gives the blobs of a store after a sum, then the error that ended them.
func infos(ctx context.Context, store Store, after Sum) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		err := store.Each(ctx, after, func(b Info) error {
			if !yield(b, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(Info{}, err)
		}
	}
}

// Tidy implements [Store].
func (m *Moving) Tidy(ctx context.Context, before time.Time) (int, error) {
	there, err := m.To.Tidy(ctx, before)
	if err != nil {
		return there, err
	}
	here, err := m.From.Tidy(ctx, before)
	return there + here, err
}

// Close implements [Store].
func (m *Moving) Close() error { return errors.Join(m.To.Close(), m.From.Close()) }

// missingFrom calls f with the blobs of one store that another lacks, in the order of their
// sums; had says how many it has.
func missingFrom(ctx context.Context, from, to Store, f func(Info) error) (had int, err error) {
	next, stop := iter.Pull2(infos(ctx, to, Sum{}))
	defer stop()
	there, broken, more := next()
	err = from.Each(ctx, Sum{}, func(here Info) error {
		for ; more && broken == nil && there.Sum.Compare(here.Sum) < 0; there, broken, more = next() {
		}
		if broken != nil {
			return broken
		}
		if more && there.Sum == here.Sum {
			had++
			return nil
		}
		return f(here)
	})
	return had, err
}

// copyOne puts a blob of one store in another, and gives the bytes that it holds.
func copyOne(ctx context.Context, from, to Store, sum Sum) (int64, error) {
	content, err := from.Open(ctx, sum)
	if err != nil {
		return 0, err
	}
	defer content.Close()
	size, err := content.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = content.Seek(0, io.SeekStart)
	}
	if err != nil {
		return 0, err
	}
	put, _, err := to.Put(ctx, content, size)
	if err == nil && put != sum {
		err = fmt.Errorf("%w: %s holds something else", ErrDamaged, sum)
	}
	return size, err
}
