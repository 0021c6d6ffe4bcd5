package reception

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/fr"
)

// working is the days on which a rectorat that delivers daily does: Monday to
// Friday, public holidays excepted. It delivers on others if it likes.
var working = workingDays()

func workingDays() *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(fr.Holidays...)
	return c
}

// missingAfter is the first working day after a day.
func missingAfter(last time.Time) time.Time {
	day := last.AddDate(0, 0, 1)
	for !working.IsWorkday(day) {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// follows tells whether no delivery is missing between the last one that was
// applied and that of a day: no working day lies between them.
func follows(last, day time.Time) bool {
	for between := last.AddDate(0, 0, 1); between.Before(day); between = between.AddDate(0, 0, 1) {
		if working.IsWorkday(between) {
			return false
		}
	}
	return true
}
