package liaison

import (
	"time"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/paper"
	"preau/core/rich"
	"preau/core/school"
)

// sample is one word of the demo.
type sample struct {
	category    category
	title, body string
	asks        asks
	choices     []string
	each        audience.Expects
	days        int    // before the day by which one answers, at least
	bring       []item // of what takes place two days after it, at least
}

// samples are the words of a class of the demo: what they ask, and how many days are
// left to answer.
var samples = []sample{
	{"information", "Bienvenue dans le carnet", "Les mots de la classe arrivent ici.\n\nVous les lisez quand vous voulez, et vous y répondez d’un geste.", toRead, nil, audience.OneOfThem, 0, nil},
	{"meeting", "Rencontre avec les parents", "Nous parlerons de l’année et des progrès de chacun. Quel soir vous convient\u202f?", toChoose,
		[]string{"Mardi à 18\u00a0h", "Jeudi à 18\u00a0h", "Nous ne pourrons pas venir"}, audience.OneOfThem, 6, nil},
	{"outing", "Sortie au musée", "Nous visitons le musée avec un guide, et nous dessinons ce qui nous a plu.", toSign, nil, audience.EachPerson, 4, []item{"picnic", "bottle", "boots"}},
}

// due is the day by which a word is answered.
func (s sample) due(now time.Time) time.Time { return school.ClassDay(now.AddDate(0, 0, s.days), 1) }

// facts are those of a word from which something is to bring.
func (s sample) facts(now time.Time) facts {
	if len(s.bring) == 0 {
		return facts{}
	}
	return facts{Day: onDay(school.ClassDay(s.due(now).AddDate(0, 0, 2), 1)), From: "09:00", To: "16:00", Place: "Musée de la ville", Bring: s.bring, Pay: 450}
}

// SampleProgramme is a document that the last word of a demo may carry, which is about an
// outing: its name, and what it holds, in PDF.
func SampleProgramme(now time.Time) (name string, pdf []byte, err error) {
	const title = "Sortie au musée\u00a0: le programme"
	d := paper.New(title, now)
	d.Page()
	const width = paper.Width - 2*paper.Margin
	y := d.Write(paper.Margin, paper.Margin, width, paper.Title, paper.Left, title) + 6
	for _, line := range [][2]string{
		{"9\u00a0h\u00a000", "Départ de l’école, en car."},
		{"10\u00a0h\u00a000", "Visite du musée avec un guide, par petits groupes."},
		{"12\u00a0h\u00a000", "Pique-nique dans le jardin du musée."},
		{"13\u00a0h\u00a030", "Chacun dessine ce qui lui a plu."},
		{"16\u00a0h\u00a000", "Retour à l’école."},
	} {
		d.Write(paper.Margin, y, 25, paper.Strong, paper.Left, line[0])
		y = d.Write(paper.Margin+25, y, width-25, paper.Plain, paper.Left, line[1]) + 3
	}
	pdf, err = d.Bytes()
	return "Programme de la sortie.pdf", pdf, err
}

// Sample writes the words of a demo to the families of a class, from its teacher. The last
// one carries some files.
func Sample(tx *db.Tx, at, class, author school.ID, files ...attach.File) error {
	for i, s := range samples {
		body, err := rich.Parse(s.body)
		if err != nil {
			return err
		}
		w := word{
			ID: school.NewID(tx.Now), School: at, Class: class, Author: author, Category: s.category, Title: s.title, Body: body,
			Asks: s.asks, Facts: s.facts(tx.Now), Choices: s.choices, Each: s.each, Published: tx.Now,
		}
		if s.days > 0 {
			w.Due = s.due(tx.Now).AddDate(0, 0, 1)
		}
		if err := keep(tx, i18n.Printer{}, w); err != nil {
			return err
		}
		if i == len(samples)-1 {
			if err := hang(tx, i18n.Printer{}, w, attach.Set{Files: files}); err != nil {
				return err
			}
		}
		if err := audience.Publish(tx, w.address([]audience.Audience{{Place: audience.Class, Of: class, Side: audience.Families}})); err != nil {
			return err
		}
	}
	return nil
}

// SampleNote has a guardian of a demo tell that a child of theirs comes late on the next day with class.
func SampleNote(tx *db.Tx, at, class, child, guardian school.ID) error {
	day := school.ClassDay(tx.Now.AddDate(0, 0, 1), 1)
	n := note{
		ID: school.NewID(tx.Now), School: at, Class: class, Child: child, Author: guardian, Kind: late, From: day, Until: day, Hour: "09:30",
		Body: "Rendez-vous chez le dentiste.", Sent: tx.Now,
	}
	if err := tell(tx, i18n.Printer{}, n); err != nil {
		return err
	}
	return audience.Publish(tx, n.address())
}
