package portal

import (
	"slices"

	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// absentView is who does not come today, to whoever minds them without teaching them: a name and
// a class.
type absentView struct {
	Told  bool // the visitor is told of absences
	Lines []ui.PersonLine
}

// absentFrom is who does not come to the activities of an agent: of those who are enrolled in
// them, and nobody else.
func (p *Portal) absentFrom(r *web.Request, duties []directory.Duty) (v absentView, err error) {
	v.Told = p.Absent != nil && len(duties) > 0
	if !v.Told {
		return v, nil
	}
	var listed []directory.Enrolled
	for _, d := range duties {
		enrolled, err := directory.EnrolledIn(r.Tx, d.Place.ID, d.Care())
		if err != nil {
			return v, err
		}
		minded := make([]school.ID, len(enrolled))
		for i, e := range enrolled {
			minded[i] = e.ID
		}
		absent, err := p.Absent(r, rights.Object{School: d.Place.ID}, minded...)
		if err != nil {
			return v, err
		}
		for _, e := range enrolled {
			twice := slices.ContainsFunc(listed, func(l directory.Enrolled) bool { return l.ID == e.ID })
			if twice || !slices.Contains(absent, e.ID) {
				continue
			}
			listed = append(listed, e)
			line := ui.PersonLine{Detail: tidy(e.Class), Accent: accentOf(e.ID)}
			if len(duties) > 1 {
				line.Detail = join(line.Detail, d.Place.Name)
			}
			v.Lines = append(v.Lines, line)
		}
	}
	ids := make([]school.ID, len(listed))
	for i, e := range listed {
		ids[i] = e.ID
	}
	marks, err := place.TellApartByAnimal(r, ids...)
	for i, e := range listed {
		v.Lines[i].Name = marks.On(e.Someone).Name()
	}
	return v, err
}

// absentIn is who does not come to the classes where the visitor helps.
func (p *Portal) absentIn(r *web.Request, helped []roomView) (v absentView, err error) {
	v.Told = p.Absent != nil && len(helped) > 0
	if !v.Told {
		return v, nil
	}
	for _, room := range helped {
		minded := make([]school.ID, len(room.Pupils))
		for i, pupil := range room.Pupils {
			minded[i] = pupil.ID
		}
		absent, err := p.Absent(r, rights.Object{School: room.Class.School, Class: room.Class.ID}, minded...)
		if err != nil {
			return v, err
		}
		marks := place.MarkByAnimal(r, room.Pupils)
		for _, pupil := range room.Pupils {
			if slices.Contains(absent, pupil.ID) {
				v.Lines = append(v.Lines, ui.PersonLine{Name: marks.On(pupil.Someone).Name(), Detail: room.Label, Accent: accentOf(pupil.ID)})
			}
		}
	}
	return v, nil
}
