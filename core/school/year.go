package school

import (
	"fmt"
	"time"
	_ "time/tzdata" // a bare machine has no zone files; a school day is a Paris day
)

// Paris is the time zone of every date that a school says or reads.
var Paris = mustZone("Europe/Paris")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // time/tzdata is linked in: it cannot be missing
	}
	return zone
}

// Year is a school year, named by the calendar year in which it starts:
// 2026 is the year 2026-2027.
type Year int

// YearOf gives the school year of an instant. It turns on 1 August, Paris
// time: deliveries of August describe the classes of September.
func YearOf(t time.Time) Year {
	t = t.In(Paris)
	if t.Month() >= time.August {
		return Year(t.Year())
	}
	return Year(t.Year() - 1)
}

// Start is the first instant of the year.
func (y Year) Start() time.Time { return time.Date(int(y), time.August, 1, 0, 0, 0, 0, Paris) }

// End is the first instant of the next year.
func (y Year) End() time.Time { return (y + 1).Start() }

// String gives the usual form, "2026-2027".
func (y Year) String() string { return fmt.Sprintf("%d-%d", int(y), int(y)+1) }

// LastDay is the last instant before an end, in Paris: what ends with a day begins
// the next one at midnight, and is said with the day before.
func LastDay(end time.Time) time.Time { return end.Add(-time.Millisecond).In(Paris) }
