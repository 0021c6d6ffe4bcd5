package alert

import (
	"cmp"
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// current is what is told now, by the audiences to which it is, and who tells it.
type current struct {
	to    map[audience.ID][]alert
	names names
}

// currentEvery is how old what a node knows of it may be: a notice is on every page within
// that time. mostCurrent is how many one knows of: all the schools of a région on a day of
// storm.
const (
	currentEvery = 5 * time.Second
	mostCurrent  = 5000
)

// mostOnAPage is how many notices a page begins with.
const mostOnAPage = 3

// Alerts implements web.Alerter: what is told to the visitor, with any hat, and is not over,
// until they say that they have read it. Nothing is on the pages of a child.
func (s *Service) Alerts(r *web.Request) ([]ui.Alert, error) {
	if !slices.Contains(readers, r.Actor.Profile) {
		return nil, nil
	}
	now, err := s.current.Get(r.Tx.Now, currentEvery, func() (current, error) { return currentOf(r.Tx) })
	if err != nil || len(now.to) == 0 { // nearly always
		return nil, err
	}
	held, err := r.HeldWithAny()
	if err != nil {
		return nil, err
	}
	all := now.of(held, r.Tx.Now)
	if len(all) == 0 {
		return nil, nil
	}
	ids := make([]school.ID, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	mine, err := audience.ReceiptsBy(r.Tx, r.Actor.Person, ids...)
	var shown []ui.Alert
	for _, a := range all {
		if !a.acknowledged(mine) && len(shown) < mostOnAPage {
			from := now.names.teller(r.Printer, a)
			shown = append(shown, ui.Alert{
				Icon: a.Kind.icon(), Title: i18n.Dots(a.title(r.Printer), from.School), Text: a.Last.Text,
				When: i18n.Dots(from.Commune, r.Printer.Moment(a.Last.At, r.Tx.Now), a.until(r.Printer, r.Tx.Now)),
				Link: ui.Link{Href: a.path()}, Action: a.path() + "/read",
			})
		}
	}
	return shown, err
}

// currentOf reads what is told now.
func currentOf(tx *db.Tx) (current, error) {
	all, err := alerts(tx, `a.ended_at IS NULL AND a.until_at > $2`, mostCurrent, db.At(tx.Now))
	if err != nil || len(all) == 0 {
		return current{}, err
	}
	c := current{to: map[audience.ID][]alert{}}
	for _, a := range all {
		for _, to := range a.audiences() {
			c.to[to.ID()] = append(c.to[to.ID()], a)
		}
	}
	c.names, err = namesIn(tx, all)
	return c, err
}

// of lists what is told at an instant to what somebody holds, the last first.
func (c current) of(held audience.Holdings, at time.Time) (all []alert) {
	for _, id := range held.At(at).IDs() {
		for _, a := range c.to[id] {
			if a.live(at) && !slices.ContainsFunc(all, func(b alert) bool { return a.ID == b.ID }) {
				all = append(all, a)
			}
		}
	}
	slices.SortFunc(all, func(a, b alert) int { return cmp.Or(b.Published.Compare(a.Published), cmp.Compare(b.ID, a.ID)) })
	return all
}
