package account

import (
	"strings"
	"time"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/mail"
	"preau/core/school"
)

// news is what happened to an account, of which its person is told. The
// journal has it for everybody; a message goes to those who have an address.
type news string

const (
	passwordChanged  news = "changed"   // the password, by who knew it
	accountActivated news = "activated" // the first password was chosen
	codeUsed         news = "code-used" // another password was chosen, with a code
	onNewDevice      news = "device"    // a sign-in
	accountDisabled  news = "disabled"
	accountEnabled   news = "enabled"
	accountReopened  news = "reopened" // after a contest
	accountsMerged   news = "merged"
)

// announce tells a person what happened to their account: what, when, roughly
// where, and what to do when it was not them.
func (a *Accounts) announce(tx *db.Tx, person school.ID, what news, from Origin) error {
	to, err := a.box(tx, person, told)
	if err != nil || to == "" {
		return err
	}
	accounts, err := a.Of(tx, person)
	if err != nil {
		return err
	}
	mine := accounts[person]
	say := a.Mail.french()
	where := ""
	if from.IP.IsValid() {
		where = say("account.mail-where", from.told(say), networkTold(from))
	}
	against := say("account.mail-ask-school")
	if mine.Disabled.IsZero() { // one that is shut needs no shutting
		token, err := a.contestToken(tx, person)
		if err != nil {
			return err
		}
		against = say("account.mail-contest", a.Mail.URL+"/contest#"+token)
	}
	return a.Mail.Outbox.Put(tx, person, mail.Message{
		To: to, Subject: say("account.mail-" + string(what) + "-subject"),
		Text: paragraphs(
			say("account.mail-hello"), say("account.mail-"+string(what), mine.Login.String()),
			say("account.mail-when", a.Mail.printer(i18n.French).Moment(tx.Now, time.Time{})),
			where, against, say("account.mail-foot"),
		),
	})
}

// networkTold is the network of a request as people are told of it: enough to
// know one's own, not enough to find anybody.
func networkTold(from Origin) string { return prefix(from.IP, 24).String() }

// browsers and systems are told apart by what their names hold; the first that
// is found counts, as each claims to be those before it too.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"Chrome", "Chrome"}, {"CriOS", "Chrome"}, {"Safari", "Safari"}}
	systems  = [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"CrOS", "Chromebook"}, {"Mac OS", "Mac"}, {"Linux", "Linux"}}
)

// told says which browser a request came from, and on what: its family alone.
func (o Origin) told(say func(string, ...any) string) string {
	family := func(of [][2]string) string {
		for _, f := range of {
			if strings.Contains(o.Agent, f[0]) {
				return f[1]
			}
		}
		return ""
	}
	browser, system := family(browsers), family(systems)
	switch {
	case browser == "":
		return say("account.browser-unknown")
	case system == "":
		return browser
	}
	return say("account.browser-on", browser, system)
}
