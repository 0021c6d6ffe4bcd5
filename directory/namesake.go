package directory

import (
	"time"

	"preau/core/i18n"
	"preau/core/school"
)

// Namesakes finds the pupils of a class whose name another one has: nothing
// that both of them know tells which child is meant.
func Namesakes(class []InClass) map[school.ID]bool {
	named := map[string]int{}
	for _, pupil := range class {
		named[pupil.Name()]++
	}
	twice := map[school.ID]bool{}
	for _, pupil := range class {
		if named[pupil.Name()] > 1 {
			twice[pupil.ID] = true
		}
	}
	return twice
}

// TellApart says the birth dates of the namesakes of a class, to those for whom
// they are: they tell which child a code is for.
func TellApart(say i18n.Printer, class []InClass) map[school.ID]string {
	return tellApart(class, func(p InClass) string { return p.BornOn(say) })
}

// TellApartByDay says their birthdays, without the year, which are no secret of
// a class.
func TellApartByDay(say i18n.Printer, class []InClass) map[school.ID]string {
	return tellApart(class, func(p InClass) string { return p.born(say, "directory.birthday", say.Birthday) })
}

func tellApart(class []InClass, mark func(InClass) string) map[school.ID]string {
	marks, twice := map[school.ID]string{}, Namesakes(class)
	for _, pupil := range class {
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
