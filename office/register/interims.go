package register

import (
	"context"
	"maps"
	"slices"

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
	proposed, err := s.proposalsNear(r)
	if err != nil {
		return nil, err
	}
	v, err := vacancies(r, proposed)
	return web.Page{Title: r.Say("register.interims"), Body: interimsPage(v)}, err
}

// vacancies reads the schools of the visitor's that have no head, with whoever heads
// them for a time and what is proposed.
func vacancies(r *web.Request, proposed map[school.ID]proposal) (v interimsView, err error) {
	where, args := r.Scope(nameInterim, place.Columns, db.At(r.Tx.Now))
	schools, err := directory.Headless(r.Tx, shownInterims+1, where, args...)
	if err != nil {
		return v, err
	}
	v.More = len(schools) > shownInterims
	schools = schools[:min(len(schools), shownInterims)]
	ids := make([]school.ID, len(schools))
	for i, at := range schools {
		ids[i] = at.ID
	}
	acting, err := directory.ActingAt(r.Tx, ids...)
	if err != nil {
		return v, err
	}
	byPlace := map[school.ID]*directory.Duty{}
	for i := range acting {
		byPlace[acting[i].Place.ID] = &acting[i]
	}
	for _, at := range schools {
		v.Schools = append(v.Schools, vacancy{at, byPlace[at.ID], proposed[at.ID]})
	}
	return v, nil
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

// AwaitsInterim is the acting heads that the visitor may confirm, for their home
// page, and the schools for which they may propose one.
func (s *Service) AwaitsInterim(r *web.Request) ([]ui.Task, error) {
	if !r.Holds(nameInterim) {
		return nil, nil
	}
	proposed, err := s.proposalsNear(r)
	if err != nil {
		return nil, err
	}
	var confirms []school.ID
	for at, p := range proposed {
		if p.Confirms {
			confirms = append(confirms, at)
		}
	}
	tasks := interimTask(r, "register.interim", "register.interim-task", confirms)
	if r.Actor.Profile == school.Operator { // who has all schools is told by those who have some
		return tasks, nil
	}
	where, args := r.Scope(nameInterim, place.Columns, db.At(r.Tx.Now))
	vacant, err := directory.Vacant(r.Tx, shownInterims+1, slices.Sorted(maps.Keys(proposed)), where, args...)
	if err != nil {
		return nil, err
	}
	text := "register.vacant-task"
	if len(vacant) > shownInterims {
		vacant, text = vacant[:shownInterims], "register.vacant-task-more"
	}
	return append(tasks, interimTask(r, "register.interims", text, vacant)...), nil
}

// interimTask leads to the only school of some, or to their list; none is no task.
func interimTask(r *web.Request, title, text string, schools []school.ID) []ui.Task {
	if len(schools) == 0 {
		return nil
	}
	href := "/register/interims"
	if len(schools) == 1 {
		href = interimPath(schools[0])
	}
	return []ui.Task{{Href: href, Title: r.Say(title), Text: r.Say(text, len(schools)), Icon: ui.IconPersonCheck, Count: len(schools)}}
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
