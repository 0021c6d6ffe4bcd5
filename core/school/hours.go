package school

import "time"

// A school may have its pupils on weekdays from 7:00 to 19:00, Paris time,
// périscolaire included. Holidays are each académie's, and not known here.
const opens, closes = 7, 19

// A child whom a guardian lets come in from home may do so every day from 7:00
// to 20:00, Paris time: nobody of this age is on a screen at night.
const homeOpens, homeCloses = 7, 20

// Hours are those of school time, from and to.
func Hours() (from, to int) { return opens, closes }

// InHours tells whether an instant is in school time.
func InHours(t time.Time) bool {
	t = t.In(Paris)
	return t.Weekday() >= time.Monday && t.Weekday() <= time.Friday && t.Hour() >= opens && t.Hour() < closes
}

// NextHours is when school time is next: the instant itself in school time.
func NextHours(t time.Time) time.Time {
	for at := atHour(t, opens); !InHours(t); at = at.AddDate(0, 0, 1) {
		if InHours(at) && at.After(t) {
			return at
		}
	}
	return t
}

// InHomeHours tells whether an instant is one at which a child may come in from
// home.
func InHomeHours(t time.Time) bool {
	hour := t.In(Paris).Hour()
	return hour >= homeOpens && hour < homeCloses
}

// HoursEnd is when the school time of the day of an instant ends.
func HoursEnd(t time.Time) time.Time { return atHour(t, closes) }

// HomeHoursEnd is when a child must have left who came in from home that day.
func HomeHoursEnd(t time.Time) time.Time { return atHour(t, homeCloses) }

// DayOf is the first instant, in Paris, of the day of an instant.
func DayOf(t time.Time) time.Time { return atHour(t, 0) }

func atHour(t time.Time, hour int) time.Time {
	year, month, day := t.In(Paris).Date()
	return time.Date(year, month, day, hour, 0, 0, 0, Paris)
}

// ClassDay is the first day with class from one on, or back from it when step is -1: its first
// instant in Paris. Of holidays it knows those that all have at the same time: the summer, and
// the end of December.
func ClassDay(from time.Time, step int) time.Time {
	day := DayOf(from)
	for !classOn(day) {
		day = day.AddDate(0, 0, step)
	}
	return day
}

func classOn(day time.Time) bool {
	switch day.Weekday() {
	case time.Saturday, time.Sunday, time.Wednesday:
		return false
	}
	switch month, n := day.Month(), day.Day(); month {
	case time.July, time.August:
		return false
	case time.December:
		return n < 19
	case time.January:
		return n > 4
	default:
		return true
	}
}
