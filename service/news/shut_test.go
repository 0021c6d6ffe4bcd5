package news_test

import (
	"net/http"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/test/house"
)

// What somebody was writing as the news is shut comes back to them whole, with a sentence that says why,
// to whoever writes for a class, a school or a commune: nothing of it is published.
func TestWhatIsTypedStaysWhereTheNewsIsShut(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		class := h.Classes(c.school)[0].ID
		h.Attach(class, c.teacher)
		head, teacher, agent := h.Enter(c.head, school.Head), h.Enter(c.teacher, school.Teacher), h.Enter(c.agent, school.Municipal)
		item := publish(head, c.school, feast())
		was := h.One(`SELECT count(*) FROM news_item`)
		const kept = "Ce que vous avez écrit est encore sur cette page"
		shot := func() house.Upload {
			return house.Upload{Field: "photo", Name: "fete.jpg", Content: house.Shot(h.T, 10, 10)}
		}
		for said, by := range map[string]account.Switch{
			"est fermé dans cette école":           {Service: "news", Chosen: true},
			"est à l’arrêt pour le moment (panne)": {Service: "news", Reason: "panne"},
		} {
			h.Write(func(tx *db.Tx) error { return h.Accounts.SwitchOn(tx, by, audit.By{}) })
			h.Later(time.Minute)
			typed := feast("title", "Un long récit", "event_day", "2026-10-20", "event_place", "Salle des fêtes")
			for path, v := range map[string]house.Visitor{
				"/news/new/school/" + c.school.String(): head, "/news/new/class/" + class.String(): teacher,
				"/news/new/commune/" + c.commune.String(): agent, item + "/amend": head,
			} {
				v.SendFiles(path, typed, shot()).Wants(http.StatusForbidden, "Rien n’est parti", said, kept, `value="Un long récit"`, "Venez en famille.", "2026-10-20", "Salle des fêtes", "fete.jpg")
			}
			looks := feast("title", "Un long récit", "act", "who")
			send(head, "/news/new/school/"+c.school.String(), looks).Wants(http.StatusForbidden, said, kept, `value="Un long récit"`)
			if n := h.One(`SELECT count(*) FROM news_item`) + h.One(`SELECT count(*) FROM news_item WHERE amended_at IS NOT NULL`); n != was {
				t.Errorf("%d items were published or changed", n-was)
			}
			h.Write(func(tx *db.Tx) error { return h.Accounts.SwitchOff(tx, by, audit.By{}) })
			h.Later(time.Minute)
		}
		for _, at := range []school.ID{h.near[0], h.near[1]} {
			h.Write(func(tx *db.Tx) error {
				return h.Accounts.SwitchOn(tx, account.Switch{School: at, Service: "news", Chosen: true}, audit.By{})
			})
		}
		for _, at := range h.Some(`SELECT s.id FROM directory_structure s JOIN directory_within w ON w.structure_id = s.id AND w.ancestor_id = $1 WHERE s.kind = 'school'`, c.commune) {
			if at != h.near[0] && at != h.near[1] {
				h.Write(func(tx *db.Tx) error {
					return h.Accounts.SwitchOn(tx, account.Switch{School: at, Service: "news", Chosen: true}, audit.By{})
				})
			}
		}
		h.Later(time.Minute)
		send(agent, "/news/new/commune/"+c.commune.String(), feast("title", "Un long récit")).Wants(http.StatusForbidden, "Rien n’est parti", kept, `value="Un long récit"`)
	})
}
