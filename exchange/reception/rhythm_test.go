package reception

import (
	"testing"
	"time"
)

func TestFollows(t *testing.T) {
	for _, c := range []struct {
		last, day string
		want      bool
	}{
		{"2026-10-05", "2026-10-05", true},  // again
		{"2026-10-05", "2026-10-06", true},  // Monday, Tuesday
		{"2026-10-05", "2026-10-07", false}, // Tuesday is missing
		{"2026-10-09", "2026-10-12", true},  // Friday, Monday
		{"2026-10-09", "2026-10-10", true},  // Saturday is welcome
		{"2026-10-10", "2026-10-12", true},
		{"2026-10-09", "2026-10-13", false}, // Monday is missing
		{"2026-11-10", "2026-11-12", true},  // over 11 November
		{"2026-04-03", "2026-04-07", true},  // over Easter
		{"2026-05-13", "2026-05-15", true},  // over the Ascension
		{"2026-05-13", "2026-05-18", false}, // the Friday after it is worked
	} {
		last, _ := time.Parse(time.DateOnly, c.last)
		day, _ := time.Parse(time.DateOnly, c.day)
		if got := follows(last, day); got != c.want {
			t.Errorf("%s after %s: %v", c.day, c.last, got)
		}
	}
}

func TestSafeName(t *testing.T) {
	for name, want := range map[string]string{
		"ENT1D.20260901.tgz": "ENT1D.20260901.tgz", "été.zip": "x_t_.zip", "../x": "x_x", "": "x", "-rf": "x-rf", "a\nb": "a_b",
	} {
		if got := safeName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}
