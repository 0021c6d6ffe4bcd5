package job

import (
	"context"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
)

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
