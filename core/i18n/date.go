package i18n

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"preau/core/school"
)

// Day says the day of t as people do, seen from now: "aujourd’hui", "hier",
// "lundi 4 septembre", and the year when it is another one.
func (p Printer) Day(t, now time.Time) string {
	t, now = t.In(school.Paris), now.In(school.Paris)
	switch daysBetween(t, now) {
	case 0:
		return p.Say("lang.today")
	case 1:
		return p.Say("lang.yesterday")
	case -1:
		return p.Say("lang.tomorrow")
	}
	date := p.Birthday(t)
	if t.Year() != now.Year() {
		date = p.Date(t)
	}
	return p.Say("lang.weekday-date", p.Weekday(t.Weekday()), date)
}

// Weekday names a day of the week: "lundi", "Monday".
func (p Printer) Weekday(d time.Weekday) string { return p.Say("lang.day-" + strconv.Itoa(int(d))) }

// Date says a day by its date alone, as that of a birth: "4 mars 2019".
func (p Printer) Date(t time.Time) string {
	return p.Say("lang.date-year", p.Birthday(t), strconv.Itoa(t.Year()))
}

// Birthday says the day of a birth without its year: "4 mars", "1er mars".
func (p Printer) Birthday(t time.Time) string {
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = p.Say("lang.first")
	}
	return p.Say("lang.date", day, p.Say("lang.month-"+strconv.Itoa(int(t.Month()))))
}

// OfDay says whose day something is, after its noun: "d’aujourd’hui",
// "d’hier", "du lundi 4 septembre"; "of today", "of Monday 4 September".
func (p Printer) OfDay(t, now time.Time) string { return p.ended("lang.of-day", t, now) }

// Span says from which day to which something lasts: "du lundi 5 octobre au mercredi 7
// octobre", "d’aujourd’hui à demain"; "from today to tomorrow".
func (p Printer) Span(from, until, now time.Time) string {
	return p.ended("lang.from", from, now) + " " + p.ended("lang.to", until, now)
}

// ended says a day by the text of a key, or of that of a day of now: French elides before
// some of them.
func (p Printer) ended(key string, t, now time.Time) string {
	day := p.Day(t, now)
	switch daysBetween(t.In(school.Paris), now.In(school.Paris)) {
	case 0, 1:
		return p.Say(key+"-today", day)
	case -1:
		return p.Say(key+"-tomorrow", day)
	}
	return p.Say(key, day)
}

// Moment says a day and an hour: "hier à 17 h 10".
func (p Printer) Moment(t, now time.Time) string {
	at := t.In(school.Paris)
	return p.Say("lang.moment", p.Day(t, now), p.hour(at))
}

// Instant says a day and an hour that stay right however late they are read: "5 octobre 2026 à
// 17 h 10".
func (p Printer) Instant(t time.Time) string {
	at := t.In(school.Paris)
	return p.Say("lang.moment", p.Date(at), p.hour(at))
}

// hour is an hour of the clock: "17 h 10".
func (p Printer) hour(at time.Time) string {
	return p.Say("lang.hour", strconv.Itoa(at.Hour()), fmt.Sprintf("%02d", at.Minute()))
}

// daysBetween counts the calendar days from t to now.
func daysBetween(t, now time.Time) int {
	day := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	return int(day(now).Sub(day(t)).Hours() / 24)
}

// Moment says t as [Printer.Moment] does, in the language of the context.
func Moment(ctx context.Context, t, now time.Time) string { return From(ctx).Moment(t, now) }

// OfDay says t as [Printer.OfDay] does, in the language of the context.
func OfDay(ctx context.Context, t, now time.Time) string { return From(ctx).OfDay(t, now) }

// Day says t as [Printer.Day] does, in the language of the context.
func Day(ctx context.Context, t, now time.Time) string { return From(ctx).Day(t, now) }
