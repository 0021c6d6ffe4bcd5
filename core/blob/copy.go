package blob

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"

	"preau/core/fail"
)

// Copied is what a copy did.
type Copied struct {
	There int   // blobs that were there already
	Blobs int   // that were copied
	Bytes int64 // which these hold
	// Damaged are those that could not be: the store from which they come has them no
	// longer as they were put.
	Damaged []Sum
}

// Copy copies to a store what it lacks of another, some at once, while both serve. What is
// damaged is left out, and said. It may be stopped and begun again: what was copied is
// there. Each blob is read to its end and verified on the way. said is called now and then
// with what was done so far, by one goroutine at a time.
func Copy(ctx context.Context, from, to Store, atOnce int, said func(Copied)) (done Copied, err error) {
	group, inside := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	var one sync.Mutex
	had, err := missingFrom(ctx, from, to, func(b Info) error {
		if err := inside.Err(); err != nil {
			return err
		}
		group.Go(func() error {
			size, err := copyOne(inside, from, to, b.Sum)
			one.Lock()
			defer one.Unlock()
			switch {
			case errors.Is(err, ErrDamaged):
				done.Damaged = append(done.Damaged, b.Sum)
			case fail.Is(err, fail.NotFound): // it was swept meanwhile
			case err != nil:
				return err
			default:
				done.Blobs, done.Bytes = done.Blobs+1, done.Bytes+size
			}
			said(done)
			return nil
		})
		return nil
	})
	if failed := group.Wait(); failed != nil {
		err = failed // why the listing was left
	}
	done.There = had
	return done, err
}
