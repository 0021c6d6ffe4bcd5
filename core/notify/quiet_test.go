package notify

import (
	"testing"
	"time"

	"preau/core/school"
	"preau/core/web"
)

func paris(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, school.Paris)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// Quiet hours are those of Paris, in summer as in winter, and on the nights when clocks
// change.
func TestQuietHours(t *testing.T) {
	for _, c := range []struct {
		quiet   Quiet
		at, end string
	}{
		{OfFamilies, "2026-07-01 12:00", "2026-07-01 12:00"},
		{OfFamilies, "2026-07-01 19:59", "2026-07-01 19:59"},
		{OfFamilies, "2026-07-01 20:00", "2026-07-02 07:00"},
		{OfFamilies, "2026-12-01 20:00", "2026-12-02 07:00"},
		{OfFamilies, "2026-12-02 06:59", "2026-12-02 07:00"},
		{OfFamilies, "2026-12-02 07:00", "2026-12-02 07:00"},
		{OfFamilies, "2026-10-24 22:00", "2026-10-25 07:00"}, // the night has an hour more
		{OfFamilies, "2027-03-27 22:00", "2027-03-28 07:00"}, // and one less
		{OfStaff, "2026-10-09 18:59", "2026-10-09 18:59"},
		{OfStaff, "2026-10-09 19:00", "2026-10-12 07:30"}, // Friday evening
		{OfStaff, "2026-10-10 12:00", "2026-10-12 07:30"},
		{OfStaff, "2026-10-11 23:00", "2026-10-12 07:30"},
		{OfStaff, "2026-10-24 12:00", "2026-10-26 07:30"},
		{Quiet{}, "2026-10-11 23:00", "2026-10-11 23:00"},
		{Quiet{On: true, From: 13 * 60, Until: 14*60 + 15}, "2026-10-11 13:30", "2026-10-11 14:15"},
		{Quiet{On: true, From: 2 * 60, Until: 2*60 + 30}, "2027-03-28 01:59", "2027-03-28 01:59"}, // an hour that is not
	} {
		if got := c.quiet.end(paris(t, c.at)); !got.Equal(paris(t, c.end)) {
			t.Errorf("%s at %s ends %s, want %s", c.quiet, c.at, got.In(school.Paris).Format("2006-01-02 15:04"), c.end)
		}
		if back, err := parseQuiet(c.quiet.String()); err != nil || back != c.quiet {
			t.Errorf("%s is read as %s: %v", c.quiet, back, err)
		}
	}
	if got := OfFamilies.end(paris(t, "2026-10-24 22:00")).Sub(paris(t, "2026-10-24 22:00")); got != 10*time.Hour {
		t.Errorf("the long night lasts %s", got)
	}
}

// The evening mail moves out of quiet hours, before them where it can.
func TestTheHourOfTheEvening(t *testing.T) {
	for _, c := range []struct {
		quiet Quiet
		want  int
		ok    bool
	}{
		{OfFamilies, EveningAt, true},
		{OfStaff, EveningAt, true},
		{Quiet{}, EveningAt, true},
		{Quiet{On: true, From: 18 * 60, Until: 7 * 60}, 17*60 + 45, true},
		{Quiet{On: true, From: 20 * 60, Until: 19 * 60}, 19 * 60, true}, // an hour a day is left
		{Quiet{On: true, From: 1, Until: 0}, 0, true},
	} {
		if got, ok := c.quiet.evening(); got != c.want || ok != c.ok {
			t.Errorf("%s: %s, %v; want %s", c.quiet, web.Clock(got), ok, web.Clock(c.want))
		}
	}
}

func FuzzQuiet(f *testing.F) {
	for _, seed := range []string{"off", "20:00-07:00", "19:00-07:30 weekend", "", "25:00-07:00", "-", "é"} {
		f.Add(seed, int64(1791000000))
	}
	f.Fuzz(func(t *testing.T, text string, at int64) {
		q, err := parseQuiet(text)
		if err != nil {
			return
		}
		now := time.Unix(at%(1<<33), 0)
		if end := q.end(now); end.Before(now) {
			t.Errorf("%q at %s ends before", text, now)
		}
		q.evening()
	})
}
