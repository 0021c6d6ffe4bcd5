package notify_test

import (
	"strings"
	"testing"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/mail/mailtest"
	"preau/core/notify"
	"preau/core/school"
)

// changes has a thing of the board say something else from now on.
func (h *town) changes(thing school.ID) {
	h.T.Helper()
	h.board[thing] = h.House.DB.Now()
	h.Write(func(tx *db.Tx) error {
		if err := audience.Unread(tx, thing); err != nil {
			return err
		}
		return h.ToldAgain(tx, thing)
	})
}

// What says something else is told again, once, to whoever was told of it; who was not yet is told as of
// something new, and who wants no mail of nothing.
func TestWhatChangesIsToldAgain(t *testing.T) {
	onBoth(t, func(h *town) {
		h.at("2026-10-05 08:00")
		f := h.separated()
		h.choose(f.mother, func(c *notify.Choice) { c.Mail = notify.Now })
		h.sweep("2026-10-05 08:01")
		h.at("2026-10-05 10:00")
		thing := h.publish(families(f.class))
		says := func(when string, all []mailtest.Mail, person school.ID, want ...string) {
			h.T.Helper()
			got := to(person, all)
			if len(got) != len(want) {
				h.T.Fatalf("%s: %d mails, want %d", when, len(got), len(want))
			}
			for i, text := range want {
				if !strings.Contains(got[i].Text, text) {
					h.T.Errorf("%s: it does not say %q:\n%s", when, text, got[i].Text)
				}
			}
		}
		says("at once", h.sweep("2026-10-05 10:02"), f.mother, "1 nouveauté")
		h.at("2026-10-05 11:00")
		h.changes(thing)
		h.at("2026-10-05 11:02")
		h.left()
		all := h.sweep("2026-10-05 11:02")
		says("once it has changed", all, f.mother, "1 nouveauté modifiée")
		says("once it has changed", all, f.father)
		all = h.evening("2026-10-05 18:30")
		says("in the evening", all, f.father, "1 nouveauté\n")
		says("in the evening", all, f.mother)
		h.at("2026-10-06 09:00")
		h.changes(thing)
		all = h.evening("2026-10-06 18:30")
		says("the next evening", all, f.father, "1 nouveauté modifiée")
		says("and the one after", h.evening("2026-10-07 18:30"), f.father)
		h.choose(f.father, func(c *notify.Choice) { c.Mail = notify.Never })
		h.at("2026-10-08 09:00")
		h.changes(thing)
		says("who wants no mail", h.evening("2026-10-08 18:30"), f.father)
	})
}
