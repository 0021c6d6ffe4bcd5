package portal

import (
	"net/http"
	"strings"

	"preau/account"
	"preau/core/fail"
	"preau/core/ui"
	"preau/core/web"
)

// forgottenView is the form of who forgot a password, or what they are told.
type forgottenView struct {
	Asked bool
	Wrong string
	Lang  langView
}

func (v forgottenView) errors() []ui.FieldError {
	if v.Wrong == "" {
		return nil
	}
	return []ui.FieldError{{Name: "who", Text: v.Wrong}}
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
	return web.Page{Title: r.Say("portal.forgotten"), Body: forgottenPage(v), Doorway: true}
}

// ask notes what was forgotten. The page that answers is the same whoever is
// asked about, anybody or nobody, and does not show what was typed.
func (p *Portal) ask(r *web.Request) (web.Answer, error) {
	if err := p.mailed(); err != nil {
		return nil, err
	}
	who := strings.TrimSpace(r.PostFormValue("who"))
	if who == "" {
		page := forgottenAnswer(r, forgottenView{Wrong: r.Say("portal.forgotten-empty")})
		page.Status = http.StatusUnprocessableEntity
		return page, nil
	}
	if err := p.Accounts.Forgotten(r.Context(), who, r.Printer.Lang, account.OriginOf(r)); err != nil {
		return nil, err
	}
	return forgottenAnswer(r, forgottenView{Asked: true}), nil
}
