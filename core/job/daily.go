package job

import (
	"context"
	"fmt"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// dailyKey is the unique key of the row of a daily job.
func dailyKey(kind Kind) string { return "daily " + string(kind) }

// repeatKey is the unique key of the row of a job that is done again and again.
func repeatKey(kind Kind) string { return "repeat " + string(kind) }

// Repeat has a job done again and again, so long after the last time, by one worker
// whatever the number of nodes. It is said before [Queue.Run], of a kind that has a
// handler.
func (q *Queue) Repeat(kind Kind, every time.Duration) error {
	if q.handlers[kind] == nil {
		return fmt.Errorf("job: %s is done every %s, and has no handler", kind, every)
	}
	q.repeated[kind] = every
	return nil
}

// Hurry has jobs claimed before all others, and by a worker of their own when the others are
// busy. It is said before [Queue.Run], of kinds that have a handler.
func (q *Queue) Hurry(kinds ...Kind) error {
	for _, kind := range kinds {
		if q.handlers[kind] == nil {
			return fmt.Errorf("job: %s is urgent, and has no handler", kind)
		}
		q.urgent[kind] = true
	}
	return nil
}

// plant makes the rows of the daily jobs, and of those that are repeated, that have none
// yet. What was queued before its kind was urgent, or by a node of which it is not, is so now.
func (q *Queue) plant(ctx context.Context) error {
	return q.db.Write(ctx, func(tx *db.Tx) error {
		for kind := range q.urgent {
			if _, err := tx.Exec(`UPDATE job_job SET urgent = TRUE WHERE kind = $1 AND urgent = FALSE AND dead_at IS NULL`, string(kind)); err != nil {
				return err
			}
		}
		for kind, every := range q.repeated {
			if err := q.enqueue(tx, kind, "null", tx.Now.Add(every), repeatKey(kind)); err != nil {
				return err
			}
		}
		for kind, day := range q.daily {
			if err := q.enqueue(tx, kind, "null", day.after(tx.Now), dailyKey(kind)); err != nil {
				return err
			}
		}
		return nil
	})
}

// next gives the next time of a daily job, or of one that is repeated; ok is false for
// any other job.
func (q *Queue) next(j Job, now time.Time) (at time.Time, ok bool) {
	if q.repeats(j) {
		return now.Add(q.repeated[j.Kind]), true
	}
	day, ok := q.daily[j.Kind]
	if !ok || j.key != dailyKey(j.Kind) {
		return time.Time{}, false
	}
	return day.after(now), true
}

// repeats tells whether a job is one that is done again and again.
func (q *Queue) repeats(j Job) bool { return q.repeated[j.Kind] > 0 && j.key == repeatKey(j.Kind) }

// after gives the first time of the job later than now. An hour that a
// change of clocks skips is an hour later that day.
func (d Daily) after(now time.Time) time.Time {
	today := now.In(school.Paris)
	at := time.Date(today.Year(), today.Month(), today.Day(), d.Hour, d.Minute, 0, 0, school.Paris)
	if at.After(now) {
		return at
	}
	return time.Date(today.Year(), today.Month(), today.Day()+1, d.Hour, d.Minute, 0, 0, school.Paris)
}
