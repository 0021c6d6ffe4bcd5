package directory

import (
	"time"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
)

// Namesakes finds the pupils whose name another one of their class has: nothing
// that both of them know tells which child is meant.
func Namesakes(pupils []InClass) map[school.ID]bool {
	type place struct {
		class school.ID
		name  string
	}
	named := map[place]int{}
	for _, pupil := range pupils {
		named[place{pupil.Class, pupil.Name()}]++
	}
	twice := map[school.ID]bool{}
	for _, pupil := range pupils {
		if named[place{pupil.Class, pupil.Name()}] > 1 {
			twice[pupil.ID] = true
		}
	}
	return twice
}

// Marks are what tells pupils from the namesakes of their class; of whoever has
// none there is none.
type Marks map[school.ID]string

// On is somebody with their mark.
func (m Marks) On(one Someone) Marked { return Marked{one, m[one.ID]} }

// Marked is somebody with what tells them from the namesakes of their class;
// empty: nobody there has their name.
type Marked struct {
	Someone
	Mark string
}

// Name is the first name, then the family name, then the mark if there is one:
// "Elif Du Parc (anniversaire le 6 janvier)".
func (m Marked) Name() string {
	if m.Mark == "" {
		return m.Someone.Name()
	}
	return m.Someone.Name() + " (" + m.Mark + ")"
}

// TellApart says the birth dates of the namesakes among the pupils of some
// classes, to those for whom they are: they tell which child a code is for.
func TellApart(say i18n.Printer, pupils []InClass) Marks {
	return tellApart(pupils, func(p InClass) string { return p.BornOn(say) })
}

// TellApartByDay says their birthdays, without the year, which are no secret of
// a class.
func TellApartByDay(say i18n.Printer, pupils []InClass) Marks {
	return tellApart(pupils, func(p InClass) string { return p.born(say, "directory.birthday", say.Birthday) })
}

// MarksOf is [TellApartByDay] for some pupils, wherever they are in class: their
// namesakes may be none of them.
func MarksOf(tx *db.Tx, say i18n.Printer, people ...school.ID) (Marks, error) {
	mates, err := Classmates(tx, people...)
	return TellApartByDay(say, mates), err
}

// Classmates lists the pupils of the classes and of the groups of some of them
// now, themselves too, sorted by name: who they are, where, and when they were
// born, nothing else.
func Classmates(tx *db.Tx, people ...school.ID) ([]InClass, error) {
	if len(people) == 0 {
		return nil, nil
	}
	return db.All(tx, func(row db.Row) (in InClass, err error) {
		return in, row.Scan(append(in.fields(), &in.Class, &in.Born)...)
	}, `SELECT `+someone+`, m.class_id, p.birth_date FROM directory_membership m JOIN directory_person p ON p.id = m.person_id
		WHERE m.role = 'pupil' AND `+During("m", 1)+` AND m.class_id IN (
			SELECT k.class_id FROM directory_membership k WHERE k.person_id `+tx.Among(2)+` AND k.role = 'pupil' AND `+During("k", 1)+`)
		ORDER BY p.sort_key, p.id`, db.At(tx.Now), db.List(tx, people))
}

func tellApart(pupils []InClass, mark func(InClass) string) Marks {
	marks, twice := Marks{}, Namesakes(pupils)
	for _, pupil := range pupils {
		if twice[pupil.ID] {
			marks[pupil.ID] = mark(pupil)
		}
	}
	return marks
}

// BornOn says when a pupil was born; empty when the register does not know.
func (p InClass) BornOn(say i18n.Printer) string { return p.born(say, "directory.born", say.Date) }

func (p InClass) born(say i18n.Printer, key string, day func(time.Time) string) string {
	born, err := time.Parse(time.DateOnly, p.Born)
	if err != nil {
		return ""
	}
	return say.Say(key, day(born))
}
