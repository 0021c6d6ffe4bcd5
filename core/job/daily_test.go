package job

import (
	"context"
	"errors"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
)

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
