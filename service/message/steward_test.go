package message_test

import (
	"net/http"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/service/message"
)

// What somebody takes away is what they wrote and received, and nothing that another
// parent was told; who is erased is nobody in what stays.
func TestTheCopyOfOnesMessages(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		talk := begin(p.mother, p.childDesk(), says("Le cahier", "De la mère", key(p.cast.teacher, p.cast.pupil)))
		send(p.teacher, talk, says("", "À la mère")).Wants(http.StatusSeeOther)
		begin(p.father, p.childDesk(), says("Le cahier", "Du père", key(p.cast.teacher, p.cast.pupil)))
		begin(p.teacher, p.classDesk(), says("Un mot", "À un autre parent", key(p.cast.parent, p.cast.mate)))
		has := func(person school.ID) map[string]bool {
			bodies := map[string]bool{}
			h.Read(func(tx *db.Tx) error {
				rows, err := message.Holdings.Export(tx, person)
				for _, row := range rows {
					if body, is := row.Values["body"].(string); is {
						bodies[body] = true
					}
				}
				return err
			})
			return bodies
		}
		mine := has(p.cast.mother)
		for body, is := range map[string]bool{"<p>De la mère</p>": true, "<p>À la mère</p>": true, "<p>Du père</p>": false, "<p>À un autre parent</p>": false} {
			if mine[body] != is {
				t.Errorf("the copy of the mother has %q: %v, in %v", body, mine[body], mine)
			}
		}
		h.Write(func(tx *db.Tx) error { return message.Holdings.Erase(tx, p.cast.mother) })
		p.teacher.Get(talk).Wants(http.StatusOK, "De la mère", "Une personne partie")
		h.Write(func(tx *db.Tx) error { return message.Holdings.Erase(tx, p.cast.pupil) })
		p.teacher.Get(talk).Wants(http.StatusNotFound)
		h.Later(3 * 365 * 24 * 3600 * 1e9)
		h.Write(func(tx *db.Tx) error { _, err := message.Holdings.Purge(tx); return err })
		if n := h.One(`SELECT count(*) FROM message_thread`) + h.One(`SELECT count(*) FROM message_post`) + h.One(`SELECT count(*) FROM message_seat`); n != 0 {
			t.Errorf("%d rows are kept for ever", n)
		}
	})
}
