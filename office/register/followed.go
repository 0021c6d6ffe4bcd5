package register

import (
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// followedView is a pupil as somebody who follows them sees them: where they
// are, and with whom.
type followedView struct {
	School   directory.Structure
	Pupil    directory.InClass
	Class    string
	Teachers []directory.InClass
}

// followed shows a pupil to whoever follows them (AESH): their class and its
// teachers, and nothing of the family.
func (s *Service) followed(r *web.Request) (web.Answer, error) {
	id, err := r.PathID("person")
	if err != nil {
		return nil, err
	}
	if err := r.Can(viewFollowed, rights.Object{Pupil: id}); err != nil {
		return nil, err
	}
	for _, at := range r.Actor.Schools {
		view := followedView{}
		if view.Pupil, err = directory.PupilIn(r.Tx, at, id); fail.Is(err, fail.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if view.School, err = directory.StructureByID(r.Tx, at); err != nil {
			return nil, err
		}
		return followedAnswer(r, view)
	}
	return nil, fail.New(fail.NotFound, "%s is in no school of %s", id, r.Actor.Person)
}

func followedAnswer(r *web.Request, view followedView) (web.Answer, error) {
	classes, err := directory.ClassesByID(r.Tx, view.Pupil.Class)
	if err != nil {
		return nil, err
	}
	var ids []school.ID
	for _, class := range classes {
		view.Class, ids = class.Label, append(ids, class.ID)
	}
	view.Teachers, err = directory.TeachersIn(r.Tx, ids...)
	return place.Page(view.School, web.Page{Title: view.Pupil.Name(), Body: followedPage(view)}), err
}
