package job

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
)

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
