package register

import (
	"slices"
	"strconv"

	"preau/account"
	"preau/core/audit"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// joiningLine is somebody of a school whose account is claimed by whoever has another
// one under their name, and whom no mail can ask.
type joiningLine struct {
	account.Joining
	Who      directory.Someone
	Children []string // in the school
}

// joinings lists what waits in a school for its head to confirm, of those for whom
// the visitor may make a code: saying who somebody is opens as much.
func (s *Service) joinings(r *web.Request, at directory.Structure) (lines []joiningLine, err error) {
	waiting, err := account.JoiningsIn(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	others := make([]school.ID, len(waiting))
	for i, j := range waiting {
		others[i] = j.Other
	}
	refused, err := RefuseCodes(r, others...)
	if err != nil {
		return nil, err
	}
	for _, j := range waiting {
		if refused[j.Other] != nil {
			continue
		}
		line := joiningLine{Joining: j}
		if line.Who, err = directory.Get(r.Tx, j.Other); err != nil {
			return nil, err
		}
		children, err := directory.ChildrenOf(r.Tx, j.Other)
		if err != nil {
			return nil, err
		}
		for _, child := range children {
			if child.School == at.ID {
				line.Children = append(line.Children, child.Name())
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// joiningOf finds what the person of the path has claimed in the school of the
// path.
func (s *Service) joiningOf(r *web.Request) (at directory.Structure, j account.Joining, err error) {
	if at, err = place.School(r, mergePeople); err != nil {
		return at, j, err
	}
	person, err := r.PathID("person")
	if err != nil {
		return at, j, err
	}
	waiting, err := account.JoiningsIn(r.Tx, at.ID)
	if err != nil {
		return at, j, err
	}
	i := slices.IndexFunc(waiting, func(j account.Joining) bool { return j.Person == person })
	if i < 0 {
		return at, j, fail.New(fail.NotFound, "%s has claimed nobody of %s", person, at.ID)
	}
	j = waiting[i]
	if err := MayGiveCode(r, j.Other); err != nil {
		return at, j, err
	}
	if r.PostFormValue("claimed") != claimed(j) {
		err = fail.New(fail.Conflict, "%s claims something else since", person).Say("register.joining-changed")
	}
	return at, j, err
}

// confirmJoining makes one account of two, once the head has seen who asks. It is
// undone like any merge, by the one who asked too.
func (s *Service) confirmJoining(r *web.Request) (web.Answer, error) {
	at, j, err := s.joiningOf(r)
	if err != nil {
		return nil, err
	}
	act, err := s.Accounts.Join(r.Tx, s.Feeder, j, r.By())
	if err != nil {
		return nil, err
	}
	entry := auditOf(ground{at}, actJoin, j.Person, j.Other)
	entry.Detail = audit.Detail{"merge": act.ID.String()}
	return web.Redirect{To: ground{at}.listPath(), Notice: "register.joining-done"}, s.journal(r, entry)
}

// refuseJoining forgets what somebody claimed: it was not them.
func (s *Service) refuseJoining(r *web.Request) (web.Answer, error) {
	at, j, err := s.joiningOf(r)
	if err != nil {
		return nil, err
	}
	if err := account.EndJoining(r.Tx, j.Person); err != nil {
		return nil, err
	}
	err = s.journal(r, auditOf(ground{at}, account.ActSchoolRefused, j.Person, j.Other))
	return web.Redirect{To: ground{at}.listPath(), Notice: "register.joining-refused"}, err
}

// claimed tells what somebody claims from what they claim later.
func claimed(j account.Joining) string {
	return j.Other.String() + "-" + strconv.FormatInt(j.Made.UnixMilli(), 10)
}

// path is the address where the school decides.
func (a joiningLine) path(g ground) string { return g.path() + "/joining/" + a.Person.String() }

// fields are what the form says that its reader saw.
func (a joiningLine) fields() []ui.Hidden {
	return []ui.Hidden{{Name: "claimed", Value: claimed(a.Joining)}}
}
