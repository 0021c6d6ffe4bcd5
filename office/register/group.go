package register

import (
	"slices"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// groupView is a group with whoever is in it and who might be.
type groupView struct {
	School   directory.Structure
	Group    directory.ClassView
	ByHand   bool
	Classes  []directory.ClassView
	Pupils   map[school.ID][]directory.InClass // by class
	Teachers []directory.Worker
	In       map[school.ID]bool
	Form     web.Form
}

// group shows a group: who is in it, to choose when it was made by hand.
func (s *Service) group(r *web.Request) (web.Answer, error) {
	view, err := groupOf(r)
	if err != nil {
		return nil, err
	}
	return groupAnswer(view), nil
}

func groupAnswer(view groupView) web.Page {
	return place.Page(view.School, web.Page{Title: view.Group.Label, Body: groupPage(view), Status: view.Form.Status()})
}

// groupOf reads the group of the path.
func groupOf(r *web.Request) (view groupView, err error) {
	if view.School, err = place.School(r, keepGroups); err != nil {
		return view, err
	}
	id, err := r.PathID("class")
	if err != nil {
		return view, err
	}
	groups, err := directory.GroupsOf(r.Tx, view.School.ID)
	if err != nil {
		return view, err
	}
	i := slices.IndexFunc(groups, func(g directory.ClassView) bool { return g.ID == id })
	if i < 0 {
		return view, fail.New(fail.NotFound, "no group %s in school %s", id, view.School.ID)
	}
	view.Group, view.ByHand = groups[i], groups[i].Source == 0
	return view, view.read(r)
}

// read fills the view with whoever is in the group and who might be.
func (v *groupView) read(r *web.Request) (err error) {
	if v.Classes, err = directory.ClassesOf(r.Tx, v.School.ID); err != nil {
		return err
	}
	v.Pupils, v.In = map[school.ID][]directory.InClass{}, map[school.ID]bool{}
	ids := make([]school.ID, len(v.Classes))
	for i, c := range v.Classes {
		ids[i] = c.ID
	}
	all, err := directory.PupilsIn(r.Tx, ids...)
	if err != nil {
		return err
	}
	for _, p := range all {
		v.Pupils[p.Class] = append(v.Pupils[p.Class], p)
	}
	for _, members := range []func(*db.Tx, ...school.ID) ([]directory.InClass, error){directory.PupilsIn, directory.TeachersIn} {
		in, err := members(r.Tx, v.Group.ID)
		if err != nil {
			return err
		}
		for _, m := range in {
			v.In[m.ID] = true
		}
	}
	v.Teachers, err = teachingStaff(r, v.School.ID)
	return err
}

// fillGroup gives a group its name, its pupils and its teachers.
func (s *Service) fillGroup(r *web.Request) (web.Answer, error) {
	view, err := groupOf(r)
	if err != nil {
		return nil, err
	}
	label, err := r.Text("label", 60)
	if err == nil {
		err = directory.RenameGroup(r.Tx, view.School.ID, view.Group.ID, label)
	}
	var people [2][]school.ID
	for i, field := range []string{"pupil", "teacher"} {
		for _, text := range r.PostForm[field] {
			id, wrong := school.ParseID(text)
			if wrong != nil {
				return nil, fail.New(fail.NotFound, "the field %s: %w", field, wrong)
			}
			people[i] = append(people[i], id)
		}
	}
	if err == nil {
		err = directory.SetGroup(r.Tx, view.School.ID, view.Group.ID, people[0], people[1], r.Actor.Person)
	}
	if form, again := r.Again(err); again {
		view.Form = form
		return groupAnswer(view), nil
	}
	if err == nil {
		err = s.journal(r, audit.Entry{Action: actFillGroup, Kind: "class", Object: view.Group.ID, School: view.School.ID})
	}
	return web.Redirect{To: groupPath(view.School.ID, view.Group.ID), Notice: "register.group-saved"}, err
}

// closeGroup ends a group.
func (s *Service) closeGroup(r *web.Request) (web.Answer, error) {
	view, err := groupOf(r)
	if err != nil {
		return nil, err
	}
	if err := directory.CloseGroup(r.Tx, view.School.ID, view.Group.ID); err != nil {
		return nil, err
	}
	err = s.journal(r, audit.Entry{Action: actCloseGroup, Kind: "class", Object: view.Group.ID, School: view.School.ID})
	return web.Redirect{To: schoolPath(view.School.ID) + "/groups", Notice: "register.group-closed"}, err
}

// reopenGroup opens again a group that was closed lately.
func (s *Service) reopenGroup(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, keepGroups)
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("class")
	if err != nil {
		return nil, err
	}
	if err := directory.ReopenGroup(r.Tx, at.ID, id); err != nil {
		return nil, err
	}
	err = s.journal(r, audit.Entry{Action: actReopenGroup, Kind: "class", Object: id, School: at.ID})
	return web.Redirect{To: groupPath(at.ID, id), Notice: "register.group-saved"}, err
}
