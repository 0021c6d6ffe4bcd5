package portal

import (
	"cmp"
	"context"
	"slices"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// journalView is what happened to one's account.
type journalView struct {
	Acts  []act
	Older school.ID // the page that follows begins before it; 0: there is none
	First bool      // the page is the newest
	Crumb []ui.Link
	Now   time.Time
}

// act is one thing that happened.
type act struct {
	At       time.Time
	What, By string
}

// perJournal is how many acts a page shows.
const perJournal = 50

// journal shows a person what happened to their own account.
func (p *Portal) journal(r *web.Request) (web.Answer, error) {
	before := school.ID(0)
	if text := r.URL.Query().Get("before"); text != "" {
		var err error
		if before, err = school.ParseID(text); err != nil {
			before = 0
		}
	}
	acts, err := p.Accounts.Log.About(r.Tx, r.Actor.Person, account.OwnActs(), before, perJournal+1)
	if err != nil {
		return nil, err
	}
	looks, err := p.Accounts.Looks(r.Tx, r.Actor.Person, before, perJournal+1)
	if err != nil {
		return nil, err
	}
	acts = append(acts, looks...)
	slices.SortFunc(acts, func(a, b audit.Act) int { return cmp.Compare(b.ID, a.ID) })
	view := journalView{First: before == 0, Crumb: []ui.Link{{Href: "/", Label: r.Say("portal.home")}}, Now: r.Tx.Now}
	if r.Holds(keepOneself) {
		view.Crumb = append(view.Crumb, ui.Link{Href: "/me", Label: r.Say("portal.me")})
	}
	if len(acts) > perJournal {
		acts = acts[:perJournal]
		view.Older = acts[perJournal-1].ID
	}
	known := answered{map[school.ID][]school.Profile{}, map[school.ID][]directory.Function{}}
	for _, a := range acts {
		by, err := doer(r, known, a)
		if err != nil {
			return nil, err
		}
		view.Acts = append(view.Acts, act{a.At, account.SayAct(r.Printer, a), by})
	}
	return web.Page{Title: r.Say("portal.journal"), Body: journalPage(view)}, nil
}

// answered keeps for one page what the register answered about whoever acted: mostly the
// same few people did all of it.
type answered struct {
	hats map[school.ID][]school.Profile
	made map[school.ID][]directory.Function // replacements
}

// hatsOf is [directory.Hats], asked once.
func (known answered) hatsOf(r *web.Request, person school.ID) (hats []school.Profile, err error) {
	hats, asked := known.hats[person]
	if !asked {
		hats, err = directory.Hats(r.Tx, person)
		known.hats[person] = hats
	}
	return hats, err
}

// replacementAt finds the replacement that somebody made at an instant, of those that
// are asked for once.
func (known answered) replacementAt(r *web.Request, person school.ID, at time.Time) (made directory.Function, found bool, err error) {
	all, asked := known.made[person]
	if !asked {
		all, err = directory.ReplacementsBy(r.Tx, person)
		known.made[person] = all
	}
	i := slices.IndexFunc(all, func(f directory.Function) bool { return !f.From.After(at) && (f.Until.IsZero() || f.Until.After(at)) })
	if i < 0 {
		return made, false, err
	}
	return all[i], true, err
}

// doer says who did something, to whom it was done.
func doer(r *web.Request, known answered, a audit.Act) (string, error) {
	switch {
	case a.Actor == r.Actor.Person:
		return r.Say("portal.journal-by-self"), nil
	case a.Actor == 0, account.Claims(a):
		return r.Say(account.ByNobodyKey(a)), nil
	case a.Detail.Replacing():
		return replacing(r, known, a)
	}
	return actor(r, known, a)
}

// actor says who did something by what they were then, not by name: it is the school
// that answers, unless they were nobody of one.
func actor(r *web.Request, known answered, a audit.Act) (string, error) {
	held := map[school.Profile]bool{a.Profile: true}
	if a.Profile == "" { // what the journal did not know
		hats, err := known.hatsOf(r, a.Actor)
		if err != nil {
			return "", err
		}
		for _, hat := range hats {
			held[hat] = true
		}
	}
	who := "school"
	switch {
	case held[school.Head]:
		who = "head"
	case held[school.Operator]:
		who = "operator"
	case held[school.Pilot]:
		who = "pilot"
	case held[school.Municipal]:
		who = "municipal"
	case held[school.Teacher]:
		who = "teacher"
	case held[school.Staff], held[school.Admin], held[school.CareAgent], held[school.Tech]:
	case held[school.Guardian] && r.Actor.Profile == school.Pupil:
		who = "guardian"
	case held[school.Guardian], held[school.Pupil], held[school.Partner]:
		return r.Say("account.act-by-other"), nil
	}
	return r.Say("portal.journal-by-" + who), nil
}

// replacing says of an act by a replacement from when to when they were one.
func replacing(r *web.Request, known answered, a audit.Act) (string, error) {
	post, found, err := known.replacementAt(r, a.Actor, a.At)
	if err != nil {
		return "", err
	}
	if !found || post.Until.IsZero() { // they are erased since; it had no end yet
		return r.Say("portal.journal-by-replacement"), nil
	}
	return r.Say("portal.journal-by-replacement-term", r.Printer.Date(post.From.In(school.Paris)),
		r.Printer.Date(school.LastDay(post.Until.Time))), nil
}

// table lists the acts.
func (v journalView) table(ctx context.Context) ui.Table {
	t := ui.Table{
		Caption: i18n.Say(ctx, "portal.journal"), CaptionHidden: true,
		Columns: []ui.Column{
			{Label: i18n.Say(ctx, "portal.journal-when")}, {Label: i18n.Say(ctx, "portal.journal-what")}, {Label: i18n.Say(ctx, "portal.journal-who")},
		},
		Empty: ui.Empty{Icon: ui.IconInfo, Title: i18n.Say(ctx, "portal.journal-none"), Text: i18n.Say(ctx, "portal.journal-none-text")},
	}
	for _, a := range v.Acts {
		t.Rows = append(t.Rows, ui.Row{ui.Text(i18n.Moment(ctx, a.At, v.Now)), ui.Text(a.What), ui.Text(a.By)})
	}
	return t
}
