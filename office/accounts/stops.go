package accounts

import (
	"slices"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// stopLine is something that may be stopped, and who stopped it.
type stopLine struct {
	web.Stop
	Who string
}

// stopsIn reads what of the messages of a page is stopped, or may be.
func (s *Service) stopsIn(r *web.Request, v switchesView) (lines []stopLine, err error) {
	if s.Stops == nil {
		return nil, nil
	}
	stops, err := s.Stops.Stops(r.Tx, v.At.ID)
	if err != nil {
		return nil, err
	}
	by := make([]school.ID, len(stops))
	for i, one := range stops {
		by[i] = one.By
	}
	names, err := namesOf(r, by)
	for _, one := range stops {
		lines = append(lines, stopLine{one, names.of(r, one.By)})
	}
	return lines, err
}

// stopping reads the page, and what of it a form is about.
func (s *Service) stopping(r *web.Request) (v switchesView, what string, err error) {
	if v, err = ground(r); err != nil {
		return v, "", err
	}
	lines, err := s.stopsIn(r, v)
	what = r.PostFormValue("what")
	if err == nil && !slices.ContainsFunc(lines, func(l stopLine) bool { return l.What == what }) {
		err = fail.New(fail.NotFound, "nothing called %.20q is to be stopped", what)
	}
	return v, what, err
}

// stop stops messages, for a reason.
func (s *Service) stop(r *web.Request) (web.Answer, error) {
	v, what, err := s.stopping(r)
	if err != nil {
		return nil, err
	}
	reason, err := r.Text("why", 120)
	if err == nil && school.Clean(reason) == "" {
		err = fail.New(fail.Invalid, "a stop without a reason").Say("account.switch-reason").At("why")
	}
	if form, again := r.Again(err); again {
		v.Stopping = form
		return s.switchesAnswer(r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: v.path("/switches"), Notice: "accounts.stopped"}, s.Stops.Stop(r, v.At.ID, what, school.Clean(reason))
}

// resume has messages leave again.
func (s *Service) resume(r *web.Request) (web.Answer, error) {
	v, what, err := s.stopping(r)
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: v.path("/switches"), Notice: "accounts.switched-off"}, s.Stops.Resume(r, v.At.ID, what)
}
