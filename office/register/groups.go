package register

import (
	"preau/core/audit"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// groupsView is the groups of a school.
type groupsView struct {
	School directory.Structure
	Groups []directory.ClassView
	Closed []directory.Class // lately
	Form   web.Form
}

// groups lists the groups of a school.
func (s *Service) groups(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, keepGroups)
	if err != nil {
		return nil, err
	}
	return groupsAnswer(r, at, web.Form{})
}

func groupsAnswer(r *web.Request, at directory.Structure, form web.Form) (web.Answer, error) {
	view := groupsView{School: at, Form: form}
	var err error
	if view.Groups, err = directory.GroupsOf(r.Tx, at.ID); err != nil {
		return nil, err
	}
	if view.Closed, err = directory.ClosedGroups(r.Tx, at.ID); err != nil {
		return nil, err
	}
	return place.Page(at, web.Page{Title: r.Say("register.groups"), Body: groupsPage(view), Status: form.Status()}), nil
}

// makeGroup makes a group, and leads to its page to fill it.
func (s *Service) makeGroup(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, keepGroups)
	if err != nil {
		return nil, err
	}
	label, err := r.Text("label", 60)
	var group school.ID
	if err == nil {
		group, err = directory.MakeGroup(r.Tx, at.ID, label)
	}
	if form, again := r.Again(err); again {
		return groupsAnswer(r, at, form)
	}
	if err == nil {
		err = s.journal(r, audit.Entry{Action: actMakeGroup, Kind: "class", Object: group, School: at.ID})
	}
	return web.Redirect{To: groupPath(at.ID, group), Notice: "register.group-made"}, err
}
