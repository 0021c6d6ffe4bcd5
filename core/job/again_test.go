package job

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/db/dbtest"
)

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
