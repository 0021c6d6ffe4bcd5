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
	named := map[string]int{}
	for _, pupil := range pupils {
		named[pupil.Name()]++
	}
	marks := map[school.ID]string{}
	for _, pupil := range pupils {
		if named[pupil.Name()] > 1 {
			marks[pupil.ID] = bornOn(say, pupil)
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
