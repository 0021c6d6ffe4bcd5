package notify_test

import (
	"testing"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/notify"
	"preau/core/school"
)

// Who is reminded of what is expected of them still is told once more, by the rhythm that they
// chose: with the mail of the evening, or at once. Who has answered by then is told nothing.
func TestWhoIsRemindedIsToldOnceMore(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.at("2026-10-05 09:00")
		h.sweep("2026-10-05 09:01")
		h.choose(f.father, func(c *notify.Choice) { c.Mail = notify.Now })
		family := audience.Audience{Place: audience.Family, Of: f.pupil}
		each := expects(audience.EachPerson, "2026-10-30")
		thing := h.publish(family, each)
		count := func(person school.ID, want, got int) {
			t.Helper()
			if got != want {
				t.Errorf("%s is written to %d times, want %d", person, got, want)
			}
		}
		count(f.father, 1, len(to(f.father, h.sweep("2026-10-05 09:10"))))
		count(f.mother, 1, len(to(f.mother, h.evening("2026-10-05 18:30"))))
		count(f.mother, 0, len(to(f.mother, h.evening("2026-10-06 18:30"))))

		h.at("2026-10-07 09:00")
		h.Write(func(tx *db.Tx) error {
			if err := audience.MarkDone(tx, thing, f.pupil, f.mother); err != nil {
				return err
			}
			a := audience.Address{Room: "board", Thing: thing, Audiences: []audience.Audience{family}, Published: tx.Now.AddDate(0, 0, -2), NewsUntil: tx.Now.AddDate(0, 0, 15), Reminded: tx.Now}
			each(&a)
			if err := audience.Publish(tx, a); err != nil {
				return err
			}
			return h.Remind(tx, f.father)
		})
		count(f.father, 0, len(to(f.father, h.sweep("2026-10-07 09:00")))) // it settles first
		count(f.father, 1, len(to(f.father, h.sweep("2026-10-07 09:02"))))
		evening := h.evening("2026-10-07 18:30")
		count(f.mother, 0, len(to(f.mother, evening)))
		count(f.father, 0, len(to(f.father, evening)))

		h.at("2026-10-08 09:00")
		h.Write(func(tx *db.Tx) error {
			if err := audience.MarkUndone(tx, thing, f.pupil, f.mother); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE audience_address SET reminded_at = $1 WHERE thing_id = $2`, db.At(tx.Now), thing)
			return err
		})
		count(f.mother, 1, len(to(f.mother, h.evening("2026-10-08 18:30"))))
		count(f.mother, 0, len(to(f.mother, h.evening("2026-10-09 18:30"))))
	})
}
