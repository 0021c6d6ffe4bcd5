package notify

import (
	"slices"
	"strings"
	"time"

	"preau/core/school"
	"preau/core/web"
)

// Quiet is when somebody is told nothing: every day from an hour to another, in minutes
// into the day of Paris, and all of Saturday and Sunday if they want. The zero Quiet is
// never quiet.
type Quiet struct {
	On          bool
	From, Until int
	Weekend     bool
}

// Those of a family, and those of whoever works: the right to disconnect.
var (
	OfFamilies = Quiet{On: true, From: 20 * 60, Until: 7 * 60}
	OfStaff    = Quiet{On: true, From: 19 * 60, Until: 7*60 + 30, Weekend: true}
)

// usualQuiet gives the quiet hours of whoever chose none: who works and is a parent too has
// those of whoever works.
func usualQuiet(hats []school.Profile) Quiet {
	if slices.ContainsFunc(hats, func(hat school.Profile) bool { return hat != school.Guardian }) {
		return OfStaff
	}
	return OfFamilies
}

const quietOff = "off"

// String is the text form: "20:00-07:00", "19:00-07:30 weekend", "off".
func (q Quiet) String() string {
	if !q.On {
		return quietOff
	}
	text := web.Clock(q.From).String() + "-" + web.Clock(q.Until).String()
	if q.Weekend {
		text += " weekend"
	}
	return text
}

// parseQuiet reads the text form.
func parseQuiet(text string) (q Quiet, err error) {
	if text == quietOff {
		return Quiet{}, nil
	}
	hours, weekend, _ := strings.Cut(text, " ")
	from, until, _ := strings.Cut(hours, "-")
	begins, err := web.ParseClock(from)
	if err != nil {
		return Quiet{}, err
	}
	ends, err := web.ParseClock(until)
	return Quiet{On: true, From: int(begins), Until: int(ends), Weekend: weekend == "weekend"}, err
}

// at tells whether an instant is quiet.
func (q Quiet) at(t time.Time) bool {
	t = t.In(school.Paris)
	if !q.On {
		return false
	}
	if day := t.Weekday(); q.Weekend && (day == time.Saturday || day == time.Sunday) {
		return true
	}
	minute := t.Hour()*60 + t.Minute()
	if q.From <= q.Until {
		return q.From <= minute && minute < q.Until
	}
	return minute >= q.From || minute < q.Until
}

// end gives the first instant from t on that is not quiet. An hour that a change of
// clocks skips ends an hour later.
func (q Quiet) end(t time.Time) time.Time {
	for range 16 { // a weekend has four borders
		if !q.at(t) {
			return t
		}
		next := clock(t, 1, 0)
		if until := clock(t, 0, q.Until); until.After(t) && until.Before(next) {
			next = until
		}
		t = next
	}
	return t
}

// clock gives the instant of a day, some days after that of t, at some minutes into it.
func clock(t time.Time, days, minutes int) time.Time {
	t = t.In(school.Paris)
	return time.Date(t.Year(), t.Month(), t.Day()+days, minutes/60, minutes%60, 0, 0, school.Paris)
}

// EveningAt is when the mail of every evening leaves, in minutes into the day.
const EveningAt = 18*60 + 30

// evening gives the minute of the evening mail on a day whose hours are the usual ones:
// [EveningAt], or the last quarter of an hour before it that is not quiet, or else the
// first after it. ok is false for whoever is always quiet.
func (q Quiet) evening() (minute int, ok bool) {
	q.Weekend = false
	day := time.Date(2026, time.January, 7, 0, 0, 0, 0, school.Paris)
	for at := EveningAt; at >= 0; at -= 15 {
		if !q.at(clock(day, 0, at)) {
			return at, true
		}
	}
	for at := EveningAt; at < 24*60; at += 15 {
		if !q.at(clock(day, 0, at)) {
			return at, true
		}
	}
	return 0, false
}

// hasEvening tells whether somebody is written to on the evening of a day.
func (q Quiet) hasEvening(day time.Time) bool {
	minute, ok := q.evening()
	return ok && !q.at(clock(day, 0, minute))
}

// reminds gives the instant until which the last days fall of which the mail of an
// evening reminds: no other evening comes before the day before them.
func (q Quiet) reminds(day time.Time) time.Time {
	for days := 1; days < 8; days++ {
		if q.hasEvening(clock(day, days, 0)) {
			return clock(day, days+1, 0)
		}
	}
	return clock(day, 2, 0)
}
