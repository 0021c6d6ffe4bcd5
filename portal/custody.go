package portal

import (
	"context"
	"slices"
	"strconv"
	"time"

	"preau/core/audit"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// custodyPath is where a guardian says in which weeks a child is with them.
const custodyPath = "/me/custody"

// homeView is a child of two homes, as one of the two guardians sees them: the other is
// named nowhere.
type homeView struct {
	directory.Someone
	directory.Custody // the zero one: nothing was entered
	Accent            ui.Accent
	Me                school.ID // the visitor
	Other             school.ID
	Now               time.Time
}

// homesOf lists the children for whom the visitor decides with one other guardian.
func homesOf(r *web.Request) (views []homeView, err error) {
	wards, err := directory.WardsOf(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	ids := make([]school.ID, len(wards))
	for i, ward := range wards {
		ids[i] = ward.ID
	}
	kin, err := directory.KinOf(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	entered, err := directory.Custodies(r.Tx, ids...)
	for _, ward := range wards {
		var others []school.ID
		for _, k := range kin {
			if k.Pupil == ward.ID && !k.Organisation && k.ID != r.Actor.Person {
				others = append(others, k.ID)
			}
		}
		if len(others) == 1 {
			views = append(views, homeView{ward, entered[ward.ID], r.AccentOf(ward.ID), r.Actor.Person, others[0], r.Tx.Now})
		}
	}
	return views, err
}

// custody shows in which weeks the visitor's children are with them.
func (p *Portal) custody(r *web.Request) (web.Answer, error) {
	views, err := homesOf(r)
	return web.Page{Title: r.Say("portal.custody"), Body: custodyPage(views)}, err
}

// homeOf reads the child of the path, for whom the visitor decides with another.
func (p *Portal) homeOf(r *web.Request) (homeView, error) {
	id, err := r.PathID("person")
	if err != nil {
		return homeView{}, err
	}
	views, err := homesOf(r)
	i := slices.IndexFunc(views, func(v homeView) bool { return v.ID == id })
	if err == nil && i < 0 {
		err = fail.New(fail.NotFound, "%s does not decide for %s with one other guardian", r.Actor.Person, id)
	}
	if err != nil {
		return homeView{}, err
	}
	return views[i], nil
}

// enterCustody says in which weeks a child is with the visitor; it holds once the other
// guardian has said the same.
func (p *Portal) enterCustody(r *web.Request) (web.Answer, error) {
	v, err := p.homeOf(r)
	if err != nil {
		return nil, err
	}
	c := directory.Custody{Pupil: v.ID, Even: v.Other, Odd: v.Me, AskedBy: v.Me}
	if r.PostFormValue("even") == "me" {
		c.Even, c.Odd = v.Me, v.Other
	}
	turn, err := strconv.Atoi(r.PostFormValue("turn"))
	if err != nil || turn < 0 || turn > 6 {
		return nil, fail.New(fail.NotFound, "%q is no day of the week", r.PostFormValue("turn"))
	}
	c.Turn = time.Weekday(turn)
	if c, err = directory.EnterCustody(r.Tx, c, false); err != nil {
		return nil, err
	}
	if err := p.journalCustody(r, actCustody, v.ID); err != nil {
		return nil, err
	}
	notice := "portal.custody-asked"
	if !c.Agreed.IsZero() {
		notice = "portal.custody-agreed"
	}
	return web.Redirect{To: custodyPath, Notice: notice}, nil
}

// endCustody has both guardians get every reminder again.
func (p *Portal) endCustody(r *web.Request) (web.Answer, error) {
	v, err := p.homeOf(r)
	if err != nil {
		return nil, err
	}
	if err := directory.EndCustody(r.Tx, v.ID); err != nil {
		return nil, err
	}
	return web.Redirect{To: custodyPath, Notice: "portal.custody-ended"}, p.journalCustody(r, actEndCustody, v.ID)
}

// What the journal says of a guardian who enters, or ends, the weeks of a child.
const (
	actCustody    audit.Action = "portal.custody"
	actEndCustody audit.Action = "portal.end-custody"
)

func (p *Portal) journalCustody(r *web.Request, act audit.Action, child school.ID) error {
	return p.Accounts.Log.Write(r.Tx, audit.Entry{By: r.By(), Action: act, Kind: "pupil", Subject: child, Object: child})
}

// state says what was entered.
func (v homeView) state(ctx context.Context) string {
	switch {
	case v.Asked.IsZero():
		return i18n.Say(ctx, "portal.custody-none")
	case v.Agreed.IsZero() && v.AskedBy == v.Me:
		return i18n.Say(ctx, "portal.custody-waits")
	case v.Agreed.IsZero():
		return i18n.Say(ctx, "portal.custody-to-agree")
	}
	return i18n.Say(ctx, "portal.custody-holds")
}

// weeks says with whom the child is now, and until when.
func (v homeView) weeks(ctx context.Context) []string {
	if v.Asked.IsZero() {
		return nil
	}
	say := i18n.From(ctx)
	from := v.Now.In(school.Paris)
	var said []string
	for range 3 {
		until := from
		for v.With(until.AddDate(0, 0, 1)) == v.With(from) && until.Sub(from) < 14*24*time.Hour {
			until = until.AddDate(0, 0, 1)
		}
		key := "portal.custody-with-other"
		if v.With(from) == v.Me {
			key = "portal.custody-with-you"
		}
		said = append(said, say.Say(key, say.Span(from, until, v.Now)))
		from = until.AddDate(0, 0, 1)
	}
	return said
}

// evenOptions are with whom the child is in even weeks.
func (v homeView) evenOptions(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: "me", Label: i18n.Say(ctx, "portal.custody-even-me"), Selected: v.Asked.IsZero() || v.Even == v.Me},
		{Value: "other", Label: i18n.Say(ctx, "portal.custody-even-other"), Selected: !v.Asked.IsZero() && v.Even != v.Me},
	}
}

// turnOptions are the days of the week, from Monday on.
func (v homeView) turnOptions(ctx context.Context) []ui.Option {
	chosen := v.Turn
	if v.Asked.IsZero() {
		chosen = time.Friday
	}
	options := make([]ui.Option, 7)
	for i := range options {
		turn := (i + 1) % 7
		options[i] = ui.Option{Value: strconv.Itoa(turn), Label: i18n.From(ctx).Weekday(time.Weekday(turn)), Selected: time.Weekday(turn) == chosen}
	}
	return options
}

// path is where what is about the child is entered.
func (v homeView) path() string { return custodyPath + "/" + v.ID.String() }

// fields are what the other guardian entered, to be agreed to.
func (v homeView) fields() []ui.Hidden {
	even := "other"
	if v.Even == v.Me {
		even = "me"
	}
	return []ui.Hidden{{Name: "even", Value: even}, {Name: "turn", Value: strconv.Itoa(int(v.Turn))}}
}

// proposals are what other guardians propose, for the home page.
func proposals(r *web.Request) (lines []ui.FeedLine, err error) {
	asked, err := directory.CustodyAsked(r.Tx, r.Actor.Person)
	if err != nil || !asked {
		return nil, err
	}
	homes, err := homesOf(r)
	for _, v := range homes {
		if !v.Asked.IsZero() && v.Agreed.IsZero() && v.AskedBy != v.Me {
			lines = append(lines, ui.FeedLine{
				Href: custodyPath, Title: r.Say("portal.custody"), Detail: r.Printer.Moment(v.Asked, r.Tx.Now), Children: []ui.ChildTag{{First: v.First, Accent: r.AccentOf(v.ID)}},
				Icon: ui.IconHome, Wants: r.Say("portal.custody-proposed"),
			})
		}
	}
	return lines, err
}
