package portal

import (
	"net/http"
	"time"

	"preau/account"
	"preau/core/web"
)

// contestView is the form with which one shuts one's account, or what came of a
// link: the account is shut, or the link does nothing any more.
type contestView struct {
	Form  web.Form
	Done  bool
	Spent account.Spent
	Since time.Time
	Now   time.Time
	Lang  langView
}

func (p *Portal) contest(r *web.Request) (web.Answer, error) {
	return contestAnswer(r, contestView{}), nil
}

func contestAnswer(r *web.Request, v contestView) web.Page {
	v.Lang = langs(r)
	return web.Page{Title: r.Say("portal.contest"), Body: contestPage(v), Status: v.Form.Status(), Doorway: true}
}

// freeze shuts the account of a token. It is a form, not the opening of the
// link: programs that look into mail open links. Whoever holds the link may not be
// whom it was sent to: no page tells them where that person is today.
func (p *Portal) freeze(r *web.Request) (web.Answer, error) {
	came, err := p.Accounts.Contest(r.Context(), r.PostFormValue("token"), account.OriginOf(r))
	if form, again := r.Again(err); again {
		return contestAnswer(r, contestView{Form: form}), nil
	}
	if err != nil {
		return nil, err
	}
	v := contestView{Done: came.Spent == "", Spent: came.Spent, Since: came.Since, Now: p.Accounts.DB.Now()}
	page := contestAnswer(r, v)
	if !v.Done {
		page.Status = http.StatusUnprocessableEntity // what was asked is not done
	}
	return page, nil
}
