package register

import (
	"slices"

	"preau/account"
	"preau/core/audit"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// askedLine is somebody of a school whose account is claimed by who has another
// one under their name, and whom no mail can ask.
type askedLine struct {
	account.Joining
	Who      directory.Someone
	Children []string // in the school
}

// asked lists what waits in a school for its head to confirm, of those for whom
// the visitor may make a code: saying who somebody is opens as much.
func (s *Service) asked(r *web.Request, at directory.Structure) (lines []askedLine, err error) {
	waiting, err := joiningsIn(r, at.ID)
	if err != nil {
		return nil, err
	}
	for _, j := range waiting {
		err := MayGiveCode(r, j.Other)
		if fail.Is(err, fail.Forbidden) {
			continue
		}
		if err != nil {
			return nil, err
		}
		line := askedLine{Joining: j}
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

// joiningsIn lists what waits for the head of a school to confirm: the school of
// the account that is claimed, which handed its slip out.
func joiningsIn(r *web.Request, at school.ID) ([]account.Joining, error) {
	waiting, err := account.JoiningsWaiting(r.Tx)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	others := make([]school.ID, len(waiting))
	for i, j := range waiting {
		others[i] = j.Other
	}
	within, err := directory.PlacesOf(r.Tx, others...)
	return slices.DeleteFunc(waiting, func(j account.Joining) bool { return !slices.Contains(within[j.Other], at) }), err
}

// askedOf finds what the person of the path has claimed in the school of the
// path. Nobody else changes the two records from here on.
func (s *Service) askedOf(r *web.Request) (at directory.Structure, j account.Joining, err error) {
	if at, err = place.School(r, mergePeople); err != nil {
		return at, j, err
	}
	person, err := r.PathID("person")
	if err != nil {
		return at, j, err
	}
	waiting, err := joiningsIn(r, at.ID)
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
	return at, j, s.Feeder.Hold(r.Tx, j.Person, j.Other)
}

// confirmAsked makes one account of two, once the head has seen who asks. It is
// undone like any merge, by the one who asked too.
func (s *Service) confirmAsked(r *web.Request) (web.Answer, error) {
	at, j, err := s.askedOf(r)
	if err != nil {
		return nil, err
	}
	if err := directory.MayJoin(r.Tx, j.Person, j.Other); err != nil {
		return nil, err
	}
	if _, err := s.Accounts.Merge(r.Tx, j.Person, j.Other, r.Actor.Person, r.ID); err != nil {
		return nil, err
	}
	act, err := s.Feeder.Merge(r.Tx, j.Person, j.Other, j.Person)
	if err != nil {
		return nil, err
	}
	entry := auditOf(ground{at}, "register.join", j.Person, j.Other)
	entry.Detail = audit.Detail{"merge": act.ID.String()}
	return web.Redirect{To: ground{at}.listPath(), Notice: "register.asked-done"}, s.journal(r, entry)
}

// refuseAsked forgets what somebody claimed: it was not them.
func (s *Service) refuseAsked(r *web.Request) (web.Answer, error) {
	at, j, err := s.askedOf(r)
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.EndJoining(r.Tx, j.Person); err != nil {
		return nil, err
	}
	err = s.journal(r, auditOf(ground{at}, "register.join-refused", j.Person, j.Other))
	return web.Redirect{To: ground{at}.listPath(), Notice: "register.asked-refused"}, err
}

// path is the address where the school decides.
func (a askedLine) path(g ground) string { return g.path() + "/joining/" + a.Person.String() }
