package register

import (
	"slices"

	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// careView is who is expected at a service of the périscolaire of a school.
type careView struct {
	School   directory.Structure
	Care     directory.Care
	Enrolled []directory.Enrolled
	Marks    directory.Marks // their animals, where two of a class have one name
	Absent   []school.ID     // those of them who do not come today, as far as the visitor is told
	Keeps    bool            // the visitor says whom to call
}

// care lists the children enrolled in a service, for the agents of the
// commune: name, class, half-day, and that one is absent today. They see nothing else of the school.
func (s *Service) care(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, viewCare)
	if err != nil {
		return nil, err
	}
	view := careView{School: at, Care: directory.Care(r.PathValue("care")), Keeps: r.Holds(keepReferents)}
	if err := keepsCare(r, at.ID, view.Care); err != nil {
		return nil, err
	}
	if view.Enrolled, err = directory.EnrolledIn(r.Tx, at.ID, view.Care); err != nil {
		return nil, err
	}
	minded := make([]school.ID, len(view.Enrolled))
	for i, e := range view.Enrolled {
		minded[i] = e.ID
	}
	if view.Marks, err = place.TellApartByAnimal(r, minded...); err != nil {
		return nil, err
	}
	if s.Absent != nil {
		if view.Absent, err = s.Absent(r, rights.Object{School: at.ID}, minded...); err != nil {
			return nil, err
		}
	}
	return web.Page{Title: r.Say("register.care-" + string(view.Care)), Body: carePage(view)}, nil
}

// keepsCare stops the agent of one activity at that activity, unless the lists of
// the school were lent to them.
func keepsCare(r *web.Request, at school.ID, care directory.Care) error {
	if r.Actor.Profile != school.CareAgent || r.Actor.Borrows(directory.LentCareLists, at) {
		return nil
	}
	duties, err := directory.DutiesOf(r.Tx, r.Actor.Person)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(duties, func(d directory.Duty) bool { return d.Place.ID == at && d.Care() == care }) {
		return fail.New(fail.NotFound, "%s does not keep %s in %s", r.Actor.Person, care, at)
	}
	return nil
}

// byClass parts the list, which is sorted, class by class.
func (v careView) byClass() (classes [][]directory.Enrolled) {
	for from := 0; from < len(v.Enrolled); {
		to := from
		for to < len(v.Enrolled) && v.Enrolled[to].Class == v.Enrolled[from].Class {
			to++
		}
		classes = append(classes, v.Enrolled[from:to])
		from = to
	}
	return classes
}

// titleOf names a class and counts those of it who are enrolled.
func (v careView) titleOf(say i18n.Printer, class []directory.Enrolled) string {
	label := class[0].Class
	if label == "" {
		label = say.Say("register.no-class")
	}
	return label + " · " + say.Number(len(class))
}

// lead says where and when it is, how many are enrolled and how many of them do not come.
func (v careView) lead(say i18n.Printer) string {
	absent := ""
	if n := len(v.Absent); n > 0 {
		absent = say.Say("register.care-absent-count", n)
	}
	return i18n.Dots(v.School.Name, say.Say("register.care-when-"+string(v.Care)), say.Say("register.enrolled", len(v.Enrolled)), absent)
}

// tags marks who does not come today.
func (v careView) tags(say i18n.Printer, e directory.Enrolled) ui.Tags {
	if !slices.Contains(v.Absent, e.ID) {
		return nil
	}
	return ui.Tags{{Label: say.Say("register.care-absent"), Kind: ui.Warning}}
}
