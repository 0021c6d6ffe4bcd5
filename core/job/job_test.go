package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/db/dbtest"
)

// clock is a database's clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func wind(d *db.DB) *clock {
	c := &clock{now: dbtest.Noon}
	d.Now = func() time.Time {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.now
	}
	return c
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

func (c *clock) forward(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

func newQueue(t *testing.T, d *db.DB, handlers map[Kind]Handler, daily ...Daily) *Queue {
	t.Helper()
	q, err := New(d, slog.New(slog.DiscardHandler), handlers, daily...)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func enqueueNow(t *testing.T, d *db.DB, q *Queue, kind Kind, payload any, unique string) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error { return q.Enqueue(tx, kind, payload, tx.Now, unique) })
	if err != nil {
		t.Fatal(err)
	}
}

// do does one job and fails the test unless there was one, or was none.
func do(t *testing.T, q *Queue, want bool) {
	t.Helper()
	if did, err := q.Do(t.Context()); did != want || err != nil {
		t.Fatalf("did a job: %t, want %t, %v", did, want, err)
	}
}

// row is what the table says of a job.
type row struct {
	Kind  string
	Tries int
	Error string
	Dead  bool
	Due   time.Duration // from the clock
}

func rows(t *testing.T, d *db.DB) (list []row) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		list, err = db.All(tx, func(r db.Row) (one row, err error) {
			var due, dead db.Time
			err = r.Scan(&one.Kind, &one.Tries, &one.Error, &due, &dead)
			one.Dead, one.Due = !dead.IsZero(), due.Sub(tx.Now)
			return one, err
		}, `SELECT kind, tries, error, due_at, dead_at FROM job_job ORDER BY id`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestNoHandlerNoJob(t *testing.T) {
	d := dbtest.SQLite(t, Schema())
	log := slog.New(slog.DiscardHandler)
	if _, err := New(d, log, nil, Daily{"a.b", 3, 10}); err == nil {
		t.Error("a daily job without a handler was accepted")
	}
	nothing := func(context.Context, Job) error { return nil }
	if _, err := New(d, log, map[Kind]Handler{"a.b": nothing}, Daily{"a.b", 3, 10}, Daily{"a.b", 4, 0}); err == nil {
		t.Error("a daily job was accepted twice")
	}
	q := newQueue(t, d, map[Kind]Handler{"a.b": nothing})
	err := d.Write(t.Context(), func(tx *db.Tx) error { return q.Enqueue(tx, "a.c", nil, tx.Now, "") })
	if err == nil || len(rows(t, d)) != 0 {
		t.Errorf("a job without a handler was queued: %v", err)
	}
}

func TestManyWorkersDoEachJobOnce(t *testing.T) {
	const n = 40
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var mu sync.Mutex
		done := map[string]int{}
		q := newQueue(t, d, map[Kind]Handler{"a.b": func(_ context.Context, j Job) error {
			mu.Lock()
			defer mu.Unlock()
			done[string(j.Payload)]++
			return nil
		}})
		for i := range n {
			enqueueNow(t, d, q, "a.b", i, "")
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for {
					did, err := q.Do(t.Context())
					if err != nil {
						t.Error(err)
					}
					if !did {
						return
					}
				}
			})
		}
		all.Wait()
		for i := range n {
			if times := done[fmt.Sprint(i)]; times != 1 {
				t.Errorf("job %d was done %d times", i, times)
			}
		}
		if left := rows(t, d); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	}, Schema())
}

func TestOrderAndDueTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := wind(d)
		var done []string
		q := newQueue(t, d, map[Kind]Handler{"a.b": func(_ context.Context, j Job) error {
			var name string
			err := json.Unmarshal(j.Payload, &name)
			done = append(done, name)
			return err
		}})
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return errors.Join(
				q.Enqueue(tx, "a.b", "later", tx.Now.Add(time.Minute), ""),
				q.Enqueue(tx, "a.b", "now", tx.Now, ""),
				q.Enqueue(tx, "a.b", "before", tx.Now.Add(-time.Minute), ""))
		})
		if err != nil {
			t.Fatal(err)
		}
		do(t, q, true)
		do(t, q, true)
		do(t, q, false)
		now.forward(time.Minute)
		do(t, q, true)
		if diff := cmp.Diff([]string{"before", "now", "later"}, done); diff != "" {
			t.Error(diff)
		}
	}, Schema())
}

func TestAUniqueJobIsQueuedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var q *Queue
		q = newQueue(t, d, map[Kind]Handler{"a.b": func(context.Context, Job) error {
			enqueueNow(t, d, q, "a.b", nil, "one") // while it is being done
			return nil
		}})
		enqueueNow(t, d, q, "a.b", nil, "one")
		enqueueNow(t, d, q, "a.b", nil, "one")
		enqueueNow(t, d, q, "a.b", nil, "two")
		if list := rows(t, d); len(list) != 2 {
			t.Fatalf("queued: %v", list)
		}
		do(t, q, true)
		if list := rows(t, d); len(list) != 1 {
			t.Errorf("queued again while it was being done: %v", list)
		}
		enqueueNow(t, d, q, "a.b", nil, "one")
		if list := rows(t, d); len(list) != 2 {
			t.Errorf("not queued after it was done: %v", list)
		}
	}, Schema())
}

func TestAFailureIsTriedAgainThenLeftDead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := wind(d)
		q := newQueue(t, d, map[Kind]Handler{
			"a.error": func(context.Context, Job) error { return errors.New("no\x00 way \xff" + strings.Repeat("é", 300)) },
			"a.panic": func(context.Context, Job) error { panic("boom") },
		})
		for kind, want := range map[Kind]string{"a.error": "no way é", "a.panic": "job: panic: boom"} {
			enqueueNow(t, d, q, kind, nil, "one")
			wait := firstWait
			for try := 1; try <= MaxTries; try++ {
				do(t, q, true)
				do(t, q, false)
				last := rows(t, d)
				got := last[len(last)-1]
				if got.Tries != try || !strings.HasPrefix(got.Error, want) || len(got.Error) > 500 {
					t.Fatalf("after try %d: %+v", try, got)
				}
				if got.Dead != (try == MaxTries) {
					t.Fatalf("after try %d dead: %t", try, got.Dead)
				}
				if !got.Dead && (got.Due < wait/2 || got.Due > wait) {
					t.Errorf("after try %d it waits %s, want %s to %s", try, got.Due, wait/2, wait)
				}
				now.forward(wait)
				wait = min(2*wait, longestWait)
			}
			now.forward(24 * time.Hour)
			do(t, q, false)
		}
		enqueueNow(t, d, q, "a.error", nil, "one") // a dead job keeps no key
		do(t, q, true)
	}, Schema())
}

// A worker that dies leaves a claimed job behind. Another claims it when the
// lease ends; should the first come back, it changes nothing.
func TestALeaseEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := wind(d)
		q := newQueue(t, d, map[Kind]Handler{"a.b": func(context.Context, Job) error { return nil }})
		enqueueNow(t, d, q, "a.b", nil, "")
		claim := func() Job {
			j, ok, err := q.claim(t.Context(), ordinary)
			if !ok || err != nil {
				t.Fatalf("not claimed: %v", err)
			}
			return j
		}
		first := claim()
		now.forward(q.Lease - time.Millisecond)
		do(t, q, false)
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return q.renew(tx, first) }); err != nil {
			t.Fatal(err)
		}
		now.forward(q.Lease - time.Millisecond)
		do(t, q, false)
		now.forward(time.Millisecond)
		second := claim()
		if second.ID != first.ID || second.Try != 2 {
			t.Errorf("%+v after %+v", second, first)
		}
		for name, late := range map[string]func(*db.Tx) error{
			"renew":    func(tx *db.Tx) error { return q.renew(tx, first) },
			"release":  func(tx *db.Tx) error { return q.release(tx, first) },
			"finish":   func(tx *db.Tx) error { return q.finish(tx, first) },
			"postpone": func(tx *db.Tx) error { return q.postpone(tx, first, errors.New("late")) },
		} {
			if err := d.Write(t.Context(), late); !errors.Is(err, errLost) {
				t.Errorf("%s by the first worker: %v", name, err)
			}
		}
		if list := rows(t, d); len(list) != 1 || list[0].Error != "" {
			t.Errorf("%v", list)
		}
		for try := 3; try <= MaxTries; try++ {
			now.forward(q.Lease)
			claim()
		}
		now.forward(q.Lease)
		do(t, q, true)
		if list := rows(t, d); !list[0].Dead || list[0].Error != "job: its workers died" {
			t.Errorf("a job that takes its workers down: %+v", list)
		}
	}, Schema())
}

func TestALostLeaseEndsTheHandler(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := newQueue(t, d, map[Kind]Handler{"a.b": func(ctx context.Context, j Job) error {
			err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE job_job SET claim = claim + 1`) // as another worker's claim does
				return err
			})
			if err != nil {
				return err
			}
			<-ctx.Done()
			return context.Cause(ctx)
		}})
		q.Lease = 30 * time.Millisecond
		enqueueNow(t, d, q, "a.b", nil, "")
		do(t, q, true)
		if list := rows(t, d); len(list) != 1 || list[0].Error != "" {
			t.Errorf("the job of the other worker was changed: %v", list)
		}
	}, Schema())
}
