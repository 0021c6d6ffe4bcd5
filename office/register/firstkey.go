package register

import (
	"strings"
	"time"

	"preau/account"
	"preau/account/secret"
	"preau/core/i18n"
	"preau/core/paper"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// printFirstKey prints the first key of an acting head, to be handed to them.
func (s *Service) printFirstKey(r *web.Request) (web.Answer, error) {
	at, acting, by, err := s.keyHolder(r)
	if err != nil {
		return nil, err
	}
	code, err := s.Accounts.IssueSlip(r.Tx, acting.ID, by)
	if err != nil {
		return nil, err
	}
	letter := keyLetter{
		School: at, Acting: acting, Code: code, Address: strings.TrimSuffix(r.Absolute("/"), "/"), Made: r.Tx.Now,
		Words: i18n.Printer{Catalogue: r.Printer.Catalogue, Lang: i18n.French},
	}
	return web.PDF{
		Name: r.Say("register.key-file", acting.Name()), Draw: letter.draw, Notice: "register.key-done", Undrawn: "register.key-undrawn",
	}, nil
}

// keyLetter is the page that an acting head is handed, with how to come in.
type keyLetter struct {
	School  directory.Structure
	Acting  directory.Duty
	Code    account.Code
	Address string // of the portal
	Made    time.Time
	Words   i18n.Printer
}

func (l keyLetter) draw() ([]byte, error) {
	say := func(key string, args ...any) string { return l.Words.Say(key, args...) }
	day := func(t time.Time) string { return l.Words.Date(school.LastDay(t)) }
	d := paper.New(say("register.key-file", l.Acting.Name()), l.Made)
	d.Page()
	y := d.Write(passLeft, 20, passColumn, paper.Strong, paper.Left, l.School.Name)
	y = d.Write(passLeft, y+10, passColumn, paper.Title, paper.Left, say("register.pass-title", l.Acting.Name()))
	y = d.Write(passLeft, y+4, passColumn, paper.Plain, paper.Left, say("register.key-lead", day(l.Acting.Until.Time))) + 6
	y = d.Key(passLeft, y, passColumn, l.Address+l.Code.Link(),
		paper.Fact{Name: say("register.pass-address"), Text: l.Address + "/activate"},
		paper.Fact{Name: say("register.pass-login"), Text: l.Code.Login.String()}, paper.Fact{Name: say("register.pass-code"), Text: l.Code.Text})
	for _, step := range []string{
		say("register.pass-step-scan"), say("register.pass-step-password", secret.Least()), say("register.key-step-home"),
	} {
		y = d.Write(passLeft, y, passColumn, paper.Plain, paper.Left, step) + 2
	}
	d.Write(passLeft, y+2, passColumn, paper.Small, paper.Left, say("register.key-keep", day(l.Code.Expires)))
	return d.Bytes()
}
