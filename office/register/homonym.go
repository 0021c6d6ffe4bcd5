package register

import (
	"time"

	"preau/core/i18n"
	"preau/core/school"
	"preau/directory"
)

// apart says the birth dates of the pupils of a class whose name another one
// has: nothing else that both of them know tells which child a code is for.
func apart(say i18n.Printer, pupils []directory.InClass) map[school.ID]string {
	return apartBy(pupils, func(p directory.InClass) string { return bornOn(say, p) })
}

// apartByDay says the birthdays alone, for who may not know the year.
func apartByDay(say i18n.Printer, pupils []directory.InClass) map[school.ID]string {
	return apartBy(pupils, func(p directory.InClass) string {
		born, err := time.Parse(time.DateOnly, p.Born)
		if err != nil {
			return ""
		}
		return say.Say(say.Lang, "register.birthday", say.Birthday(born))
	})
}

func apartBy(pupils []directory.InClass, mark func(directory.InClass) string) map[school.ID]string {
	marks, twice := map[school.ID]string{}, directory.Namesakes(pupils)
	for _, pupil := range pupils {
		if twice[pupil.ID] {
			marks[pupil.ID] = mark(pupil)
		}
	}
	return marks
}

// bornOn says when a pupil was born; empty when the register does not know.
func bornOn(say i18n.Printer, pupil directory.InClass) string {
	born, err := time.Parse(time.DateOnly, pupil.Born)
	if err != nil {
		return ""
	}
	return say.Say(say.Lang, "register.born", say.Date(born))
}
