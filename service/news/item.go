package news

import (
	"time"

	"preau/core/audience"
	"preau/core/i18n"
	"preau/core/rich"
	"preau/core/rights"
	"preau/core/school"
	"preau/directory/whom"
)

// item is one piece of news.
type item struct {
	ID              school.ID
	School, Commune school.ID // School is 0 for every school of the commune, Commune when the school itself tells it
	Class           school.ID // of the school, for which it is; 0: for the whole school
	Group           bool      // the class is a group
	RPI             school.ID // for the schools of which the school tells it; 0: for itself alone
	Author          school.ID // 0: somebody who was erased
	Circles         []whom.Circle
	Title           string
	Body            rich.Text
	Event           event
	Published       time.Time // later than now: it is scheduled
	Chosen, Until   time.Time // the end of the last day of display that was chosen, and from when on it is past
	Front           bool      // it is on top of its school's
	Public          time.Time // since when it is on the public page; zero: it is not
	Posted          time.Time // when it was first put there; zero: never
	Faceless        time.Time // when FacelessBy declared that no child can be recognised on its photos
	FacelessBy      school.ID
	Amended         time.Time
	Removed         time.Time
	Kept            time.Time // when it was kept back, before it appeared; zero: it was not
	Why             audience.Kept
}

// event is what an item invites to; the zero one: to nothing.
type event struct {
	At    time.Time // an hour, or the beginning of a day
	Until time.Time // the end of its last day
	Timed bool      // At is an hour
	Place string
}

func (i item) path() string { return "/news/item/" + i.ID.String() }

// area is the commune or the RPI whose schools an item is for; 0: one school.
func (i item) area() school.ID {
	if i.School == 0 {
		return i.Commune
	}
	return i.RPI
}

// ofSchool tells whether an item is what a school tells for itself, and for the whole of it.
func (i item) ofSchool() bool { return i.Commune == 0 && i.RPI == 0 && i.Class == 0 }

// keeper is the right of whoever may change an item, and object the item as it reaches it.
func (i item) keeper() (right rights.Right, object rights.Object) {
	if i.Commune != 0 {
		return keepCommune, rights.Object{Areas: []school.ID{i.Commune}}
	}
	return keep, rights.Object{Person: i.Author, School: i.School}
}

// scheduled tells whether an item waits for its day.
func (i item) scheduled(now time.Time) bool { return i.Published.After(now) && !i.withheld() }

// leaves is the hour at which an item that waits is to appear; zero: it does as it is written.
func (i item) leaves(now time.Time) time.Time {
	if i.scheduled(now) {
		return i.Published
	}
	return time.Time{}
}

// withheld tells whether an item never appeared: see [Service.Later].
func (i item) withheld() bool { return !i.Kept.IsZero() }

// unseen tells whether nobody but those who keep an item has seen it.
func (i item) unseen(now time.Time) bool { return i.scheduled(now) || i.withheld() }

// over tells whether an item is past.
func (i item) over(now time.Time) bool { return !i.Until.After(now) }

// shownFor is how many days an item without an event is shown.
const shownFor = 30

// until is from when on the item is past: what was chosen, else the end of the event,
// else thirty days after it was published.
func (i item) until() time.Time {
	switch {
	case !i.Chosen.IsZero():
		return i.Chosen
	case !i.Event.At.IsZero():
		return i.Event.Until
	}
	return dayAfter(i.Published, shownFor)
}

// dayAfter is the beginning, in Paris, of the day that follows another by one more than
// some days: the end of the last of them.
func dayAfter(at time.Time, days int) time.Time {
	return school.DayOf(at).AddDate(0, 0, days+1)
}

// atHour is an hour of a day.
func atHour(day time.Time, hour int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, school.Paris)
}

// when says when an event takes place.
func (e event) when(say i18n.Printer, now time.Time) string {
	if e.At.IsZero() {
		return ""
	}
	from := say.Day(e.At, now)
	if e.Timed {
		from = say.Moment(e.At, now)
	}
	if e.Until.After(dayAfter(e.At, 0)) {
		return say.Say("news.until", from, say.OfDay(school.LastDay(e.Until), now))
	}
	return from
}
