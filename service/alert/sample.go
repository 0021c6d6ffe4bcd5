package alert

import (
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/directory/whom"
)

// Sample writes a drill of a school of the demo, that its head told and ended on the last
// morning with class.
// Nothing leaves.
func Sample(tx *db.Tx, say i18n.Printer, at, head school.ID) error {
	morning := school.ClassDay(tx.Now, -1).Add(10 * time.Hour)
	if morning.After(tx.Now.Add(-time.Hour)) {
		morning = school.ClassDay(tx.Now.AddDate(0, 0, -1), -1).Add(10 * time.Hour)
	}
	a := alert{
		ID: school.NewID(tx.Now), School: at, Author: head, Together: school.NewID(tx.Now), Kind: "evacuation", Drill: true,
		Circles: []whom.Circle{whom.Families, whom.Team}, Published: morning, Until: dayFrom(morning, 1),
	}
	a.Last = notice{ID: school.NewID(tx.Now), Said: told, By: head, At: a.Published, Text: "Exercice d’évacuation en cours\u00a0: ne venez pas chercher votre enfant, tout va bien."}
	if err := put(tx, a); err != nil {
		return err
	}
	a.Ended = morning.Add(20 * time.Minute)
	a.Last = notice{ID: school.NewID(tx.Now), Said: ended, By: head, At: a.Ended, Text: "Tous les élèves sont rentrés en classe en moins de cinq minutes."}
	if err := put(tx, a); err != nil {
		return err
	}
	if err := audience.MarkRead(tx, a.ID, 0, head); err != nil {
		return err
	}
	return index(tx, say, a)
}
