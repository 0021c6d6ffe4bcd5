package school

import (
	"testing"
	"time"
)

// A day begins in Paris, whatever the zone of the instant, and on the days that have an hour more or less.
func TestDayOf(t *testing.T) {
	for _, is := range [][2]string{
		{"2026-10-04T22:30:00Z", "2026-10-04T22:00:00Z"}, // half past midnight of the 5th there
		{"2026-10-05T21:59:59Z", "2026-10-04T22:00:00Z"},
		{"2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z"},
		{"2027-03-28T12:00:00Z", "2027-03-27T23:00:00Z"},
	} {
		at, err := time.Parse(time.RFC3339, is[0])
		if err != nil {
			t.Fatal(err)
		}
		if got := DayOf(at).UTC().Format(time.RFC3339); got != is[1] {
			t.Errorf("the day of %s begins at %s, not %s", is[0], got, is[1])
		}
	}
	if got := DayOf(time.Date(2026, 10, 25, 12, 0, 0, 0, time.UTC)).AddDate(0, 0, 1).UTC(); got.Hour() != 23 {
		t.Errorf("the day after the one of 25 hours begins at %s", got)
	}
}
