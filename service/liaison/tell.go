package liaison

import (
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// Tell implements web.Teller.
func (s *Service) Tell(tx *db.Tx, to web.Addressee, news []audience.News) ([]web.Told, error) {
	ids := make([]school.ID, len(news))
	for i, n := range news {
		ids[i] = n.Thing
	}
	words, err := wordsByID(tx, ids)
	if err != nil {
		return nil, err
	}
	limits, err := directory.LimitsOf(tx, to.Person)
	if err != nil {
		return nil, err
	}
	by := byID(words)
	from, err := authors(tx, to.Printer, words)
	if err != nil {
		return nil, err
	}
	told, err := s.tellNotes(tx, to, news)
	for _, n := range news {
		w, there := by[n.Thing]
		if !there {
			continue
		}
		if !w.answeredBy(limits[n.Child]) || w.late(tx.Now) {
			n.Expects = audience.Nobody
		}
		line := web.Told{
			News: n, Icon: w.Category.icon(), Title: w.Title, From: from[w.ID], Wants: w.wants(to.Printer, tx.Now, n), Href: w.path(), On: w.takesPlace(), Lang: i18n.French,
		}
		if at := w.lastChange(); at.After(w.Published) {
			line.Changed = at
			if w.Cancelled.IsZero() {
				line.State = to.Printer.Say("liaison.state-amended")
			}
		}
		told = append(told, line)
	}
	return told, err
}

// tellNotes tells those of some news that are notes of families: to the school what they
// say, to whoever wrote one that it was answered.
func (s *Service) tellNotes(tx *db.Tx, to web.Addressee, news []audience.News) ([]web.Told, error) {
	ids := make([]school.ID, len(news))
	of := map[school.ID]audience.News{}
	for i, n := range news {
		ids[i], of[n.Thing] = n.Thing, n
	}
	notes, err := notesByID(tx, ids)
	if err != nil || len(notes) == 0 {
		return nil, err
	}
	var people []school.ID
	for _, n := range notes {
		people = append(people, n.Child, n.SeenBy)
	}
	who, err := directory.SomeBy(tx, people...)
	var mine []directory.Child // of whoever is told as a parent
	if err == nil && to.Profile == school.Guardian {
		mine, err = directory.ChildrenOf(tx, to.Person)
	}
	var marks directory.Marks
	var classes map[school.ID]string
	if err == nil && to.Profile != school.Guardian {
		notes = once(notes)
		marks, classes, err = whereabouts(tx, to, notes)
	}
	var told []web.Told
	for _, n := range notes {
		if to.Profile == school.Guardian && !slices.ContainsFunc(mine, func(c directory.Child) bool { return c.ID == n.Child }) {
			continue // a judge has decided since
		}
		if to.Profile != school.Guardian && n.Author == to.Person {
			continue // what they told as a parent, they read as one
		}
		line := web.Told{
			News: of[n.ID], Icon: noteIcons[n.Kind], Title: i18n.Dots(marks.On(who[n.Child]).Name(), n.what(to.Printer, tx.Now)), From: classes[n.Class], Href: n.path(),
		}
		switch {
		case to.Profile == school.Guardian:
			line.Title, line.From = i18n.Dots(who[n.Child].First, n.what(to.Printer, tx.Now)), who[n.SeenBy].Formal()
			line.Wants, line.Published = to.Printer.Say("liaison.note-replied"), n.Seen // when it was answered
		case line.Expected():
			line.Wants = to.Printer.Say("liaison.note-waits")
		case !n.Withdrawn.IsZero():
			line.Wants = to.Printer.Say("liaison.note-gone")
		}
		told = append(told, line)
	}
	return told, err
}

// takesPlace is the day of what a word is about, unless it was cancelled.
func (w word) takesPlace() time.Time {
	if !w.Cancelled.IsZero() {
		return time.Time{}
	}
	return w.Facts.on()
}

// wants says what is expected of somebody, and until when.
func (w word) wants(say i18n.Printer, now time.Time, n audience.News) string {
	switch {
	case !w.Cancelled.IsZero():
		return say.Say("liaison.cancelled")
	case !n.Expected():
		return ""
	}
	return w.asked(say, now)
}

// asked says what the word asks, and until when.
func (w word) asked(say i18n.Printer, now time.Time) string {
	wants := say.Say("liaison.wants-" + string(w.Asks))
	if w.Due.IsZero() {
		return wants
	}
	return say.Say("liaison.wants-until", wants, say.OfDay(school.LastDay(w.Due), now))
}
