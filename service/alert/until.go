package alert

import (
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// term is an answer to until when a notice holds.
type term string

// The terms. A day, or an hour, that is written is meant whichever is chosen.
const (
	asBefore  term = "before" // of a correction: the end does not change
	tonight   term = "tonight"
	tomorrow  term = "tomorrow"
	otherwise term = "other" // the day and the hour that are written
)

// late is the hour from which on what is told is of the next day too, more often than not.
const late = 16

// usualTerm is the one that is proposed.
func usualTerm(now time.Time) term {
	if now.In(school.Paris).Hour() >= late {
		return tomorrow
	}
	return tonight
}

// terms ask until when a notice holds; before is until when it does already, or zero.
func terms(r *web.Request, form web.Form, before time.Time) ui.Choices {
	chosen := term(form.Value("until"))
	all := []term{tonight, tomorrow, otherwise}
	if before.After(r.Tx.Now) {
		all = slices.Insert(all, 0, asBefore)
	}
	if !slices.Contains(all, chosen) {
		chosen = usualTerm(r.Tx.Now)
		if all[0] == asBefore {
			chosen = asBefore
		}
	}
	asked := ui.Choices{Name: "until", Legend: r.Say("alert.until-when"), Hint: r.Say("alert.until-hint")}
	for _, one := range all {
		o := ui.Option{Value: string(one), Label: r.Say("alert.term-" + string(one)), Selected: one == chosen}
		switch one {
		case asBefore:
			o.Hint = alert{Until: before}.until(r.Printer, r.Tx.Now)
		case tonight, tomorrow:
			o.Hint = alert{Until: one.end(r.Tx.Now)}.until(r.Printer, r.Tx.Now)
		}
		asked.Options = append(asked.Options, o)
	}
	return asked
}

// end is the end of the evening that a term means.
func (t term) end(now time.Time) time.Time {
	if t == tomorrow {
		return dayFrom(now, 2)
	}
	return dayFrom(now, 1)
}

// untilIn reads until when a notice holds: what is written, else what is chosen, else as
// before, or as is usual.
func untilIn(r *web.Request, before time.Time) (until time.Time, err error) {
	day, err := r.Day("until_day")
	if err != nil {
		return until, err
	}
	hour := r.PostFormValue("until_hour")
	switch chosen := term(r.PostFormValue("until")); {
	case !day.IsZero() || hour != "":
	case chosen == otherwise:
		return until, fail.New(fail.Invalid, "a notice until nothing").Say("alert.no-until").At("until_day")
	case chosen == tonight, chosen == tomorrow:
		return chosen.end(r.Tx.Now), nil
	case before.After(r.Tx.Now):
		return before, nil
	default:
		return usualTerm(r.Tx.Now).end(r.Tx.Now), nil
	}
	if day.IsZero() {
		day = dayFrom(r.Tx.Now, 0)
	}
	if until, err = r.Hour("until_hour", day); err != nil {
		return until, err
	}
	if until.IsZero() {
		until = dayFrom(day, 1)
	}
	if !until.After(r.Tx.Now) {
		return until, fail.New(fail.Invalid, "a notice until %s", until).Say("alert.over-already").At("until_hour")
	}
	if until.After(dayFrom(r.Tx.Now, maxDays+1)) {
		return until, fail.New(fail.Invalid, "a notice until %s", until).Say("alert.too-long", maxDays).At("until_day")
	}
	return until, nil
}

// lapsed is for how long after its end, which nobody said, an alert may be said to hold
// still, or to be over.
const lapsed = 48 * time.Hour

// open tells whether an alert holds, or ended by itself a short time ago.
func (a alert) open(now time.Time) bool { return a.Ended.IsZero() && a.Until.Add(lapsed).After(now) }

// reminded is when those who keep an alert are told that it ends by itself: in time for the
// mail of its last evening, or an hour before its hour; at its end where it was told later.
func (a alert) reminded() time.Time {
	at := a.Until.Add(-time.Hour)
	if a.lastHour() == "" {
		at = a.Until.Add(-8 * time.Hour)
	}
	if !at.After(a.Last.At) {
		at = a.Until
	}
	return at
}

// remind has those who keep an alert be told, before it ends by itself, that it does: who told it,
// and the heads of its school. It is a thing of its own, that of the last notice.
func remind(tx *db.Tx, a alert) error {
	keepers := []school.ID{a.Author}
	if a.Commune == 0 {
		heads, err := directory.HeadsOf(tx, a.School)
		if err != nil {
			return err
		}
		for _, head := range heads {
			keepers = append(keepers, head.ID)
		}
	}
	var to []audience.Audience
	for _, person := range keepers {
		if person != 0 {
			to = append(to, audience.Audience{Place: audience.Person, Of: person})
		}
	}
	if len(to) == 0 {
		return nil
	}
	return audience.Publish(tx, audience.Address{
		Room: room, Thing: a.Last.ID, School: a.School, Audiences: to, Published: a.reminded(), NewsUntil: a.Until.Add(lapsed),
	})
}

// tellEnds tells those of some news that are the ends to come, or past, of alerts which somebody
// keeps.
func tellEnds(tx *db.Tx, to web.Addressee, news []audience.News) (lines []web.Told, err error) {
	of := map[school.ID]audience.News{}
	var ids []school.ID
	for _, n := range news {
		of[n.Thing], ids = n, append(ids, n.Thing)
	}
	found, err := alertsSaying(tx, ids)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	from, err := tellers(tx, to.Printer, found)
	for _, a := range found {
		if !a.open(tx.Now) {
			continue
		}
		title := to.Printer.Say("alert.lapses", a.what(to.Printer))
		if !a.live(tx.Now) {
			title = to.Printer.Say("alert.lapsed", a.what(to.Printer))
		}
		lines = append(lines, web.Told{
			News: of[a.Last.ID], Icon: a.Kind.icon(), Title: title, From: i18n.Dots(from[a.ID].String(), a.until(to.Printer, tx.Now)),
			Wants: to.Printer.Say("alert.lapses-wants"), Href: a.path(),
		})
	}
	return lines, err
}
