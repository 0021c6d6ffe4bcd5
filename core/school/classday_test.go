package school

import (
	"testing"
	"time"
)

func TestClassDay(t *testing.T) {
	for from, want := range map[string][2]string{
		"2026-10-06": {"2026-10-06", "2026-10-06"}, // a Tuesday
		"2026-10-07": {"2026-10-08", "2026-10-06"}, // a Wednesday
		"2026-10-11": {"2026-10-12", "2026-10-09"}, // a Sunday
		"2026-12-25": {"2027-01-05", "2026-12-18"},
		"2027-07-14": {"2027-09-02", "2027-06-29"},
	} {
		day, err := time.ParseInLocation(time.DateOnly, from, Paris)
		if err != nil {
			t.Fatal(err)
		}
		for i, step := range []int{1, -1} {
			if got := ClassDay(day.Add(23*time.Hour), step).Format(time.DateOnly); got != want[i] {
				t.Errorf("from %s by %d, class is on %s, want %s", from, step, got, want[i])
			}
		}
	}
}
