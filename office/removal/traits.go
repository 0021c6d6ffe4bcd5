package removal

import (
	"slices"
	"strings"

	"preau/account"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// traits are what tells somebody from others of their name: what they are, in which class or whose
// parent, and when they came in last.
type traits struct {
	accounts map[school.ID]account.Account
	teaches  map[school.ID][]directory.ClassView // by teacher
}

// traitsOf reads them for some people, together.
func traitsOf(r *web.Request, people ...directory.Seen) (t traits, err error) {
	var ids, schools []school.ID
	for _, who := range people {
		ids = append(ids, who.ID)
		for _, tie := range who.Ties {
			if works(tie) {
				schools = append(schools, tie.School)
			}
		}
	}
	if t.accounts, err = account.Of(r.Tx, ids...); err != nil {
		return t, err
	}
	slices.Sort(schools)
	classes, err := directory.PlainClassesOf(r.Tx, slices.Compact(schools)...)
	if err != nil || len(classes) == 0 {
		return t, err
	}
	of := map[school.ID]directory.ClassView{}
	for _, class := range classes {
		of[class.ID] = class
	}
	teachers, err := directory.TeachersIn(r.Tx, directory.ClassIDs(classes)...)
	t.teaches = map[school.ID][]directory.ClassView{}
	for _, one := range teachers {
		t.teaches[one.ID] = append(t.teaches[one.ID], of[one.Class])
	}
	return t, err
}

// works tells whether a tie is that of somebody who works in the school.
func works(tie directory.Tie) bool { return tie.As != school.Pupil && tie.As != school.Guardian }

// says says them of somebody, by some of their ties.
func (t traits) says(r *web.Request, who school.ID, ties []directory.Tie) string {
	var roles []string
	for _, tie := range ties {
		class := tie.ClassLabel
		if works(tie) {
			var labels []string
			for _, one := range t.teaches[who] {
				if one.School == tie.School {
					labels = append(labels, one.Label)
				}
			}
			class = strings.Join(labels, ", ")
		}
		roles = append(roles, i18n.Dots(r.Say(roleKey(tie.As)), class, tie.ChildName, tie.SchoolName))
	}
	came := r.Say("removal.never-in")
	if at := t.accounts[who].Seen; !at.IsZero() {
		came = r.Say("removal.last-in", r.Printer.Day(at, r.Tx.Now))
	}
	return i18n.Dots(strings.Join(roles, ", "), came)
}
