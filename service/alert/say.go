package alert

import (
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/notify"
	"preau/core/school"
	"preau/directory"
	"preau/directory/whom"
)

// toWhom says for whom an alert is: "Les familles et l’équipe".
func (a alert) toWhom(say i18n.Printer) string {
	switch {
	case a.to(whom.Families) && a.to(whom.Team):
		return say.Say("alert.to-both")
	case a.to(whom.Families):
		return say.Say("alert.to-families")
	}
	return say.Say("alert.to-team")
}

// until says until when an alert holds.
func (a alert) until(say i18n.Printer, now time.Time) string {
	if end := a.Until.In(school.Paris); end.Hour() == 0 && end.Minute() == 0 {
		return say.Say("alert.until-end-of", say.OfDay(school.LastDay(a.Until), now))
	}
	return say.Say("alert.until", say.Moment(a.Until, now))
}

// lastHour is the hour until which an alert holds; an alert until the end of a day has none.
func (a alert) lastHour() string {
	if end := a.Until.In(school.Paris); end.Hour()+end.Minute() > 0 {
		return end.Format("15:04")
	}
	return ""
}

// Notice gives what is urgent; see [notify.Service.Notice]. What another notice of the same
// alert has replaced, and what is over, is fail.NotFound.
func (s *Service) Notice(tx *db.Tx, say i18n.Printer, id school.ID) (notify.Urgent, error) {
	a, err := alertSaying(tx, id)
	if err != nil {
		return notify.Urgent{}, err
	}
	if !a.newsUntil().After(tx.Now) {
		return notify.Urgent{}, fail.New(fail.NotFound, "the alert %s is over", a.ID)
	}
	from, err := tellers(tx, say, []alert{a})
	u := notify.Urgent{
		Room: room, To: a.audiences(), Title: i18n.Dots(a.title(say), from[a.ID].String()), Text: a.Last.Text, Path: a.path(), Until: a.newsUntil(),
	}
	return u, err
}

// class is the label of the class that an alert is for; empty: the whole school.
func (a alert) class(tx *db.Tx) (string, error) {
	if a.Class == 0 {
		return "", nil
	}
	classes, err := directory.PlainClassesByID(tx, a.Class)
	if err != nil || len(classes) == 0 {
		return "", err
	}
	return classes[0].Label, nil
}
