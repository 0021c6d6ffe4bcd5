package message_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// What somebody wrote for later does not leave once their account is shut, by whom it was
// and whatever becomes of it: they read that it did not, and take it back. What had left stays.
func TestWhatAShutAccountWroteForLaterStays(t *testing.T) {
	onBoth(t, func(h *town) {
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

// What somebody wrote for later leaves as long as they may still write it, and no longer: whoever lost
// the class, or the school, since speaks to nobody there. They read that it did not leave, and send it
// elsewhere.
func TestWhoLeftSaysNothingLater(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		later := func(v house.Visitor, path, subject string, to url.Values) string {
			form := says(subject, "Un mot.")
			form.Set("day", "2026-10-06")
			form.Set("hour", "08:30")
			for field, values := range to {
				form[field] = values
			}
			return begin(v, path, form)
		}
		mother := url.Values{"person": {key(p.cast.mother, p.cast.pupil)}}
		families := url.Values{"to": {"class:" + p.class.String() + ":families"}}
		stays := later(p.teacher, p.teamDesk(), "Aux collègues", url.Values{"person": {key(p.cast.other, 0)}})
		named, whole := later(p.teacher, p.classDesk(), "À la mère", mother), later(p.teacher, p.classDesk(), "À la classe", families)
		gone := later(p.other, p.teamDesk(), "De qui part", url.Values{"to": {"team"}})
		h.Write(func(tx *db.Tx) error {
			if _, err := tx.Exec(`UPDATE directory_function SET until_at = $2 WHERE person_id = $1`, p.cast.other, db.At(tx.Now.Add(time.Hour))); err != nil {
				return err
			}
			return directory.Detach(tx, p.class, p.cast.teacher, 0)
		})
		h.Later(48 * time.Hour)
		p.teacher, p.mother, p.head = h.Enter(p.cast.teacher, school.Teacher), h.Enter(p.cast.mother, school.Guardian), h.Enter(h.Head(p.at), school.Head)
		p.mother.Get("/message/").Lacks(http.StatusOK, "À la mère", "À la classe")
		for _, talk := range []string{named, whole} {
			p.mother.Get(talk).Wants(http.StatusNotFound)
			p.teacher.Get(talk).Wants(http.StatusOK, "vous ne pouviez plus écrire à ceux à qui il était adressé")
		}
		p.head.Get(gone).Wants(http.StatusNotFound)
		p.teacher.Get("/message/").Wants(http.StatusOK, "3 messages écrits pour plus tard ne sont pas partis")
		p.teacher.Get("/").Wants(http.StatusOK, "3")
		p.teacher.Get(stays).Wants(http.StatusOK, "vous ne pouviez plus écrire") // who was to read it left too
		draft := p.teacher.Post(whole+"/recall", nil).Header.Get("Location")
		desk := p.teacher.Get(draft).Header.Get("Location")
		p.teacher.Get(desk).Wants(http.StatusOK, `value="À la classe"`, "Un mot")
	})
}

// What somebody who is still there wrote for later leaves at its time.
func TestWhoIsStillThereSaysItLater(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		var talks []string
		for path, to := range map[string]url.Values{
			p.classDesk(): {"to": {"class:" + p.class.String() + ":families"}}, p.classDesk() + "?": {"person": {key(p.cast.mother, p.cast.pupil)}},
			p.classDesk() + "?family": {"to": {"family"}, "family": {p.cast.pupil.String()}},
		} {
			form := says("Mardi", "Un mot.")
			form.Set("day", "2026-10-06")
			for field, values := range to {
				form[field] = values
			}
			talks = append(talks, begin(p.teacher, path, form))
		}
		form := says("Des parents", "Un mot.", key(p.cast.teacher, p.cast.pupil))
		form.Set("day", "2026-10-06")
		answer := begin(p.father, p.childDesk(), form)
		form = says("À l’école", "Un mot.")
		form.Set("to", "school:"+p.at.String()+":families")
		form.Set("day", "2026-10-06")
		talks = append(talks, begin(p.head, "/message/new/school/"+p.at.String(), form))
		h.Later(48 * time.Hour)
		p.teacher, p.mother = h.Enter(p.cast.teacher, school.Teacher), h.Enter(p.cast.mother, school.Guardian)
		for _, talk := range talks {
			p.mother.Get(talk).Wants(http.StatusOK, "Un mot")
		}
		p.teacher.Get(answer).Wants(http.StatusOK, "Un mot")
	})
}

