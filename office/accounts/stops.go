package accounts

import (
	"context"
	"slices"

	"preau/account"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// Stoppable is a service in which what is written may be stopped in an emergency.
type Stoppable struct {
	web.Card
	Pupils bool // they write there too, and may be stopped alone
}

// StoppableOf lists those of some services where something new is written.
func StoppableOf(services ...web.Service) (list []Stoppable) {
	for _, service := range services {
		card, table := service.Card(), service.Rights()
		if len(card.Publishes) > 0 {
			list = append(list, Stoppable{card, slices.ContainsFunc(card.Publishes, func(right rights.Right) bool {
				_, pupils := table[right][school.Pupil]
				return pupils
			})})
		}
	}
	return list
}

// stops are the switches by which a page may stop something.
func (s *Service) stops(at school.ID) (stops []account.Switch) {
	for _, one := range s.Stops {
		stops = append(stops, account.Switch{School: at, Service: one.Name})
		if one.Pupils {
			stops = append(stops, account.Switch{School: at, Service: one.Name, Profile: school.Pupil})
		}
	}
	return stops
}

// what is a stop as a form sends it.
func what(s account.Switch) string { return s.Service + ":" + told(s.Profile) }

// saysWhat names what is stopped, and for whom.
func saysWhat(ctx context.Context, s account.Switch) string {
	return i18n.Dots(i18n.Say(ctx, s.Service+".title"), i18n.Say(ctx, account.WhomKey(s.Profile)))
}

// stopOptions are what may be stopped.
func (v switchesView) stopOptions(ctx context.Context, form web.Form) []ui.Option {
	options := make([]ui.Option, len(v.Stops))
	for i, s := range v.Stops {
		options[i] = ui.Option{Value: what(s), Label: saysWhat(ctx, s), Selected: form.Chosen("what", what(s))}
	}
	return options
}

// stopping reads the page, and what of it a form is about.
func (s *Service) stopping(r *web.Request) (v switchesView, stop account.Switch, err error) {
	if v, err = ground(r); err != nil {
		return v, stop, err
	}
	all := s.stops(v.At.ID)
	i := slices.IndexFunc(all, func(one account.Switch) bool { return what(one) == r.PostFormValue("what") })
	if i < 0 {
		return v, stop, fail.New(fail.Invalid, "nothing called %.20q is to be stopped", r.PostFormValue("what")).Say("accounts.stop-which").At("what")
	}
	return v, all[i], nil
}

// stop stops what is written in a service, for a reason.
func (s *Service) stop(r *web.Request) (web.Answer, error) {
	v, stop, err := s.stopping(r)
	if err == nil {
		stop.Reason, err = r.Text("reason", 120)
	}
	if err == nil {
		err = s.Accounts.SwitchOn(r.Tx, stop, r.By())
	}
	if form, again := r.Again(err); again {
		v.Form = form
		return s.switchesAnswer(r, v)
	}
	return web.Redirect{To: v.path("/switches"), Notice: "accounts.stopped"}, err
}

// resume has a service go on.
func (s *Service) resume(r *web.Request) (web.Answer, error) {
	v, stop, err := s.stopping(r)
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: v.path("/switches"), Notice: "accounts.switched-off"}, s.Accounts.SwitchOff(r.Tx, stop, r.By())
}
