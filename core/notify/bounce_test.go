package notify_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"preau/core/db"
	"preau/core/notify"
)

// An address that the server refuses twice for good is set aside, until it is another one
// or its person says that it is right.
func TestAnAddressThatIsRefusedIsSetAside(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.choose(f.father, func(c *notify.Choice) { c.Mail = notify.Never })
		lost := func() (address string) {
			h.Read(func(tx *db.Tx) (err error) {
				address, err = h.Lost(tx, f.mother)
				return err
			})
			return address
		}
		refuse := func(code int, enhanced smtp.EnhancedCode) {
			h.post.Refusal = &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: "no"}
		}
		day := 5
		tell := func() int {
			h.at(fmt.Sprintf("2026-10-%02d 12:00", day))
			h.publish(families(f.class))
			n := len(h.evening(fmt.Sprintf("2026-10-%02d 18:30", day)))
			day++
			return n
		}
		refuse(550, smtp.EnhancedCode{5, 7, 1}) // of policy: the address is there
		for range 3 {
			tell()
		}
		if lost() != "" {
			h.T.Error("a refusal of policy sets an address aside")
		}
		refuse(550, smtp.EnhancedCode{5, 1, 1})
		if tell(); lost() != "" {
			h.T.Error("one refusal sets an address aside")
		}
		if tell(); lost() != address(f.mother) {
			h.T.Errorf("two do not: %q", lost())
		}
		h.post.Refusal = nil
		if n := tell(); n != 0 {
			h.T.Errorf("%d mails to an address that is set aside", n)
		}
		h.Write(func(tx *db.Tx) error { return h.Confirm(tx, f.mother) })
		if n := tell(); n != 1 || lost() != "" {
			h.T.Errorf("%d mails once she says that it is right", n)
		}
		for range 2 {
			refuse(550, smtp.EnhancedCode{5, 1, 1})
			tell()
		}
		h.post.Refusal = nil
		h.Address(f.mother, "another@example.test")
		if n := tell(); n != 1 || lost() != "" {
			h.T.Errorf("%d mails to another address", n)
		}
	})
}

// report is a report of a server about a message to an address.
func reportOf(to, messageID, action, status string) string {
	return strings.ReplaceAll(`From: MAILER-DAEMON@mx.example.net
To: `+to+`
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; someone@example.test
Action: `+action+`
Status: `+status+`
Diagnostic-Code: smtp; 550 5.1.1 no such user

--B
Content-Type: text/rfc822-headers

From: ent@preau.test
Message-ID: <`+messageID+`>
Subject: x

--B--
`, "\n", "\r\n")
}

// A report that comes back is known by the way it came or by its message, and counts as a
// refusal does.
func TestAReportThatComesBack(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		old := h.ReturnOf(f.mother, address(f.mother))
		h.at("2026-10-11 12:00")
		token := h.ReturnOf(f.mother, address(f.mother))
		by := "retours+" + token + "@preau.test"
		id := "123." + token + "@preau.test"
		take := func(text string) error {
			return h.Bounce(h.T.Context(), []byte(text))
		}
		lost := func() (address string) {
			h.Read(func(tx *db.Tx) (err error) {
				address, err = h.Lost(tx, f.mother)
				return err
			})
			return address
		}
		other := h.ReturnOf(f.mother, "before@example.test")
		for name, text := range map[string]string{
			"nothing":             "",
			"no mail":             "hello",
			"an ordinary mail":    "From: a@b.fr\r\nTo: " + by + "\r\nSubject: x\r\n\r\nno",
			"late":                reportOf(by, id, "delayed", "4.4.7"),
			"delivered":           reportOf(by, id, "delivered", "2.0.0"),
			"full":                reportOf(by, id, "failed", "5.2.2"),
			"of policy":           reportOf(by, id, "failed", "5.7.1"),
			"of nobody":           reportOf("x@preau.test", "123@elsewhere.test", "failed", "5.1.1"),
			"of another address":  reportOf("retours+"+other+"@preau.test", "1@preau.test", "failed", "5.1.1"),
			"of a week ago":       reportOf("retours+"+old+"@preau.test", "1@preau.test", "failed", "5.1.1"),
			"forged":              reportOf("retours+"+strings.Repeat("a", 36)+"@preau.test", "1@preau.test", "failed", "5.1.1"),
			"cut short":           reportOf(by, id, "failed", "5.1.1")[:300],
			"too long":            strings.Repeat("a", notify.MaxReport+1),
			"without its status":  strings.Replace(reportOf(by, id, "failed", "5.1.1"), "message/delivery-status", "text/plain", 1),
			"another sort of it":  strings.Replace(reportOf(by, id, "failed", "5.1.1"), "report-type=delivery-status", "report-type=disposition-notification", 1),
			"without a boundary":  strings.Replace(reportOf(by, id, "failed", "5.1.1"), ` boundary="B"`, "", 1),
			"a line that is none": strings.Replace(reportOf(by, id, "failed", "5.1.1"), "Action: failed", "Action", 1),
		} {
			if err := take(text); err == nil {
				h.T.Errorf("%s is taken", name)
			}
		}
		if lost() != "" {
			h.T.Error("what is refused counts")
		}
		if err := take(reportOf(strings.ToUpper(by), "1@elsewhere.test", "failed", "5.1.1")); err != nil {
			h.T.Errorf("by the way it came: %v", err)
		}
		if err := take(reportOf(by, id, "failed", "5.1.1")); err != nil || lost() != "" {
			h.T.Errorf("the same hour counts twice: %v", err)
		}
		h.at("2026-10-12 12:00")
		if err := take(reportOf(by, id, "failed", "5.1.1")); err != nil || lost() != "" {
			h.T.Errorf("a message that is returned again, by whoever was shown it, counts twice: %v", err)
		}
		next := "124." + h.ReturnOf(f.mother, address(f.mother)) + "@preau.test"
		if err := take(reportOf("retours@preau.test", next, "failed", "5.1.1")); err != nil {
			h.T.Errorf("by its message: %v", err)
		}
		if lost() != address(f.mother) {
			h.T.Errorf("two do not set it aside: %q", lost())
		}
		h.at("2026-10-12 18:00")
		kept := "125." + h.ReturnOf(f.mother, address(f.mother)) + "@preau.test"
		h.at("2026-10-12 20:00")
		h.Write(func(tx *db.Tx) error { return h.Confirm(tx, f.mother) })
		before := take(reportOf("retours@preau.test", kept, "failed", "5.1.1"))
		h.at("2026-10-13 12:00")
		after := take(reportOf("retours+"+h.ReturnOf(f.mother, address(f.mother))+"@preau.test", "1@x.test", "failed", "5.1.1"))
		if before != nil || after != nil || lost() != "" {
			h.T.Errorf("what left before she said that it is hers counts: %v, %v", before, after)
		}
	})
}

// What a real message of ours is known by is in it.
func TestAMessageIsKnownByItsReturn(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.publish(families(f.class))
		left := to(f.mother, h.evening("2026-10-05 18:30"))
		if len(left) != 1 {
			h.T.Fatal(len(left))
		}
		if err := h.Bounce(h.T.Context(), []byte(reportOf(left[0].From, "x@y.test", "failed", "5.1.1"))); err != nil {
			h.T.Errorf("by the return path %s: %v", left[0].From, err)
		}
		if err := h.Bounce(h.T.Context(), []byte(reportOf("x@preau.test", strings.Trim(left[0].Header.Get("Message-Id"), "<>"), "failed", "5.1.1"))); err != nil {
			h.T.Errorf("by %s: %v", left[0].Header.Get("Message-Id"), err)
		}
	})
}