// While messages are stopped nothing leaves, in the school where they are, or for whom; what was due
// by then waits for its author, even once they are not stopped any more, and what was not leaves.
func TestNothingLeavesWhileMessagesAreStopped(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		at := func(subject, day string) string {
			form := says(subject, "Un mot.", key(p.cast.mother, p.cast.pupil))
			form.Set("day", day)
			form.Set("hour", "08:30")
			return begin(p.teacher, p.classDesk(), form)
		}
		soon, due, late := at("Tout de suite", "2026-10-06"), at("Mercredi", "2026-10-07"), at("Jeudi", "2026-10-08")
		for _, stop := range []account.Switch{
			{School: p.at, Service: "message", Reason: "débordement"}, {Profile: school.Teacher, Reason: "débordement"}, {School: p.at, Service: "message", Chosen: true},
		} {
			h.Write(func(tx *db.Tx) error { return h.Accounts.SwitchOn(tx, stop, audit.By{}) })
		}
		other := account.Switch{School: h.far[0], Service: "message", Reason: "ailleurs"}
		h.Write(func(tx *db.Tx) error { return h.Accounts.SwitchOn(tx, other, audit.By{}) })
		h.Later(48 * time.Hour)
		p.mother = h.Enter(p.cast.mother, school.Guardian)
		p.mother.Get(soon).Wants(http.StatusNotFound)
		p.mother.Get(due).Wants(http.StatusNotFound)
		for _, stop := range []account.Switch{
			{School: p.at, Service: "message"}, {Profile: school.Teacher}, {School: p.at, Service: "message", Chosen: true},
		} {
			h.Write(func(tx *db.Tx) error { return h.Accounts.SwitchOff(tx, stop, audit.By{}) })
		}
		h.Later(24 * time.Hour)
		p.mother, p.teacher = h.Enter(p.cast.mother, school.Guardian), h.Enter(p.cast.teacher, school.Teacher)
		for _, talk := range []string{soon, due} {
			p.mother.Get(talk).Wants(http.StatusNotFound)
			p.teacher.Get(talk).Wants(http.StatusOK, "les messages étaient arrêtés à cette heure", "Reprendre dans mes brouillons")
		}
		p.mother.Get(late).Wants(http.StatusOK, "Un mot")
		p.teacher.Get("/message/").Wants(http.StatusOK, "2 messages écrits pour plus tard ne sont pas partis")
	})
}

// A stop acts at once on what is about to leave.
func TestAStopActsAtOnceOnWhatLeaves(t *testing.T) {
	h := onSQLite(t)
	p := h.people()
	form := says("Dans un instant", "Un mot.", key(p.cast.mother, p.cast.pupil))
	now := h.DB.Now().In(school.Paris).Add(2 * time.Minute)
	form.Set("day", now.Format(time.DateOnly))
	form.Set("hour", now.Format("15:04"))
	talk := begin(p.teacher, p.classDesk(), form)
	h.Later(90 * time.Second)
	h.Write(func(tx *db.Tx) error {
		return h.Accounts.SwitchOn(tx, account.Switch{Service: "message", Reason: "débordement"}, audit.By{})
	})
	h.Later(time.Minute)
	h.Enter(p.cast.mother, school.Guardian).Get(talk).Wants(http.StatusNotFound)
}
