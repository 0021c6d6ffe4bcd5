package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"preau/core/db"
)

// Run works until the context ends. Then it claims no more, gives the
// handlers that are at work the time of Grace to finish, ends their contexts,
// and returns when they have.
func (q *Queue) Run(ctx context.Context) error {
	if err := q.plant(ctx); err != nil {
		return fmt.Errorf("planting the daily jobs: %w", err)
	}
	if err := q.warn(ctx); err != nil {
		return fmt.Errorf("reading the queue: %w", err)
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	context.AfterFunc(ctx, func() { time.AfterFunc(q.Grace, stop) })
	var all sync.WaitGroup
	for range q.Workers {
		all.Go(func() { q.work(ctx, work, urgent, ordinary) })
	}
	if len(q.urgent) > 0 {
		all.Go(func() { q.work(ctx, work, urgent) })
	}
	all.Wait()
	return nil
}

// warn logs the kinds that are queued and have no handler here. They are
// left for a node that has one: during an upgrade there are two releases.
func (q *Queue) warn(ctx context.Context) error {
	return q.db.Read(ctx, func(tx *db.Tx) error {
		kinds, err := db.All(tx, db.Column[Kind], `SELECT DISTINCT kind FROM job_job WHERE dead_at IS NULL`)
		for _, kind := range kinds {
			if q.handlers[kind] == nil {
				q.log.Error("jobs without a handler", "job", kind)
			}
		}
		return err
	})
}

// work does jobs one after the other, and looks again after a while when
// there is none.
func (q *Queue) work(claiming, working context.Context, lanes ...lane) {
	for claiming.Err() == nil {
		did, err := q.do(claiming, working, lanes...)
		if err != nil && claiming.Err() == nil {
			q.log.Error("jobs", "error", err)
		}
		if did && err == nil {
			continue
		}
		select {
		case <-claiming.Done():
		case <-time.After(q.Poll):
		}
	}
}

// Do does one job that is due, if there is one, and tells whether there was.
// The error is of the queue; that of the handler is kept with the job.
func (q *Queue) Do(ctx context.Context) (bool, error) { return q.do(ctx, ctx, urgent, ordinary) }

func (q *Queue) do(claiming, working context.Context, lanes ...lane) (bool, error) {
	j, ok, err := q.claim(claiming, lanes...)
	if err != nil || !ok {
		return false, err
	}
	ctx, cancel := context.WithCancelCause(working)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		q.keep(ctx, j, cancel)
	}()
	start := time.Now()
	cause := q.handle(ctx, j)
	cancel(nil)
	<-renewed

	log := q.log.With("job", j.Kind, "id", j.ID, "try", j.Try, "seconds", time.Since(start).Seconds())
	end := func(tx *db.Tx) error { return q.finish(tx, j) }
	var part *onward
	switch {
	case cause == nil:
		level := slog.LevelInfo
		if q.repeats(j) {
			level = slog.LevelDebug // a line every minute hides the others
		}
		log.Log(ctx, level, "job done")
	case errors.As(cause, &part):
		log.Debug("job goes on")
		end = func(tx *db.Tx) error { return q.goOn(tx, j, part) }
	case errors.Is(context.Cause(ctx), errLost):
		log.Warn("job lost", "error", cause)
		return true, nil
	case working.Err() != nil:
		log.Info("job interrupted", "error", cause)
		end = func(tx *db.Tx) error { return q.release(tx, j) }
	default:
		log.Error("job failed", "error", cause)
		end = func(tx *db.Tx) error { return q.postpone(tx, j, cause) }
	}
	// What happened is written down even while the node stops.
	saving, done := context.WithTimeout(context.WithoutCancel(working), 10*time.Second)
	defer done()
	err = q.db.Write(saving, end)
	if errors.Is(err, errLost) {
		log.Log(saving, slog.LevelWarn, "job lost")
		return true, nil
	}
	return true, err
}

// keep renews the lease until the context ends, and ends it when the lease
// is lost. A database that does not answer is asked again at the next tick.
func (q *Queue) keep(ctx context.Context, j Job, cancel context.CancelCauseFunc) {
	tick := time.NewTicker(q.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			err := q.db.Write(ctx, func(tx *db.Tx) error { return q.renew(tx, j) })
			if errors.Is(err, errLost) {
				cancel(errLost)
				return
			}
		}
	}
}

// handle runs the handler; a panic of it is an error like another. A job
// that took its worker down MaxTries times is not run again.
func (q *Queue) handle(ctx context.Context, j Job) (err error) {
	if j.Try > MaxTries {
		return errors.New("job: its workers died")
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("job: panic: %v\n%s", p, debug.Stack())
		}
	}()
	return q.handlers[j.Kind](ctx, j)
}
