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
	"preau/core/school"
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

func TestADailyJobIsDoneOnceADayWhateverTheNodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := wind(d)
		done := 0
		fails := false
		node := func() *Queue {
			q := newQueue(t, d, map[Kind]Handler{"a.b": func(context.Context, Job) error {
				done++
				if fails {
					return errors.New("no")
				}
				return nil
			}}, Daily{"a.b", 3, 10})
			if err := q.plant(t.Context()); err != nil {
				t.Fatal(err)
			}
			return q
		}
		nodes := []*Queue{node(), node()}
		night := time.Date(2026, 10, 24, 3, 10, 0, 0, school.Paris)
		now.set(night.Add(-time.Second))
		for day := range 3 { // the clock goes back on the 25th
			at := time.Date(2026, 10, 24+day, 3, 10, 0, 0, school.Paris)
			if day > 0 {
				now.set(at.Add(-time.Second))
				do(t, nodes[0], false)
			} else {
				do(t, nodes[1], true) // that of the days before
				done = 0
			}
			now.set(at)
			do(t, nodes[day%2], true)
			do(t, nodes[(day+1)%2], false)
			node() // a node that starts changes nothing
			if done != day+1 {
				t.Errorf("%s: done %d times", at, done)
			}
		}
		fails = true
		now.forward(24 * time.Hour)
		for range MaxTries {
			do(t, nodes[0], true)
			now.forward(longestWait)
		}
		do(t, nodes[0], false)
		list := rows(t, d)
		if len(list) != 1 || list[0].Dead || list[0].Tries != 0 || list[0].Error != "no" || list[0].Due > 24*time.Hour {
			t.Errorf("after a night of failures: %+v", list)
		}
	}, Schema())
}

func TestDailyAfter(t *testing.T) {
	for _, c := range []struct{ now, want string }{
		{"2026-10-05T00:00:00+02:00", "2026-10-05T02:30:00+02:00"},
		{"2026-10-05T02:30:00+02:00", "2026-10-06T02:30:00+02:00"},
		{"2026-10-05T22:30:00Z", "2026-10-06T02:30:00+02:00"}, // already the 6th in Paris
		{"2026-12-31T12:00:00+01:00", "2027-01-01T02:30:00+01:00"},
		{"2027-03-27T12:00:00+01:00", "2027-03-28T03:30:00+02:00"}, // 2:30 does not exist
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := (Daily{Hour: 2, Minute: 30}).after(now).Format(time.RFC3339); got != c.want {
			t.Errorf("after %s: %s, want %s", c.now, got, c.want)
		}
	}
}

// A node that stops claims nothing more and lets the handler at work finish.
func TestRunStopsGently(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(t.Context())
		done := 0
		q := newQueue(t, d, map[Kind]Handler{"a.b": func(working context.Context, _ Job) error {
			stop()
			done++
			return working.Err()
		}})
		q.Workers = 1
		enqueueNow(t, d, q, "a.b", nil, "")
		enqueueNow(t, d, q, "a.b", nil, "")
		if err := q.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if list := rows(t, d); done != 1 || len(list) != 1 || list[0].Tries != 0 {
			t.Errorf("%d done, left %v", done, list)
		}
	}, Schema())
}

// A handler that does not finish in time is interrupted, and its job is as
// if it had not been tried.
func TestRunInterruptsInTheEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(t.Context())
		q := newQueue(t, d, map[Kind]Handler{"a.b": func(working context.Context, _ Job) error {
			stop()
			<-working.Done()
			return working.Err()
		}})
		q.Grace = time.Millisecond
		enqueueNow(t, d, q, "a.b", nil, "")
		if err := q.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if list := rows(t, d); len(list) != 1 || list[0].Tries != 0 || list[0].Error != "" || list[0].Due > 0 {
			t.Errorf("left %+v", list)
		}
	}, Schema())
}

func TestRunSeesWhatIsQueuedWhileItRuns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var q *Queue
		q = newQueue(t, d, map[Kind]Handler{
			"a.first":  func(context.Context, Job) error { enqueueNow(t, d, q, "a.second", nil, ""); return nil },
			"a.second": func(context.Context, Job) error { stop(); return nil },
		})
		q.Poll = time.Millisecond
		enqueueNow(t, d, q, "a.first", nil, "")
		if err := q.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if list := rows(t, d); len(list) != 0 {
			t.Errorf("left %v", list)
		}
	}, Schema())
}

// A handler that knows better says when to try again, as often as it likes, and
// when nothing helps.
func TestAHandlerSaysWhenAndWhether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := wind(d)
		const wait = 45 * time.Minute
		var says error
		q := newQueue(t, d, map[Kind]Handler{"a.b": func(context.Context, Job) error { return fmt.Errorf("handing over: %w", says) }})
		enqueueNow(t, d, q, "a.b", nil, "")
		says = Later(errors.New("not now"), wait)
		for range 2 * MaxTries {
			do(t, q, true)
			do(t, q, false)
			if got := rows(t, d)[0]; got.Dead || got.Tries != 0 || got.Due != wait || got.Error != "handing over: not now" {
				t.Fatalf("%+v", got)
			}
			now.forward(wait)
		}
		says = Dead(errors.New("never"))
		do(t, q, true)
		if got := rows(t, d)[0]; !got.Dead || got.Error != "handing over: never" {
			t.Errorf("%+v", got)
		}
	}, Schema())
}

