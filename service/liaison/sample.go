package liaison

import (
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/rich"
	"preau/core/school"
)

// samples are the words of a class of the demo: what they ask, and how many days are
// left to answer.
var samples = []struct {
	category    category
	title, body string
	asks        asks
	choices     []string
	each        audience.Expects
	days        int
}{
	{"information", "Bienvenue dans le carnet", "Les mots de la classe arrivent ici.\n\nVous les lisez quand vous voulez, et vous y répondez d’un geste.", toRead, nil, audience.OneOfThem, 0},
	{"meeting", "Rencontre avec les parents", "Nous parlerons de l’année et des progrès de chacun. Quel soir vous convient ?", toChoose,
		[]string{"Mardi à 18 h", "Jeudi à 18 h", "Nous ne pourrons pas venir"}, audience.OneOfThem, 6},
	{"outing", "Sortie au musée", "Départ à 9 h, retour à 16 h.\n\n- un pique-nique\n- une gourde\n- de bonnes chaussures", toSign, nil, audience.EachPerson, 4},
}

// Sample writes the words of a demo to the families of a class, from its teacher.
func Sample(tx *db.Tx, at, class, author school.ID) error {
	for _, s := range samples {
		body, err := rich.Parse(s.body)
		if err != nil {
			return err
		}
		w := word{
			ID: school.NewID(tx.Now), School: at, Class: class, Author: author, Category: s.category, Title: s.title, Body: body,
			Asks: s.asks, Choices: s.choices, Each: s.each, Published: tx.Now,
		}
		if s.days > 0 {
			today := tx.Now.In(school.Paris)
			w.Due = time.Date(today.Year(), today.Month(), today.Day()+s.days+1, 0, 0, 0, 0, school.Paris)
		}
		if err := send(tx, w, []audience.Audience{{Place: audience.Class, Of: class, Side: audience.Families}}); err != nil {
			return err
		}
	}
	return nil
}

// SampleNote has a guardian of a demo tell that a child of theirs comes late tomorrow.
func SampleNote(tx *db.Tx, at, class, child, guardian school.ID) error {
	tomorrow := tx.Now.In(school.Paris).AddDate(0, 0, 1)
	day := time.Date(tomorrow.Year(), tomorrow.Month(), tomorrow.Day(), 0, 0, 0, 0, school.Paris)
	return tell(tx, note{
		ID: school.NewID(tx.Now), School: at, Class: class, Child: child, Author: guardian, Kind: late, From: day, Until: day, Hour: "09:30",
		Body: "Rendez-vous chez le dentiste.", Sent: tx.Now,
	})
}
