package account

import (
	"strings"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/mail"
	"preau/core/school"
	"preau/directory"
)

// Mail is how account writes to people.
type Mail struct {
	Outbox *mail.Outbox
	Words  *i18n.Catalogue
	URL    string // public address of the portal, without a path
	// Chosen gives the language in which a person chose to be written to, empty when they
	// chose none; nil: nobody chooses.
	Chosen func(tx *db.Tx, person school.ID) (i18n.Lang, error)
}

// stamps is why a person is written to. What strangers may cause is counted
// apart: their tries keep nobody from being told that a password has changed.
type stamps struct {
	name string
	rate
}

// A day of them is twice the burst at most; an address, which a family may
// share, has double of what each person has.
var (
	asked  = stamps{"asked", rate{4, 6 * time.Hour}}   // somebody says that they forgot
	usual  = stamps{"usual", rate{4, 6 * time.Hour}}   // on a device of the person's
	told   = stamps{"told", rate{12, 2 * time.Hour}}   // what happened to the account
	alerts = stamps{"alerts", rate{6, 4 * time.Hour}}  // what happened to an account of the school's
	posted = stamps{"letters", rate{3, 8 * time.Hour}} // of the school

	joinMail = stamps{"join", rate{4, 6 * time.Hour}}    // a code, of whoever claims an account
	claimed  = stamps{"claimed", rate{4, 6 * time.Hour}} // that who claimed it has its password
)

// box gives the address of a person, and counts a message to it. It is empty
// when there is no way to write to them: the installation sends nothing, the
// register has no address, or they got enough today.
func (a *Accounts) box(tx *db.Tx, person school.ID, why stamps) (string, error) {
	if a.Mail == nil {
		return "", nil
	}
	boxes, err := directory.Mailboxes(tx, person)
	if err != nil {
		return "", err
	}
	return a.stamped(tx, person, boxes[person], why)
}

// stamped counts a message about a person to an address, and gives that back:
// empty when nothing goes there, for the reasons of [Accounts.box].
func (a *Accounts) stamped(tx *db.Tx, person school.ID, to string, why stamps) (string, error) {
	if a.Mail == nil || !mail.IsAddress(to) {
		return "", nil
	}
	// The address first: of two who write to a family, one waits for the other.
	shared := rate{2 * why.burst, why.every / 2}
	for _, t := range []throttle{
		{a.Key.MAC("account mail", []byte(why.name), []byte("address"), []byte(strings.ToLower(to))), shared, true},
		{a.Key.MAC("account mail", []byte(why.name), []byte("person"), []byte(person.String())), why.rate, true},
	} {
		_, err := t.take(tx)
		if fail.Is(err, fail.TooMany) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
	}
	return to, nil
}

// SendsMail tells whether messages leave at all: pages offer nothing else.
func (a *Accounts) SendsMail() bool { return a.Mail != nil }

// Boxes gives the addresses of those whom a message would reach.
func (a *Accounts) Boxes(tx *db.Tx, people ...school.ID) (map[school.ID]string, error) {
	if a.Mail == nil {
		return nil, nil
	}
	return Reachable(tx, people...)
}

// Reachable gives the addresses of people at which mail can be sent.
func Reachable(tx *db.Tx, people ...school.ID) (map[school.ID]string, error) {
	boxes, err := directory.Mailboxes(tx, people...)
	for person, address := range boxes {
		if !mail.IsAddress(address) {
			delete(boxes, person)
		}
	}
	return boxes, err
}

// SendSlip makes the code that somebody hands out to a person and sends it by
// mail, to a guardian or, as the side says, to whoever works in the school; sent is false,
// and there is no code, when the person cannot be reached.
func (a *Accounts) SendSlip(tx *db.Tx, person school.ID, side Side, by Warrant, of directory.Structure) (sent bool, err error) {
	to, err := a.box(tx, person, posted)
	if err != nil || to == "" {
		return false, err
	}
	why := "account.mail-slip"
	if side == Staff {
		why = "account.mail-staff-slip"
	}
	say, err := a.sayer(tx, person, Origin{})
	if err != nil {
		return false, err
	}
	return true, a.mailSlip(tx, say, to, person, by, why, of.Name)
}

// SendFirstKey sends the code with which somebody comes in for the first time
// to the school of which they are the acting head, at its own address, so that
// who sends it does not read it; in French, as the school hands it on. sent is false, and
// there is no code, when nothing goes there.
func (a *Accounts) SendFirstKey(tx *db.Tx, who directory.Someone, by Warrant, of directory.Structure) (sent bool, err error) {
	to, err := a.stamped(tx, who.ID, of.Mail, posted)
	if err != nil || to == "" {
		return false, err
	}
	return true, a.mailSlip(tx, a.Mail.in(), to, who.ID, by, "account.mail-first-key", who.Formal(), of.Name)
}

// mailSlip makes a code and sends it to an address; a key of the catalogue says
// what for.
func (a *Accounts) mailSlip(tx *db.Tx, say i18n.Printer, to string, person school.ID, by Warrant, why string, args ...any) error {
	code, err := a.IssueSlip(tx, person, by)
	if err != nil {
		return err
	}
	return a.Mail.Outbox.Put(tx, person, mail.Message{
		To: to, Subject: say.Say("account.mail-slip-subject"),
		Text: paragraphs(
			say.Say("account.mail-hello"), say.Say(why, args...),
			say.Say("account.mail-slip-link", a.Mail.URL+code.Link()),
			say.Say("account.mail-slip-typed", a.Mail.URL+"/activate", code.Login.String(), code.Text),
			say.Say("account.mail-slip-until", say.Date(code.Last().In(school.Paris))),
			say.Say("account.mail-foot"),
		),
		Until: code.Expires,
	})
}

// paragraphs makes a text of what is said, what is empty left out.
func paragraphs(parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		if part != "" {
			b.WriteString(part + "\n\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}
