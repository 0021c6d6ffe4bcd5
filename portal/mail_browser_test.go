package portal_test

import (
	"strings"
	"testing"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/test/browser"
	"preau/test/house"
)

// The pages of a forgotten password, of a contest and of the journal, from the
// door to the end of each.
func TestMailIsForEverybody(t *testing.T) {
	b, h := browser.Open(t), open(t)
	post := h.Sends()
	person, _ := h.couple()
	h.Address(person, "camille@exemple.fr")
	v := h.Enter(person, school.Guardian)
	login := h.Login(person)
	for range 3 {
		h.post("/login", form("login", login, "password", good))
	}
	h.Write(func(tx *db.Tx) error {
		_, err := h.Accounts.IssueCode(tx, person, audit.By{Actor: h.head(), Request: "test"}, account.SlipLife)
		return err
	})
	for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}, {Width: browser.Phone, Lang: "en"}} {
		p := b.Page(t, view)
		p.Goto(h.URL + "/login")
		p.Check()
		p.Shot("login-mail" + view.Lang)
		p.Follow(`a[href="/forgotten"]`)
		p.Check()
		p.Shot("forgotten" + view.Lang)
		p.Fill("who", login)
		p.Submit(`form[action="/forgotten"]`)
		p.Check()
		p.Shot("forgotten-asked" + view.Lang)
		p.Goto(h.URL + "/contest")
		p.Check()
		p.Shot("contest" + view.Lang)
		p.Fill("token", "2222-3333-4444-5555")
		p.Submit(`form[action="/contest"]`)
		p.Axe() // the console tells of the 422
		p.Fits()
		p.Shot("contest-wrong" + view.Lang)

		p = v.In(t).Page(view)
		for name, path := range map[string]string{"me": "/me", "journal": "/me/journal"} {
			p.Goto(h.URL + path)
			p.Check()
			p.Shot(name + "-mail" + view.Lang)
		}
	}
	contestByLink(b.Page(t, browser.View{Width: browser.Phone}), h, post)
}

// contestByLink shuts an account with the link of a message, which leaves no
// token in the history.
func contestByLink(p *browser.Page, h *lobby, post *house.Post) {
	for _, m := range post.New() {
		if !strings.Contains(m.Text, "/contest#") {
			continue
		}
		p.Goto(h.URL + "/contest#" + post.Link(m, "/contest"))
		if got := p.URL(); got != h.URL+"/contest" {
			h.T.Errorf("the address is still %s", got)
		}
		p.Submit(`form[action="/contest"]`)
		p.Check()
		p.Shot("contest-done")
		if said := p.Text("h1"); said != "Le compte est fermé" {
			h.T.Errorf("said: %s", said)
		}
		p.Goto(h.URL + "/login") // or the address would change after its # alone
		p.Goto(h.URL + "/contest#" + post.Link(m, "/contest"))
		p.Submit(`form[action="/contest"]`)
		p.Axe() // the console tells of the 422
		p.Fits()
		p.Shot("contest-spent")
		if said := p.Text("h1"); said != "Ce lien ne sert plus" {
			h.T.Errorf("said: %s", said)
		}
		return
	}
	h.T.Error("no message has a link of contest")
}
