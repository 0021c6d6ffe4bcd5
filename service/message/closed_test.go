package message_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
)

// Where messages are shut, by whom heads the school or in an emergency, nobody is given a form: the page
// says why, in one sentence. What somebody was writing as they were shut is among their drafts, and they
// go on with it once they are open.
func TestNobodyIsGivenAFormWhereMessagesAreShut(t *testing.T) {
	onBoth(t, func(h *town) {
		for said, by := range map[string]account.Switch{
			"est fermé dans cette école": {Service: "message", Chosen: true}, "est à l’arrêt pour le moment (débordement)": {Service: "message", Reason: "débordement"},
		} {
			p := h.people()
			talk := begin(p.mother, p.childDesk(), says("Mardi", "Bonjour.", key(p.cast.teacher, p.cast.pupil)))
			h.Write(func(tx *db.Tx) error { return h.Accounts.SwitchOn(tx, by, audit.By{}) })
			h.Later(time.Minute)
			for _, path := range []string{"/message/new", p.childDesk(), talk} {
				page := p.mother.Get(path)
				page.Wants(http.StatusOK, said)
				page.Lacks(http.StatusOK, `name="body"`, "à corriger")
				if n := strings.Count(page.Main(), said); n != 1 {
					t.Errorf("%s says %d times that messages are shut", path, n)
				}
			}
			sent := send(p.mother, p.childDesk(), says("Un mot long", "Que j’écrivais depuis une heure.", key(p.cast.teacher, p.cast.pupil)))
			if to := sent.Header.Get("Location"); to != "/message/drafts" {
				t.Fatalf("it leads to %q: %d", to, sent.StatusCode)
			}
			p.mother.Get("/message/drafts").Wants(http.StatusOK, "Un mot long")
			send(p.mother, talk, says("", "Une réponse longue.")).Wants(http.StatusSeeOther)
			drafts := p.mother.Get("/message/drafts")
			drafts.Wants(http.StatusOK, "Une réponse longue")
			send(p.mother, p.childDesk(), says("", "")).Wants(http.StatusUnprocessableEntity, said)
			for _, id := range h.Some(`SELECT id FROM message_draft WHERE person_id = $1 AND subject = 'Un mot long'`, p.cast.mother) {
				desk := p.mother.Get("/message/draft/" + id.String()).Header.Get("Location")
				p.mother.Get(desk).Wants(http.StatusOK, "Votre brouillon est gardé", "depuis une heure")
				h.Write(func(tx *db.Tx) error { return h.Accounts.SwitchOff(tx, by, audit.By{}) })
				h.Later(time.Minute)
				p.mother.Get(desk).Wants(http.StatusOK, `value="Un mot long"`, "depuis une heure")
			}
			h.Write(func(tx *db.Tx) error {
				_, err := tx.Exec(`DELETE FROM message_draft WHERE person_id = $1`, p.cast.mother)
				return err
			})
		}
	})
}

// Who has a child in two schools, one of which shut its messages, writes to the other, and reads why
// there is no form for the first.
func TestOneSchoolOfTwoIsShut(t *testing.T) {
	h := onSQLite(t)
	p := h.people()
	elsewhere := h.far[0]
	if elsewhere == p.at {
		elsewhere = h.far[1]
	}
	h.Name(p.cast.teacher, school.Teacher, elsewhere)
	p.teacher = h.Enter(p.cast.teacher, school.Teacher)
	h.Write(func(tx *db.Tx) error {
		return h.Accounts.SwitchOn(tx, account.Switch{School: p.at, Service: "message", Chosen: true}, audit.By{})
	})
	h.Later(time.Minute)
	p.teacher.Get(p.classDesk()).Wants(http.StatusOK, "est fermé dans cette école")
	p.teacher.Get(p.classDesk()).Lacks(http.StatusOK, `name="body"`)
	p.teacher.Get("/message/new/team/"+elsewhere.String()).Wants(http.StatusOK, `name="body"`)
}
