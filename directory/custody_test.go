package directory

import (
	"testing"
	"time"

	"preau/core/school"
)

// A week begins when the child changes homes.
func TestCustodyWith(t *testing.T) {
	const even, odd school.ID = 2, 3
	for _, c := range []struct {
		turn time.Weekday
		day  string // 2026-10-05 is the Monday of week 41
		with school.ID
	}{
		{time.Monday, "2026-10-05", odd}, {time.Monday, "2026-10-11", odd}, {time.Monday, "2026-10-12", even}, {time.Monday, "2026-10-04", even},
		{time.Friday, "2026-10-08", even}, {time.Friday, "2026-10-09", odd}, {time.Friday, "2026-10-15", odd}, {time.Friday, "2026-10-16", even},
		{time.Sunday, "2026-10-10", even}, {time.Sunday, "2026-10-11", odd}, {time.Sunday, "2026-10-17", odd},
		{time.Monday, "2026-12-28", odd}, {time.Monday, "2027-01-04", odd}, // week 53, then week 1
	} {
		day, err := time.ParseInLocation(time.DateOnly, c.day, school.Paris)
		if err != nil {
			t.Fatal(err)
		}
		for _, hour := range []int{0, 12, 23} {
			at := day.Add(time.Duration(hour) * time.Hour)
			if got := (Custody{Even: even, Odd: odd, Turn: c.turn}).With(at); got != c.with {
				t.Errorf("changing on %s, the child is with %d on %s at %d h", c.turn, got, c.day, hour)
			}
		}
	}
}