// What is urgent waits for nothing that was due before it, whatever there is of it; the claim reads
// the first entries of an index, be there a thousand that are not due yet.
func TestWhatIsUrgentIsClaimedFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := wind(d)
		var done []Kind
		note := func(_ context.Context, j Job) error { done = append(done, j.Kind); return nil }
		q := newQueue(t, d, map[Kind]Handler{"a.mail": note, "a.notice": note})
		if err := q.Hurry("a.none"); err == nil {
			t.Error("a kind that has no handler is urgent")
		}
		if err := q.Hurry("a.notice"); err != nil {
			t.Fatal(err)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			for range 1000 {
				if err := errors.Join(q.Enqueue(tx, "a.mail", nil, tx.Now, ""), q.Enqueue(tx, "a.notice", nil, tx.Now.Add(time.Hour), "")); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		now.forward(5 * time.Minute)
		enqueueNow(t, d, q, "a.notice", nil, "")
		do(t, q, true)
		do(t, q, true)
		if diff := cmp.Diff([]Kind{"a.notice", "a.mail"}, done); diff != "" {
			t.Error(diff)
		}
		if _, ok, err := q.claim(t.Context(), urgent); ok || err != nil {
			t.Errorf("the worker of what is urgent has something else to do: %t, %v", ok, err)
		}
		query, kinds := q.claims()
		explain := map[bool]string{true: "EXPLAIN ", false: "EXPLAIN QUERY PLAN "}[d.Dialect() == db.Postgres]
		var plan []string
		if err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
			if d.Dialect() == db.Postgres {
				if _, err := tx.Exec(`ANALYZE job_job`); err != nil {
					return err
				}
				plan, err = db.All(tx, db.Column[string], explain+query, append([]any{db.At(tx.Now), db.At(tx.Now), school.ID(1), true}, kinds...)...)
				return err
			}
			plan, err = db.All(tx, func(row db.Row) (line string, err error) {
				var skip int
				return line, row.Scan(&skip, &skip, &skip, &line)
			}, explain+query, append([]any{db.At(tx.Now), db.At(tx.Now), school.ID(1), true}, kinds...)...)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		said := strings.Join(plan, "\n")
		if !strings.Contains(said, "job_job_due") || strings.Contains(said, "Sort") || strings.Contains(said, "TEMP B-TREE") {
			t.Errorf("a claim is answered by\n%s", said)
		}
	}, Schema())
}

// What was queued before its kind was urgent is so once a node runs of which it is.
func TestWhatBecomesUrgent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		nothing := func(context.Context, Job) error { return nil }
		old := newQueue(t, d, map[Kind]Handler{"a.b": nothing})
		enqueueNow(t, d, old, "a.b", nil, "")
		q := newQueue(t, d, map[Kind]Handler{"a.b": nothing})
		if err := q.Hurry("a.b"); err != nil {
			t.Fatal(err)
		}
		if err := q.plant(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := q.claim(t.Context(), urgent); !ok || err != nil {
			t.Errorf("it is not urgent: %v", err)
		}
	}, Schema())
}

// However long the others work, there is a worker for what is urgent.
func TestAnUrgentJobRunsWhileTheOthersAreBusy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var q *Queue
		var busy sync.WaitGroup
		busy.Add(2)
		told := make(chan struct{})
		q = newQueue(t, d, map[Kind]Handler{
			"a.long": func(working context.Context, _ Job) error {
				busy.Done()
				select {
				case <-told:
				case <-working.Done():
					t.Error("nobody does what is urgent")
				}
				return nil
			},
			"a.notice": func(context.Context, Job) error { close(told); stop(); return nil },
		})
		if err := q.Hurry("a.notice"); err != nil {
			t.Fatal(err)
		}
		q.Poll, q.Grace = time.Millisecond, 10*time.Second
		enqueueNow(t, d, q, "a.long", 1, "")
		enqueueNow(t, d, q, "a.long", 2, "")
		go func() {
			busy.Wait()
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return q.Enqueue(tx, "a.notice", nil, tx.Now, "") }); err != nil {
				t.Error(err)
			}
			time.AfterFunc(10*time.Second, stop)
		}()
		if err := q.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if list := rows(t, d); len(list) != 0 {
			t.Errorf("left %v", list)
		}
	}, Schema())
}

// A long job does a part, then waits without a worker: as one row, under its key, and a daily one
// begins from the beginning the next day.
func TestAJobGoesOnLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := wind(d)
		var seen []string
		fails := false
		q := newQueue(t, d, map[Kind]Handler{"a.b": func(_ context.Context, j Job) error {
			seen = append(seen, string(j.Payload))
			if fails {
				return errors.New("no")
			}
			if string(j.Payload) == "7" {
				return nil
			}
			return Onward(7, time.Minute)
		}}, Daily{"a.b", 3, 10})
		if err := q.plant(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			now.forward(24 * time.Hour)
			do(t, q, true)
			do(t, q, false)
			if list := rows(t, d); len(list) != 1 || list[0].Tries != 0 || list[0].Error != "" || list[0].Due != time.Minute {
				t.Fatalf("after a part: %+v", list)
			}
			now.forward(time.Minute)
			do(t, q, true)
			do(t, q, false)
		}
		// One that fails to the end does not go on from there the next day.
		now.forward(24 * time.Hour)
		do(t, q, true)
		fails = true
		for range MaxTries {
			now.forward(longestWait)
			do(t, q, true)
		}
		fails = false
		now.forward(24 * time.Hour)
		do(t, q, true)
		want := []string{"null", "7", "null", "7", "null"}
		for range MaxTries {
			want = append(want, "7")
		}
		if diff := cmp.Diff(append(want, "null"), seen); diff != "" {
			t.Error(diff)
		}
	}, Schema())
}
