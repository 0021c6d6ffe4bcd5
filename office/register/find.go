package register

import (
	"strings"

	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// mostFound is how many people a page of results lists.
const mostFound = 50

// findView is the people of a school whose name was looked for.
type findView struct {
	School directory.Structure
	Words  string
	Found  []directory.Found
	More   bool // there are others
}

// find looks for somebody of the school by name.
func (s *Service) find(r *web.Request) (web.Answer, error) {
	at, err := schoolOf(r, viewPupil)
	if err != nil {
		return nil, err
	}
	view := findView{School: at, Words: strings.TrimSpace(r.URL.Query().Get("q"))}
	if view.Found, err = directory.FindIn(r.Tx, at.ID, view.Words); err != nil {
		return nil, err
	}
	if len(view.Found) > mostFound {
		view.Found, view.More = view.Found[:mostFound], true
	}
	return pageOf(at, web.Page{Title: r.Say("register.find"), Body: findPage(view)}), nil
}

// href leads to the page that tells of somebody.
func (v findView) href(f directory.Found) string {
	if f.Pupil != 0 {
		return pupilPath(v.School.ID, f.Pupil)
	}
	return schoolPath(v.School.ID) + "/staff"
}

// whatKey is the key of what somebody is in the school.
func whatKey(f directory.Found) string {
	switch f.As {
	case school.Pupil:
		return "register.pupil"
	case school.Guardian:
		return "register.guardian-of"
	}
	return "register.profile-" + string(f.As)
}
