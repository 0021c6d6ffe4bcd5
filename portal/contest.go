package portal

import (
	"net/http"

	"preau/account"
	"preau/core/fail"
	"preau/core/ui"
	"preau/core/web"
)

// contestView is the form with which one shuts one's account, or the news
// that it is shut.
type contestView struct {
	Token string // as it was typed
	Wrong string
	Done  bool
	Lang  langView
}

func (v contestView) errors() []ui.FieldError {
	if v.Wrong == "" {
		return nil
	}
	return []ui.FieldError{{Name: "token", Text: v.Wrong}}
}

func (p *Portal) contest(r *web.Request) (web.Answer, error) {
	return contestAnswer(r, contestView{}), nil
}

func contestAnswer(r *web.Request, v contestView) web.Page {
	v.Lang = langs(r)
	return web.Page{Title: r.Say("portal.contest"), Body: contestPage(v), Doorway: true}
}

// freeze shuts the account of a token. It is a form, not the opening of the
// link: programs that look into mail open links.
func (p *Portal) freeze(r *web.Request) (web.Answer, error) {
	typed := r.PostFormValue("token")
	err := p.Accounts.Contest(r.Context(), typed, account.OriginOf(r))
	if fail.Is(err, fail.Invalid) {
		page := contestAnswer(r, contestView{Token: shown(typed), Wrong: said(r, err)})
		page.Status = http.StatusUnprocessableEntity
		return page, nil
	}
	if err != nil {
		return nil, err
	}
	return contestAnswer(r, contestView{Done: true}), nil
}
