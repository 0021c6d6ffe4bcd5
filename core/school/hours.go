package school

import "time"

// A school may have its pupils on weekdays from 7:00 to 19:00, Paris time,
// périscolaire included. Holidays are each académie's, and not known here.
const opens, closes = 7, 19

// InHours tells whether an instant is in school time.
func InHours(t time.Time) bool {
	t = t.In(Paris)
	return t.Weekday() >= time.Monday && t.Weekday() <= time.Friday && t.Hour() >= opens && t.Hour() < closes
}

// HoursEnd is when the school time of the day of an instant ends.
func HoursEnd(t time.Time) time.Time {
	year, month, day := t.In(Paris).Date()
	return time.Date(year, month, day, closes, 0, 0, 0, Paris)
}
