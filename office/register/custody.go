package register

import (
	"context"
	"strconv"
	"time"

	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// custody writes in which weeks a child of two homes is with whom: it holds at once. Why is
// written nowhere.
func (s *Service) custody(r *web.Request) (web.Answer, error) {
	view, err := decidable(r, restrictBond)
	if err != nil {
		return nil, err
	}
	c := directory.Custody{Pupil: view.Pupil.ID, AskedBy: r.Actor.Person}
	if c.Even, err = r.FormID("even"); err != nil {
		return nil, err
	}
	if c.Odd, err = r.FormID("odd"); err != nil {
		return nil, err
	}
	turn, err := strconv.Atoi(r.PostFormValue("turn"))
	if err != nil || turn < 0 || turn > 6 {
		return nil, fail.New(fail.NotFound, "%q is no day of the week", r.PostFormValue("turn"))
	}
	c.Turn = time.Weekday(turn)
	_, err = directory.EnterCustody(r.Tx, c, true)
	return s.pupilDone(r, view, actCustody, "register.custody-entered", 0, err)
}

// endCustody forgets it: reminders go to both again.
func (s *Service) endCustody(r *web.Request) (web.Answer, error) {
	view, err := decidable(r, restrictBond)
	if err != nil {
		return nil, err
	}
	return s.pupilDone(r, view, actEndCustody, "register.custody-ended", 0, directory.EndCustody(r.Tx, view.Pupil.ID))
}

// parents are the guardians of a pupil among whom weeks may be shared.
func (v pupilView) parents() (list []directory.Guardian) {
	for _, g := range v.Guardians {
		if !g.Organisation && !keptAway(g, v.Now) {
			list = append(list, g)
		}
	}
	return list
}

// parentOptions are the parents of a pupil, one of them chosen.
func (v pupilView) parentOptions(chosen school.ID) []ui.Option {
	var options []ui.Option
	for _, g := range v.parents() {
		options = append(options, ui.Option{Value: g.ID.String(), Label: g.Name(), Selected: g.ID == chosen})
	}
	return options
}

// turnOptions are the days of the week, from Monday on.
func turnOptions(ctx context.Context, c directory.Custody) []ui.Option {
	chosen := c.Turn
	if c.Asked.IsZero() {
		chosen = time.Friday
	}
	options := make([]ui.Option, 7)
	for i := range options {
		turn := time.Weekday((i + 1) % 7)
		options[i] = ui.Option{Value: strconv.Itoa(int(turn)), Label: i18n.From(ctx).Weekday(turn), Selected: turn == chosen}
	}
	return options
}

// custodyWords says what was entered.
func (v pupilView) custodyWords(ctx context.Context) string {
	names := map[school.ID]string{}
	for _, g := range v.Guardians {
		names[g.ID] = g.Name()
	}
	c := v.Custody
	if c.Asked.IsZero() {
		return i18n.Say(ctx, "register.custody-none")
	}
	said := i18n.Say(ctx, "register.custody-is", names[c.Even], names[c.Odd], i18n.From(ctx).Weekday(c.Turn))
	if c.Agreed.IsZero() {
		said += " " + i18n.Say(ctx, "register.custody-not-agreed")
	}
	return said
}
