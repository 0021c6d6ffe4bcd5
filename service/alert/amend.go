package alert

import (
	"time"

	"preau/core/audience"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// amendView is an alert that is being corrected, or ended.
type amendView struct {
	alert
	Schools int // in how many it is told together
	People  int // whom it reaches
	Terms   ui.Choices
	Form    web.Form
	Now     time.Time
}

// live reads the alerts that were told together with that of the path, it first, which the
// visitor may correct or end: those that ended by themselves a short time ago too. One that is
// over is fail.Conflict.
func (s *Service) live(r *web.Request) ([]alert, error) {
	a, err := ofPath(r)
	if err != nil {
		return nil, err
	}
	if err := mayKeep(r, a); err != nil {
		return nil, err
	}
	if !a.open(r.Tx.Now) {
		return nil, fail.New(fail.Conflict, "the alert %s is over", a.ID).Say("alert.is-over")
	}
	beside, err := alerts(r.Tx, `a.together_id = $2 AND a.author_id = $3 AND a.id <> $4`, mostTogether, a.Together, a.Author, a.ID)
	if err != nil {
		return nil, err
	}
	all := []alert{a}
	for _, one := range beside {
		if one.open(r.Tx.Now) && mayKeep(r, one) == nil {
			all = append(all, one)
		}
	}
	return all, nil
}

// mostTogether is how many schools a commune has at most.
const mostTogether = 1000

// about is what the page of a correction, or of an end, begins with.
func (s *Service) about(r *web.Request, all []alert, form web.Form) (v amendView, err error) {
	people, err := s.Notify.Urged(r.Tx, audiencesOf(all)...)
	return amendView{alert: all[0], Schools: len(all), People: len(people), Terms: terms(r, form, all[0].Until), Form: form, Now: r.Tx.Now}, err
}

// idsOf are those of some alerts.
func idsOf(all []alert) []school.ID {
	ids := make([]school.ID, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	return ids
}

// lastOf are the notices that some alerts say last.
func lastOf(all []alert) []school.ID {
	ids := make([]school.ID, len(all))
	for i, a := range all {
		ids[i] = a.Last.ID
	}
	return ids
}

func audiencesOf(all []alert) (to []audience.Audience) {
	for _, a := range all {
		to = append(to, a.audiences()...)
	}
	return to
}

func (s *Service) amending(r *web.Request) (web.Answer, error) {
	all, err := s.live(r)
	if err != nil {
		return nil, err
	}
	return s.amendAgain(r, all, web.Form{})
}

func (s *Service) amendAgain(r *web.Request, all []alert, form web.Form) (web.Answer, error) {
	v, err := s.about(r, all, form)
	return web.Page{Title: r.Say("alert.amend"), Body: amendPage(v), Status: form.Status()}, err
}

// amend tells the same people something else, which says that it corrects what was told.
func (s *Service) amend(r *web.Request) (web.Answer, error) {
	all, err := s.live(r)
	if err != nil {
		return nil, err
	}
	said, err := saidIn(r, amended)
	var until time.Time
	if err == nil {
		until, err = untilIn(r, all[0].Until)
	}
	if form, again := r.Again(err); again {
		return s.amendAgain(r, all, form)
	}
	if err != nil {
		return nil, err
	}
	if err := notTooManyAmends(r, all); err != nil {
		return nil, err
	}
	return s.sayAgain(r, all, "alert.amended-leaves", said, func(a *alert) { a.Until = until })
}

func (s *Service) ending(r *web.Request) (web.Answer, error) {
	all, err := s.live(r)
	if err != nil {
		return nil, err
	}
	return s.endAgain(r, all, web.Form{})
}

func (s *Service) endAgain(r *web.Request, all []alert, form web.Form) (web.Answer, error) {
	v, err := s.about(r, all, form)
	return web.Page{Title: r.Say("alert.end"), Body: endPage(v), Status: form.Status()}, err
}

// end tells the same people that it is over.
func (s *Service) end(r *web.Request) (web.Answer, error) {
	all, err := s.live(r)
	if err != nil {
		return nil, err
	}
	said, err := saidIn(r, ended)
	if form, again := r.Again(err); again {
		return s.endAgain(r, all, form)
	}
	if err != nil {
		return nil, err
	}
	return s.sayAgain(r, all, "alert.end-leaves", said, func(a *alert) { a.Ended = r.Tx.Now })
}

// sayAgain says something to those to whom some alerts were told together.
func (s *Service) sayAgain(r *web.Request, all []alert, done string, says notice, change func(*alert)) (web.Answer, error) {
	if err := keepWas(r, all, says.Said); err != nil {
		return nil, err
	}
	if err := audience.Forget(r.Tx, lastOf(all)...); err != nil { // it does not end as it was to
		return nil, err
	}
	for i := range all {
		change(&all[i])
		all[i].Last, all[i].Last.ID = says, school.NewID(r.Tx.Now)
	}
	if err := s.say(r, all); err != nil {
		return nil, err
	}
	if all[0].Ended.IsZero() {
		if err := remind(r.Tx, all[0]); err != nil {
			return nil, err
		}
	}
	return web.Redirect{To: all[0].path(), Notice: done}, s.acts(r, audiencesOf(all))
}

// crumb leads back to the alert.
func (a alert) crumb(title string) ui.Link { return ui.Link{Href: a.path(), Label: title} }
