package i18n

import (
	"context"
	"fmt"
	"time"

	"preau/core/school"
)

// nbsp is the no-break space of French typography.
const nbsp = "\u00a0"

var frenchDays = [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
var frenchMonths = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}

// Day says the day of t as people do, seen from now: "aujourd’hui", "hier",
// "lundi 4 septembre", and the year when it is another one.
func (p Printer) Day(t, now time.Time) string {
	t, now = t.In(school.Paris), now.In(school.Paris)
	switch daysBetween(t, now) {
	case 0:
		return p.pick("aujourd’hui", "today")
	case 1:
		return p.pick("hier", "yesterday")
	case -1:
		return p.pick("demain", "tomorrow")
	}
	year := t.Year() != now.Year()
	if p.Lang != French {
		if year {
			return t.Format("Monday 2 January 2006")
		}
		return t.Format("Monday 2 January")
	}
	said := frenchDays[t.Weekday()] + " " + frenchDate(t)
	if year {
		said += fmt.Sprintf(" %d", t.Year())
	}
	return said
}

// Weekday names a day of the week: "lundi", "Monday".
func (p Printer) Weekday(d time.Weekday) string { return p.pick(frenchDays[d], d.String()) }

// Date says a day by its date alone, as that of a birth: "4 mars 2019".
func (p Printer) Date(t time.Time) string {
	if p.Lang != French {
		return t.Format("2 January 2006")
	}
	return fmt.Sprintf("%s %d", frenchDate(t), t.Year())
}

// Birthday says the day of a birth without its year: "4 mars".
func (p Printer) Birthday(t time.Time) string {
	if p.Lang != French {
		return t.Format("2 January")
	}
	return frenchDate(t)
}

// frenchDate is a day in its year: "1er mars".
func frenchDate(t time.Time) string {
	day := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return day + nbsp + frenchMonths[t.Month()-1]
}

// OfDay says whose day something is, after its noun: "d’aujourd’hui",
// "d’hier", "du lundi 4 septembre"; "of today", "of Monday 4 September".
func (p Printer) OfDay(t, now time.Time) string {
	day := p.Day(t, now)
	if p.Lang != French {
		return "of " + day
	}
	switch daysBetween(t.In(school.Paris), now.In(school.Paris)) {
	case 0, 1:
		return "d’" + day
	case -1:
		return "de " + day
	}
	return "du " + day
}

// Span says from which day to which something lasts: "du lundi 5 octobre au mercredi 7
// octobre", "d’aujourd’hui à demain"; "from today to tomorrow".
func (p Printer) Span(from, until, now time.Time) string {
	if p.Lang != French {
		return "from " + p.Day(from, now) + " to " + p.Day(until, now)
	}
	to := "au "
	if n := daysBetween(until.In(school.Paris), now.In(school.Paris)); n >= -1 && n <= 1 {
		to = "à "
	}
	return p.OfDay(from, now) + " " + to + p.Day(until, now)
}

// Moment says a day and an hour: "hier à 17 h 10".
func (p Printer) Moment(t, now time.Time) string {
	at := t.In(school.Paris)
	if p.Lang != French {
		return p.Day(t, now) + " at " + at.Format("15:04")
	}
	return p.Day(t, now) + " à " + frenchHour(at)
}

// Instant says a day and an hour that stay right however late they are read: "5 octobre 2026 à
// 17 h 10".
func (p Printer) Instant(t time.Time) string {
	at := t.In(school.Paris)
	if p.Lang != French {
		return p.Date(at) + " at " + at.Format("15:04")
	}
	return p.Date(at) + " à " + frenchHour(at)
}

// frenchHour is an hour of the clock: "17 h 10".
func frenchHour(at time.Time) string {
	return fmt.Sprintf("%d%sh%s%02d", at.Hour(), nbsp, nbsp, at.Minute())
}

func (p Printer) pick(french, english string) string {
	if p.Lang == French {
		return french
	}
	return english
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
