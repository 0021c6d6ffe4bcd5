package people

import (
	"slices"

	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// personView is somebody as the visitor may see them.
type personView struct {
	directory.Seen
	Places  []pupilPlace          // of a pupil
	Family  []directory.Seen      // guardians of a pupil
	Taught  []directory.ClassView // classes of a teacher
	Listed  map[school.ID]bool    // classes whose list the visitor has
	Mail    string                // at work
	Schools []directory.Structure // that the visitor sees
	Acts    []ui.Link             // what the visitor does about their own child
	Office  []ui.Link             // what the visitor may do there about them
}

// pupilPlace is where a pupil is, and what the visitor may know of it.
type pupilPlace struct {
	directory.Tie
	Level    string
	Born     string // "2019-03-04"; empty when it is not for the visitor
	Teachers []directory.InClass
}

// person shows somebody whom the visitor may look up.
func (s *Service) person(r *web.Request) (web.Answer, error) {
	id, err := r.PathID("person")
	if err != nil {
		return nil, err
	}
	v := personView{Listed: map[school.ID]bool{}}
	if v.Seen, err = see(r, id); err != nil {
		return nil, err
	}
	for _, tie := range v.Ties {
		switch tie.As {
		case school.Guardian:
		case school.Pupil:
			err = v.addPlace(r, tie)
		default:
			err = v.addPost(r, tie)
		}
		if err != nil {
			return nil, err
		}
	}
	if v.Family, err = directory.FamilyOf(r.Tx, sight(r), id); err != nil {
		return nil, err
	}
	if v.Schools, err = schoolsOf(r, v.Seen); err != nil {
		return nil, err
	}
	v.Acts, v.Office = ofChild(r, v.Seen), officeOf(r, v.Seen)
	page := web.Page{Title: v.Name(), Body: personPage(v)}
	if len(v.Schools) == 1 {
		page = place.Page(v.Schools[0], page)
	}
	return page, nil
}

// addPlace adds where a pupil is: the teachers for whoever sees the class, the
// level and the day of birth for whoever sees the pupil in the school.
func (v *personView) addPlace(r *web.Request, tie directory.Tie) (err error) {
	place, in := pupilPlace{Tie: tie}, rights.Object{Pupil: v.ID, Class: tie.Class, School: tie.School}
	if tie.Class != 0 && (r.Can(seeClass, in) == nil || r.Can(seeTeacher, in) == nil) {
		if place.Teachers, err = directory.TeachersIn(r.Tx, tie.Class); err != nil {
			return err
		}
		v.Listed[tie.Class] = r.Can(listClass, in) == nil
	}
	if tie.School != 0 {
		pupil, err := directory.PupilIn(r.Tx, tie.School, v.ID)
		if err != nil {
			return err
		}
		if place.Level = pupil.Level; r.Can(seeBirth, in) == nil {
			place.Born = pupil.Born
		}
	}
	v.Places = append(v.Places, place)
	return nil
}

// addPost adds what somebody does in a school: the classes that the visitor
// sees, and the mail for the colleagues.
func (v *personView) addPost(r *web.Request, tie directory.Tie) (err error) {
	if r.Can(seeMail, rights.Object{School: tie.School}) == nil {
		if v.Mail, err = directory.WorkMail(r.Tx, v.ID); err != nil {
			return err
		}
	}
	if v.Taught != nil {
		return nil // by another function
	}
	v.Taught, err = directory.ClassesTaughtBy(r.Tx, gate(r, seeClass), v.ID)
	for _, class := range v.Taught {
		v.Listed[class.ID] = r.Can(listClass, place.Object(class)) == nil
	}
	return err
}

// schoolsOf reads the schools of somebody that the visitor sees, by name.
func schoolsOf(r *web.Request, seen directory.Seen) ([]directory.Structure, error) {
	var ids []school.ID
	for _, tie := range seen.Ties {
		if tie.School == 0 || slices.Contains(ids, tie.School) {
			continue
		}
		if open, err := place.Reaches(r, seeSchool, tie.School); err != nil {
			return nil, err
		} else if open {
			ids = append(ids, tie.School)
		}
	}
	return directory.StructuresByID(r.Tx, ids...)
}
