package portal

import (
	"context"
	"time"

	"preau/account"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web"
)

// factorsView is the part of "my account" about the second factor.
type factorsView struct {
	Offered  bool // to this person
	Demanded bool // they have to keep one
	All      []account.Factor
	Recovery int // codes that are left
	Now      time.Time
}

// factorsOf reads the second factors of the visitor.
func (p *Portal) factorsOf(r *web.Request) (v factorsView, err error) {
	hats := hatsOf(r)
	v = factorsView{Offered: account.MayHaveFactor(hats...), Demanded: p.Accounts.Demands(hats...), Now: r.Tx.Now}
	if v.All, err = account.FactorsOf(r.Tx, r.Actor.Person); err != nil {
		return v, err
	}
	v.Recovery, err = account.RecoveryLeft(r.Tx, r.Actor.Person)
	return v, err
}

// hatsOf are the profiles that the visitor holds.
func hatsOf(r *web.Request) []school.Profile {
	hats := make([]school.Profile, len(r.Hats))
	for i, hat := range r.Hats {
		hats[i] = school.Profile(hat.ID)
	}
	return hats
}

// factorView is the page of one second factor.
type factorView struct {
	account.Factor
	Last bool // of somebody who has to keep one
	Form web.Form
	Now  time.Time
}

func (v factorView) path() string { return "/me/factor/" + v.ID.String() }

// factor is the page of one of the visitor's second factors.
func (p *Portal) factor(r *web.Request) (web.Answer, error) { return p.factorPage(r, web.Form{}) }

func (p *Portal) factorPage(r *web.Request, form web.Form) (web.Answer, error) {
	id, err := r.PathID("factor")
	if err != nil {
		return nil, err
	}
	mine, err := p.factorsOf(r)
	if err != nil {
		return nil, err
	}
	v := factorView{Form: form, Now: r.Tx.Now, Last: mine.Demanded && len(mine.All) == 1}
	for _, f := range mine.All {
		if f.ID == id {
			v.Factor = f
		}
	}
	if v.ID == 0 {
		return nil, account.NoFactor(r.Actor.Person, id)
	}
	return web.Page{Title: factorName(r.Context(), v.Factor), Body: factorPage(v), Status: form.Status()}, nil
}

// renameFactor gives one of the visitor's second factors a name.
func (p *Portal) renameFactor(r *web.Request) (web.Answer, error) {
	id, err := r.PathID("factor")
	if err != nil {
		return nil, err
	}
	session, err := p.Accounts.Resolve(r.Tx, r.Token())
	if err != nil {
		return nil, err
	}
	err = p.Accounts.RenameFactor(r.Tx, session, id, r.PostFormValue("name"), account.OriginOf(r))
	if form, wrong := r.Again(err); wrong {
		return p.factorPage(r, form)
	}
	return web.Redirect{To: "/me#factors", Notice: "portal.factor-renamed"}, err
}

// removeFactor takes one of the visitor's second factors away.
func (p *Portal) removeFactor(r *web.Request) (web.Answer, error) {
	id, err := r.PathID("factor")
	if err != nil {
		return nil, err
	}
	session, err := p.Accounts.Resolve(r.Tx, r.Token())
	if err != nil {
		return nil, err
	}
	err = p.Accounts.RemoveFactor(r.Tx, session, id, account.OriginOf(r))
	return web.Redirect{To: "/me#factors", Notice: "portal.factor-removed"}, err
}

// newRecovery makes new recovery codes, and shows them this once.
func (p *Portal) newRecovery(r *web.Request) (web.Answer, error) {
	session, err := p.Accounts.Resolve(r.Tx, r.Token())
	if err != nil {
		return nil, err
	}
	codes, err := p.Accounts.NewRecovery(r.Tx, session, account.OriginOf(r))
	if err != nil {
		return nil, err
	}
	return recoveryPage(r, codes, "/me", false), nil
}

// factorName is how a second factor is called: as its owner did, or by its kind.
func factorName(ctx context.Context, f account.Factor) string {
	if f.Name != "" {
		return f.Name
	}
	return i18n.Say(ctx, "portal."+string(f.Kind))
}

// factorUse says when a second factor was made, and when it was last used.
func factorUse(ctx context.Context, f account.Factor, now time.Time) string {
	made := i18n.Day(ctx, f.Made, now)
	if f.Used.IsZero() {
		return i18n.Say(ctx, "portal.factor-unused", made)
	}
	return i18n.Say(ctx, "portal.factor-used", made, i18n.Moment(ctx, f.Used, now))
}
