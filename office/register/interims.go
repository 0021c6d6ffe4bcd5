package register

import (
	"context"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// shownInterims is how many schools without a head are listed.
const shownInterims = 50

// interimsView is the schools that the feed gives no head.
type interimsView struct {
	Schools []vacancy
	More    bool
}

// vacancy is a school without a head, and what is done about it.
type vacancy struct {
	directory.Structure
	Acting   *directory.Duty
	Proposed proposal // of school 0 when nothing is
}

// interims lists the schools of the visitor's that have no head.
func (s *Service) interims(r *web.Request) (web.Answer, error) {
	where, args := r.Scope(nameInterim, place.Columns, db.At(r.Tx.Now))
	schools, err := directory.Headless(r.Tx, shownInterims+1, where, args...)
	if err != nil {
		return nil, err
	}
	v := interimsView{More: len(schools) > shownInterims}
	schools = schools[:min(len(schools), shownInterims)]
	ids := make([]school.ID, len(schools))
	for i, at := range schools {
		ids[i] = at.ID
	}
	acting, err := directory.ActingAt(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	byPlace := map[school.ID]*directory.Duty{}
	for i := range acting {
		byPlace[acting[i].Place.ID] = &acting[i]
	}
	proposed, err := s.proposalsNear(r)
	if err != nil {
		return nil, err
	}
	for _, at := range schools {
		v.Schools = append(v.Schools, vacancy{at, byPlace[at.ID], proposed[at.ID]})
	}
	return web.Page{Title: r.Say("register.interims"), Body: interimsPage(v)}, nil
}

// proposalsNear reads what is proposed for the visitor's schools.
func (s *Service) proposalsNear(r *web.Request) (map[school.ID]proposal, error) {
	where, args := r.Scope(nameInterim, place.Columns, db.At(r.Tx.Now))
	all, err := directory.Proposed(r.Tx, where, args...)
	if err != nil {
		return nil, err
	}
	return s.proposals(r, all...)
}

// AwaitsSecond is the acting heads that the visitor may confirm, for their home
// page.
func (s *Service) AwaitsSecond(r *web.Request) ([]ui.Task, error) {
	if !r.Holds(nameInterim) {
		return nil, nil
	}
	found, err := s.proposalsNear(r)
	if err != nil {
		return nil, err
	}
	count, href := 0, "/register/interims"
	for at, p := range found {
		if p.Confirms {
			count++
			href = interimPath(at)
		}
	}
	if count == 0 {
		return nil, nil
	}
	if count > 1 {
		href = "/register/interims"
	}
	return []ui.Task{{
		Href: href, Title: r.Say("register.interim"), Text: r.Say("register.interim-task", count), Icon: ui.IconPersonCheck, Count: count,
	}}, nil
}

// words says what is done about a school without a head.
func (v vacancy) words(ctx context.Context) string {
	switch {
	case v.Acting != nil:
		return i18n.Say(ctx, "register.interim-is", v.Acting.Name())
	case v.Proposed.Confirms:
		return i18n.Say(ctx, "register.interim-yours", v.Proposed.Name())
	case v.Proposed.School != 0:
		return i18n.Say(ctx, "register.interim-waits", v.Proposed.Name())
	}
	return i18n.Say(ctx, "register.interim-nobody")
}
