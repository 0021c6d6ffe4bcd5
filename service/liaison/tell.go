package liaison

import (
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
	var told []web.Told
	for _, n := range news {
		w, there := by[n.Thing]
		if !there {
			continue
		}
		if !w.answeredBy(limits[n.Child]) || w.late(tx.Now) {
			n.Expects = audience.Nobody
		}
		told = append(told, web.Told{
			News: n, Icon: w.Category.icon(), Title: w.Title, From: from[w.ID], Wants: w.wants(to.Printer, tx.Now, n), Href: w.path(),
		})
	}
	return told, nil
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
