package portal

import (
	"preau/account"
	"preau/core/fail"
	"preau/core/web"
)

// forgottenView is the form of whoever forgot a password, or what they are told.
type forgottenView struct {
	Asked bool
	Form  web.Form
	Lang  langView
}

// mailed refuses the pages of an installation that sends no mail: they would
// promise what does not come.
func (p *Portal) mailed() error {
	if !p.Accounts.SendsMail() {
		return fail.New(fail.NotFound, "nothing is sent by mail")
	}
	return nil
}

func (p *Portal) forgotten(r *web.Request) (web.Answer, error) {
	if err := p.mailed(); err != nil {
		return nil, err
	}
	return forgottenAnswer(r, forgottenView{}), nil
}

func forgottenAnswer(r *web.Request, v forgottenView) web.Page {
	v.Lang = langs(r)
	return web.Page{Title: r.Say("portal.forgotten"), Body: forgottenPage(v), Status: v.Form.Status(), Doorway: true}
}

// ask notes what was forgotten. The page that answers is the same whoever is
// asked about, anybody or nobody, and does not show what was typed.
func (p *Portal) ask(r *web.Request) (web.Answer, error) {
	if err := p.mailed(); err != nil {
		return nil, err
	}
	err := p.Accounts.Forgotten(r.Context(), r.PostFormValue("who"), account.OriginOf(r))
	if form, again := r.Again(err); again {
		return forgottenAnswer(r, forgottenView{Form: form}), nil
	}
	if err != nil {
		return nil, err
	}
	return forgottenAnswer(r, forgottenView{Asked: true}), nil
}
