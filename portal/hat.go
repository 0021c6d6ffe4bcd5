package portal

import (
	"errors"
	"net/http"

	"preau/account"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// switchHat puts another of the visitor's hats on, and leads to the page that
// they wanted with it, or home. Where that takes a session that was just
// opened, one signs in again; where it takes the second step, one is led there.
func (p *Portal) switchHat(r *web.Request) (web.Answer, error) {
	var opened account.Opened
	err := r.Write(func() (err error) {
		opened, err = p.Accounts.Switch(r.Tx, r.Token(), school.Profile(r.PostFormValue("hat")), account.OriginOf(r))
		return err
	})
	to := r.PostFormValue("to")
	if !web.Local(to) {
		to = "/"
	}
	if errors.Is(err, account.ErrSecondStep) {
		return web.Redirect{To: secondFor(to, r.PostFormValue("hat"))}, nil
	}
	if fail.Is(err, fail.SignIn) {
		page := p.loginPage(r, loginView{Next: to})
		page.Notices = []ui.Notice{{Text: r.Say("account.sign-in-again")}}
		page.Status = http.StatusForbidden
		return page, nil
	}
	if err != nil {
		return nil, err
	}
	r.SetSession(opened.Token, keptUntil(opened))
	return web.Redirect{To: to}, nil
}
