package account

import (
	"encoding/binary"
	"fmt"
	"net/netip"
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
	passwordChanged  news = "changed"   // the password, by whoever knew it
	accountActivated news = "activated" // the first password was chosen
	passwordRenewed  news = "renewed"   // erased by the school, for many at once
	codeUsed         news = "code-used" // another password was chosen, with a code
	onNewDevice      news = "device"    // a sign-in
	passwordKnown    news = "known"     // to whoever claimed the account, which was refused
	accountDisabled  news = "disabled"
	accountFrozen    news = "frozen" // by the breaker
	accountEnabled   news = "enabled"
	accountReopened  news = "reopened" // after it was frozen
	accountsMerged   news = "merged"
	accountsParted   news = "parted"  // of those, each with a login of its own again
	mailboxChanged   news = "mailbox" // told at the address of before
	factorAdded      news = "factor-added"
	factorRemoved    news = "factor-removed"
	factorsReset     news = "factors-reset" // by whoever answers for the person
)

// announce tells a person what happened to their account: what, on which device,
// when, what to do when it was not them, and roughly where from.
func (a *Accounts) announce(tx *db.Tx, person school.ID, what news, from Origin) error {
	to, err := a.box(tx, person, told)
	if err != nil || to == "" {
		return err
	}
	return a.tell(tx, person, to, what, from)
}

// tell is announce at an address.
func (a *Accounts) tell(tx *db.Tx, person school.ID, to string, what news, from Origin) error {
	accounts, err := Of(tx, person)
	if err != nil {
		return err
	}
	mine := accounts[person]
	say, err := a.sayer(tx, person, from)
	if err != nil {
		return err
	}
	device, where := "", ""
	if from.IP.IsValid() {
		device = say.Say("account.mail-on", from.told(say))
		where = say.Say("account.mail-where", beginningOf(from.IP))
	}
	against := say.Say("account.mail-ask-school")
	if mine.Disabled.IsZero() { // one that is shut needs no shutting
		token, err := a.contestToken(tx, person)
		if err != nil {
			return err
		}
		against = say.Say("account.mail-contest", a.Mail.URL+"/contest#"+token)
	}
	return a.Mail.Outbox.Put(tx, person, mail.Message{
		To: to, Subject: say.Say("account.mail-" + string(what) + "-subject"),
		Text: paragraphs(
			say.Say("account.mail-hello"), say.Say("account.mail-"+string(what), mine.Login.String()), device,
			say.Say("account.mail-when", say.Moment(tx.Now, time.Time{})),
			against, where, say.Say("account.mail-foot"),
		),
	})
}

// networkTold is the network of a request as those who support an account are told
// of it: enough to know one's own, not enough to find anybody.
func networkTold(from Origin) string { return nearOf(from.IP) }

// beginningOf is what the addresses of a network have in common, as people may read
// it: "203.0.113", "2001:db8:0:1".
func beginningOf(ip netip.Addr) string {
	network := around(ip, 24, 64).Addr()
	if network.Is4() {
		b := network.As4()
		return fmt.Sprintf("%d.%d.%d", b[0], b[1], b[2])
	}
	b := network.As16()
	return fmt.Sprintf("%x:%x:%x:%x", binary.BigEndian.Uint16(b[:]), binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:]))
}

// told says which browser a request came from, and on what: its family alone.
func (o Origin) told(say i18n.Printer) string {
	browser, system := BrowserOf(o.Agent)
	switch {
	case browser == "":
		return say.Say("account.browser-unknown")
	case system == "":
		return browser
	}
	return say.Say("account.browser-on", browser, system)
}
