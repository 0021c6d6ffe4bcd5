package mail

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"preau/core/fail"
	"preau/core/school"
)

// Message is a mail to one address.
type Message struct {
	To      string    `json:"to"`
	Subject string    `json:"subject"` // of the program's words: it names nobody
	Text    string    `json:"text"`    // plain, lines ended by \n
	Until   time.Time `json:"until"`   // when it is of no more use; zero: it always is
	// Unsubscribe is the address by which its reader asks for no more like it, in one
	// click (RFC 8058); empty: it is no such message.
	Unsubscribe string `json:"unsubscribe,omitempty"`
	// Return is by what it is known when it comes back, a few small letters and digits;
	// empty: nobody asks.
	Return string `json:"return,omitempty"`
	// Things are what it tells in full: it is written again when it leaves, of what may be
	// told still. See [Outbox.Again].
	Things []school.ID `json:"things,omitempty"`
	// Counted are what it counts, and says nothing of: it is written again in the same way.
	Counted []school.ID `json:"counted,omitempty"`
	// Changed are those of Counted that it says to be others than they were.
	Changed []school.ID `json:"changed,omitempty"`
	// About is what it is all about, which asks to hear whether the message was taken; 0: nothing
	// does. It is written again in the same way, and is urgent. See [Outbox.Settled].
	About school.ID `json:"about,omitempty"`
}

// maxAddress is the longest address that SMTP carries (RFC 5321, 4.5.3.1.3).
const maxAddress = 254

// IsAddress tells whether a text is one bare mail address. Those that only a
// quoting makes valid are not taken: nobody has one, and they are how a second
// address or header gets in.
func IsAddress(text string) bool {
	plain := !strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r > unicode.MaxASCII-1 || strings.ContainsRune(`"\<>()[],;:`, r)
	})
	return plain && len(text) <= maxAddress && strings.Count(text, "@") == 1 && school.IsMail(text)
}

// tells tells whether a message is written again when it leaves.
func (m Message) tells() bool { return len(m.Things)+len(m.Counted) > 0 || m.About != 0 }

// urgent tells whether a message waits for none that is not.
func (m Message) urgent() bool { return m.About != 0 }

// check refuses what would not be one message to one address.
func (m Message) check() error {
	switch {
	case !IsAddress(m.To):
		return fail.New(fail.Invalid, "mail: not an address of one person")
	case m.Subject == "" || strings.ContainsFunc(m.Subject, unicode.IsControl):
		return fail.New(fail.Invalid, "mail: not a subject of one line")
	case strings.Trim(m.Return, "abcdefghijklmnopqrstuvwxyz0123456789") != "" || strings.ContainsFunc(m.Unsubscribe, notOfAddress):
		return fail.New(fail.Invalid, "mail: a header of several lines")
	case strings.TrimSpace(m.Text) == "":
		return fail.New(fail.Invalid, "mail: a message that says nothing")
	}
	return nil
}

// notOfAddress tells the letters that would end a header, or the address in it.
func notOfAddress(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' || r == ',' }

// envelope is what surrounds every message of an installation.
type envelope struct {
	from string // "Préau <ent@example.fr>"
	host string // of the public address
	back string // where what cannot be delivered comes back; empty: to the sender
}

// wrap makes the message of an identifier as it travels. Sent twice, it has the
// same Message-ID, by which a server or a reader knows it again.
func (e envelope) wrap(id school.ID, at time.Time, m Message) (*gomail.Msg, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	out := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := out.From(e.from); err != nil {
		return nil, fmt.Errorf("mail: the sender: %w", err)
	}
	if err := out.To(m.To); err != nil {
		return nil, fail.New(fail.Invalid, "mail: not an address of one person")
	}
	out.Subject(m.Subject)
	out.SetDateWithValue(at)
	name := id.String()
	if m.Return != "" {
		name += "." + m.Return
	}
	out.SetMessageIDWithValue(name + "@" + e.host)
	if m.Unsubscribe != "" {
		out.SetGenHeader("List-Unsubscribe", "<"+m.Unsubscribe+">")
		out.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") // RFC 8058, 3.1
	}
	if local, domain, ok := strings.Cut(e.back, "@"); ok && m.Return != "" {
		if err := out.EnvelopeFrom(local + "+" + m.Return + "@" + domain); err != nil {
			return nil, fmt.Errorf("mail: the way back: %w", err)
		}
	}
	out.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834, 5: nobody's machine answers it
	out.SetBodyString(gomail.TypeTextPlain, strings.ReplaceAll(m.Text, "\n", "\r\n"))
	return out, nil
}
