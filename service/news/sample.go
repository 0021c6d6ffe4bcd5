package news

import (
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/rich"
	"preau/core/school"
	"preau/directory/whom"
)

// samples are the news of a school of the demo: in how many days, at least, what they invite
// to is, at which hour, and whether it lasts until Friday; 0: to nothing.
var samples = []struct {
	title, body, place string
	days, hour         int
	week, front        bool
}{
	{"La cour a de nouveaux arbres", "Trois érables ont été plantés près du préau.\n\nLes élèves les arroseront à tour de rôle.", "", 0, 0, false, false},
	{"Semaine du goût", "Chaque jour, une recette d’ici ou d’ailleurs à la cantine.", "La cantine", 6, 0, true, false},
	{"Fête de l’école", "Chants des classes, jeux et gâteaux. Venez en famille\u202f!\n\n- les portes ouvrent à 17\u00a0h\n- apportez un gâteau si vous le pouvez", "La cour de l’école", 12, 17, false, true},
}

// Sample writes the news of a school of the demo, from somebody who works there.
func Sample(tx *db.Tx, at, author school.ID) error {
	for _, s := range samples {
		body, err := rich.Parse(s.body)
		if err != nil {
			return err
		}
		i := item{
			ID: school.NewID(tx.Now), School: at, Author: author, Circles: []whom.Circle{whom.Families, whom.Pupils, whom.Team},
			Title: s.title, Body: body, Published: tx.Now, Front: s.front, Event: event{Place: s.place},
		}
		if s.days > 0 {
			i.Event.At = school.ClassDay(tx.Now.AddDate(0, 0, s.days), 1)
			last := i.Event.At
			for s.week && last.Weekday() != time.Friday {
				last = last.AddDate(0, 0, 1)
			}
			i.Event.Until = dayAfter(last, 0)
			if s.hour > 0 {
				i.Event.At, i.Event.Timed = atHour(i.Event.At, s.hour), true
			}
		}
		i.Until = i.until()
		if err := put(tx, i); err != nil {
			return err
		}
		if err := audience.Publish(tx, i.address()); err != nil {
			return err
		}
	}
	return nil
}
