package job

import (
	"context"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// dailyKey is the unique key of the row of a daily job.
func dailyKey(kind Kind) string { return "daily " + string(kind) }

// plant makes the rows of the daily jobs that have none yet.
func (q *Queue) plant(ctx context.Context) error {
	return q.db.Write(ctx, func(tx *db.Tx) error {
		for kind, day := range q.daily {
			if err := enqueue(tx, kind, "null", day.after(tx.Now), dailyKey(kind)); err != nil {
				return err
			}
		}
		return nil
	})
}

// next gives the next time of a daily job; ok is false for any other job.
func (q *Queue) next(j Job, now time.Time) (at time.Time, ok bool) {
	day, ok := q.daily[j.Kind]
	if !ok || j.key != dailyKey(j.Kind) {
		return time.Time{}, false
	}
	return day.after(now), true
}

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
