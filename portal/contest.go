package portal

import (
	"preau/account"
	"preau/core/web"
)

// contestView is the form with which one shuts one's account, or the news
// that it is shut.
type contestView struct {
	Form web.Form
	Done bool
	Lang langView
}

func (p *Portal) contest(r *web.Request) (web.Answer, error) {
	return contestAnswer(r, contestView{}), nil
}

func contestAnswer(r *web.Request, v contestView) web.Page {
	v.Lang = langs(r)
	return web.Page{Title: r.Say("portal.contest"), Body: contestPage(v), Status: v.Form.Status(), Doorway: true}
}

// freeze shuts the account of a token. It is a form, not the opening of the
// link: programs that look into mail open links.
func (p *Portal) freeze(r *web.Request) (web.Answer, error) {
	err := p.Accounts.Contest(r.Context(), r.PostFormValue("token"), account.OriginOf(r))
	if form, again := r.Again(err); again {
		return contestAnswer(r, contestView{Form: form}), nil
	}
	if err != nil {
		return nil, err
	}
	return contestAnswer(r, contestView{Done: true}), nil
}
