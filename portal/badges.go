package portal

import (
	"context"

	"preau/account"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// badgesPath is where a guardian says which of their children may come in from
// home.
const badgesPath = "/me/badges"

// wardView is a child for whom the visitor decides.
type wardView struct {
	directory.Someone
	Badge   bool // they have one
	Young   bool // they come in with one at school: others have a password
	Allowed bool
}

// button is what the visitor may decide for the child: the contrary of what is.
func (v wardView) button(ctx context.Context) ui.PostButton {
	b := ui.PostButton{Action: badgesPath + "/" + v.ID.String(), About: v.First, Icon: ui.IconHome}
	if v.Allowed {
		b.Label, b.Look, b.Icon = i18n.Say(ctx, "portal.badge-forbid"), ui.Quiet, ui.IconStop
		return b
	}
	b.Label, b.Fields = i18n.Say(ctx, "portal.badge-allow"), []ui.Hidden{{Name: "home", Value: "on"}}
	return b
}

// state is what holds for the child.
func (v wardView) state() string {
	switch {
	case v.Allowed:
		return "portal.badge-is-allowed"
	case !v.Badge && v.Young:
		return "portal.badge-is-missing"
	case !v.Badge:
		return "portal.badge-is-none"
	}
	return "portal.badge-is-at-school"
}

// badges lists the children for whom the visitor decides, and asks for each
// whether their badge opens from home.
func (p *Portal) badges(r *web.Request) (web.Answer, error) {
	wards, err := directory.WardsOf(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	ids := make([]school.ID, len(wards))
	for i, ward := range wards {
		ids[i] = ward.ID
	}
	allowed, err := account.HomeAllowed(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	badges, err := account.HaveBadges(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	views := make([]wardView, len(wards))
	for i, ward := range wards {
		_, home := allowed[ward.ID]
		views[i] = wardView{Someone: ward, Badge: badges[ward.ID], Allowed: home}
		if views[i].Young, err = directory.IsYoung(r.Tx, ward.ID); err != nil {
			return nil, err
		}
	}
	return web.Page{Title: r.Say("portal.badges"), Body: badgesPage(views, r.ReadOnly)}, nil
}

// decideBadge keeps what a guardian decided for a child. Whoever does not decide
// for the child is answered as if there were none. Who only reads for now may take back
// what they allowed, and allows nothing.
func (p *Portal) decideBadge(r *web.Request) (web.Answer, error) {
	child, err := r.PathID("person")
	if err != nil {
		return nil, err
	}
	decide, notice := p.Accounts.ForbidHome, "portal.badge-forbidden"
	if r.PostFormValue("home") != "" {
		if r.ReadOnly {
			return nil, fail.New(fail.Unavailable, "%s only reads for now", r.Actor.Person).Say("portal.badge-not-now")
		}
		decide, notice = p.Accounts.AllowHome, "portal.badge-allowed"
	}
	if err := decide(r.Tx, child, r.By()); err != nil {
		return nil, err
	}
	return web.Redirect{To: badgesPath, Notice: notice}, nil
}
