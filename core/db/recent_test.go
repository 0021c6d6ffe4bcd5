package db_test

import (
	"errors"
	"testing"
	"time"

	"preau/core/db"
)

func TestRecent(t *testing.T) {
	var known db.Recent[int]
	reads := 0
	at := func(now time.Time) int {
		t.Helper()
		n, err := known.Get(now, time.Minute, func() (int, error) { reads++; return reads, nil })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	day := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		when string
		now  time.Time
		want int
	}{
		{"at first", day, 1},
		{"soon after", day.Add(59 * time.Second), 1},
		{"later", day.Add(time.Minute), 2},
		{"when the clock went back", day, 3},
	} {
		if got := at(c.now); got != c.want {
			t.Errorf("%s: read %d times", c.when, got)
		}
	}
	known.Forget()
	if _, err := known.Get(day, time.Minute, func() (int, error) { return 0, errors.New("no database") }); err == nil {
		t.Error("an error is kept from who asks")
	}
	if got := at(day); got != 4 {
		t.Errorf("after an error: read %d times", got)
	}
}
