package portal

import (
	"net/http"

	"preau/account"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// activationView is the form where one chooses a password with a code.
type activationView struct {
	Login, Code string // as they were typed
	Wrong       string // what was wrong
	Field       string // where
	Lang        langView

	Least, LeastPupil int // characters of a password
}

// errorAt is what was wrong with a field.
func (v activationView) errorAt(field string) string {
	if v.Field == field {
		return v.Wrong
	}
	return ""
}

func (v activationView) errors() []ui.FieldError {
	if v.Wrong == "" {
		return nil
	}
	return []ui.FieldError{{Name: v.Field, Text: v.Wrong}}
}

func (p *Portal) activation(r *web.Request) (web.Answer, error) {
	return activationPage(r, activationView{}), nil
}

func activationPage(r *web.Request, v activationView) web.Page {
	v.Lang = langs(r)
	v.Least, v.LeastPupil = account.LeastPassword(), account.LeastPassword(school.Pupil)
	return web.Page{Title: r.Say("portal.activate"), Body: activatePage(v), Doorway: true}
}

// activate sets a password and lets in. A password that is refused leaves the
// code, and everything else that was typed, as they were.
func (p *Portal) activate(r *web.Request) (web.Answer, error) {
	login, code := r.PostFormValue("login"), r.PostFormValue("code")
	opened, err := p.Accounts.Activate(r.Context(), login, code, r.PostFormValue("password"), origin(r))
	if fail.Is(err, fail.Invalid) {
		page := activationPage(r, activationView{Login: shown(login), Code: shown(code), Wrong: said(r, err), Field: field(err)})
		page.Status = http.StatusUnprocessableEntity
		return page, nil
	}
	if err != nil {
		return nil, err
	}
	return p.letIn(r, opened, web.Redirect{To: "/", Notice: "portal.activated"})
}
