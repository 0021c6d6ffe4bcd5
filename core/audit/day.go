package audit

import (
	"time"

	"preau/core/school"
)

// Day is a calendar day in Paris, as "2026-10-05".
type Day string

func dayOf(t time.Time) Day { return Day(t.In(school.Paris).Format(time.DateOnly)) }

// start is the first instant of the day. A day that is not one, which only
// somebody else can have written, starts at the zero instant.
func (d Day) start() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), school.Paris)
	if err != nil {
		return time.Time{}
	}
	return t
}

// end is the first instant of the next day, 23 to 25 hours later.
func (d Day) end() time.Time { return d.start().AddDate(0, 0, 1) }

func (d Day) next() Day { return dayOf(d.end()) }

func startOfDay(t time.Time) time.Time { return dayOf(t).start() }
