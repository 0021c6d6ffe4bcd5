package message_test

import (
	"net/http"
	"testing"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/service/message"
)

// What somebody wrote for later does not leave once their account is shut, by whom it was
// and whatever becomes of it: they read that it did not, and take it back. What had left stays.
func TestWhatAShutAccountWroteForLaterStays(t *testing.T) {
	onBoth(t, func(h *town) {
		h.Accounts.Withhold = func(tx *db.Tx, person school.ID) error { return message.Withhold(tx, person) }
		p := h.people()
		at := func(subject, day string, to ...string) string {
			form := says(subject, "Un mot.", to...)
			form.Set("day", day)
			form.Set("hour", "08:30")
			return begin(p.teacher, p.classDesk(), form)
		}
		mother := key(p.cast.mother, p.cast.pupil)
		left, soon, late := begin(p.teacher, p.classDesk(), says("Parti", "Un mot.", mother)), at("Mardi", "2026-10-06", mother), at("Plus tard", "2026-10-20", mother)
		team := says("Aux collègues", "Un mot.", key(p.cast.other, 0), key(h.Head(p.at), 0))
		team.Set("together", "on")
		team.Set("day", "2026-10-06")
		among := begin(p.teacher, p.teamDesk(), team)
		h.Write(func(tx *db.Tx) error { return h.Accounts.Disable(tx, p.cast.teacher, audit.By{}) })
		h.Later(time.Hour)
		h.Write(func(tx *db.Tx) error { return h.Accounts.Enable(tx, p.cast.teacher, audit.By{}) })
		h.Later(30 * 24 * time.Hour)
		p.teacher, p.mother, p.other = h.Enter(p.cast.teacher, school.Teacher), h.Enter(p.cast.mother, school.Guardian), h.Enter(p.cast.other, school.Teacher)
		p.mother.Get(left).Wants(http.StatusOK, "Parti")
		for _, held := range []string{soon, late} {
			p.mother.Get(held).Wants(http.StatusNotFound)
		}
		p.other.Get(among).Wants(http.StatusNotFound)
		p.mother.Get("/message/").Lacks(http.StatusOK, "Mardi", "Plus tard")
		p.teacher.Get("/message/").Wants(http.StatusOK, "3 messages écrits pour plus tard ne sont pas partis")
		p.teacher.Get("/message/sent").Wants(http.StatusOK, "Pas parti")
		p.teacher.Get(soon).Wants(http.StatusOK, "Il n’est pas parti", "Reprendre dans mes brouillons")
		send(p.teacher, soon, says("", "Encore")).Wants(http.StatusUnprocessableEntity)
		draft := p.teacher.Post(soon+"/recall", nil).Header.Get("Location")
		desk := p.teacher.Get(draft).Header.Get("Location")
		p.teacher.Get(desk).Wants(http.StatusOK, `value="Mardi"`, "Un mot", `value="`+mother+`" checked`)
		p.teacher.Post(late+"/archive", nil).Wants(http.StatusSeeOther)
		p.teacher.Get("/message/").Wants(http.StatusOK, "1 message écrit pour plus tard n’est pas parti")
		again := begin(p.teacher, p.classDesk(), says("Mardi", "Un mot.", mother))
		p.mother.Get(again).Wants(http.StatusOK, "Un mot")
	})
}

// An account that the breaker freezes, or that its person says is in other hands, holds back
// what was written for later as one that a head shuts.
func TestWhatAFrozenAccountWroteForLaterStays(t *testing.T) {
	h := onSQLite(t)
	h.Accounts.Withhold = func(tx *db.Tx, person school.ID) error { return message.Withhold(tx, person) }
	p := h.people()
	form := says("Mardi", "Un mot.", key(p.cast.mother, p.cast.pupil))
	form.Set("day", "2026-10-06")
	talk := begin(p.teacher, p.classDesk(), form)
	h.Write(func(tx *db.Tx) error { return h.Accounts.ContestFor(tx, p.cast.teacher, audit.By{}) })
	h.Later(48 * time.Hour)
	h.Enter(p.cast.mother, school.Guardian).Get(talk).Wants(http.StatusNotFound)
	h.Write(func(tx *db.Tx) error { return h.Accounts.Reopen(tx, p.cast.teacher, audit.By{}) })
	h.Enter(p.cast.mother, school.Guardian).Get(talk).Wants(http.StatusNotFound)
}
