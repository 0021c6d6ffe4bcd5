package message_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"preau/account"
	"preau/core/audience"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// leaves has somebody leave the schools where they work.
func (h *town) leaves(person school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_function SET until_at = $1 WHERE person_id = $2`, db.At(tx.Now), person)
		return err
	})
}

// A head answers a commune that wrote to several, whom no head may address first: the answer stays.
func TestALookLeavesWhatAHeadAnsweredACommune(t *testing.T) {
	onBoth(t, func(h *town) {
		commune := h.Above(h.near[0], directory.Commune)
		agent := h.Enter(h.Appoint("Agent", school.Municipal, commune), school.Municipal)
		heads := h.Some(`SELECT DISTINCT f.person_id FROM directory_function f JOIN directory_within w ON w.structure_id = f.structure_id
			WHERE f.profile = $1 AND w.ancestor_id = $2`, school.Head, commune)
		whole := begin(agent, "/message/new/commune/"+commune.String(), says("La cantine", "Qui mange ?", key(heads[0], 0), key(heads[1], 0)))
		head := h.Enter(heads[0], school.Head)
		answer := send(head, whole, says("", "Tous les enfants."))
		answer.Wants(http.StatusSeeOther)
		h.LookAhead()
		h.Later(time.Minute)
		own := answer.Header.Get("Location")
		agent.Get(own).Wants(http.StatusOK, "Tous les enfants")
		head.Get(own).Wants(http.StatusOK, "Tous les enfants")
	})
}

// What colleagues say together goes on once one of them left, or who began it did.
func TestALookLeavesAConversationWhoseAuthorLeft(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		form := says("Le goûter", "Qui vient ?", key(p.cast.other, 0), key(h.Head(p.at), 0))
		form.Set("together", "on")
		talk := begin(p.teacher, p.teamDesk(), form)
		h.Later(time.Minute)
		h.leaves(p.cast.teacher)
		send(p.head, talk, says("", "Je viens.")).Wants(http.StatusSeeOther)
		h.LookAhead()
		p.other.Get(talk).Wants(http.StatusOK, "Qui vient", "Je viens")
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE message_thread SET author_id = 0`) // they were erased
			return err
		})
		send(p.other, talk, says("", "Moi aussi.")).Wants(http.StatusSeeOther)
		h.Later(time.Minute)
		p.head.Get(talk).Wants(http.StatusOK, "Je viens", "Moi aussi")
	})
}

// A stop keeps back nothing of what was said just before it, nor what left just before it and was read.
func TestAStopLeavesWhatWasSaidBeforeIt(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		form := says("Prévu", "Un mot.", key(p.cast.mother, p.cast.pupil))
		hour := h.DB.Now().In(school.Paris).Add(3 * time.Minute)
		form.Set("day", hour.Format(time.DateOnly))
		form.Set("hour", hour.Format("15:04"))
		due := begin(p.teacher, p.classDesk(), form)
		h.Later(3 * time.Minute)
		p.mother.Get(due).Wants(http.StatusOK, "Un mot")
		said := begin(p.teacher, p.classDesk(), says("À l’instant", "Un mot.", key(p.cast.mother, p.cast.pupil)))
		h.Later(time.Second)
		h.Write(func(tx *db.Tx) error {
			return h.Accounts.SwitchOn(tx, account.Switch{Service: "message", Reason: "débordement"}, audit.By{})
		})
		h.LookAhead()
		h.Later(time.Minute)
		for _, talk := range []string{due, said} {
			p.mother.Get(talk).Wants(http.StatusOK, "Un mot")
			p.teacher.Get(talk).Lacks(http.StatusOK, "pas parti")
		}
	})
}

// What left while nobody looked, and was read since, or answered, is kept back by nobody.
func TestWhatWasReadIsNotKeptBack(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		at := func(subject string) string {
			form := says(subject, "Un mot.", key(p.cast.mother, p.cast.pupil))
			form.Set("day", "2026-10-06")
			return begin(p.teacher, p.classDesk(), form)
		}
		read, answered, unread := at("Lu"), at("Répondu"), at("Pas lu")
		now := h.DB.Now().Add(24 * time.Hour)
		h.DB.Now = func() time.Time { return now } // no node looked meanwhile
		p.mother, p.teacher = h.Enter(p.cast.mother, school.Guardian), h.Enter(p.cast.teacher, school.Teacher)
		p.mother.Get(read).Wants(http.StatusOK)
		send(p.teacher, answered, says("", "Encore un mot.")).Wants(http.StatusSeeOther)
		h.Write(func(tx *db.Tx) error { return directory.Detach(tx, p.class, p.cast.teacher, 0) })
		h.LookAhead()
		p.mother.Get(read).Wants(http.StatusOK, "Un mot")
		p.mother.Get(answered).Wants(http.StatusOK, "Un mot", "Encore un mot")
		p.mother.Get(unread).Wants(http.StatusNotFound)
	})
}

// A look changes nothing of what anybody could read before it, whoever lost whatever right since it was said.
func TestALookTakesNothingThatWasReadable(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		families := string(audience.Audience{Place: audience.Class, Of: p.class, Side: audience.Families}.ID())
		pair, group, circle := says("À deux", "Un.", key(p.cast.mother, p.cast.pupil)), url.Values{"to": {families}, "subject": {"À tous"}, "body": {"Deux."}}, says("Entre nous", "Trois.", key(p.cast.other, 0), key(h.Head(p.at), 0))
		circle.Set("together", "on")
		var talks []string
		for _, one := range []struct {
			v    house.Visitor
			path string
			form url.Values
		}{{p.teacher, p.classDesk(), pair}, {p.teacher, p.classDesk(), group}, {p.teacher, p.teamDesk(), circle}, {p.other, p.teamDesk(), url.Values{"to": {"team"}, "subject": {"À l’équipe"}, "body": {"Quatre."}}}} {
			talks = append(talks, begin(one.v, one.path, one.form))
			later := maps.Clone(one.form)
			later.Set("day", h.DB.Now().In(school.Paris).Add(2*time.Minute).Format(time.DateOnly))
			later.Set("hour", h.DB.Now().In(school.Paris).Add(2*time.Minute).Format("15:04"))
			talks = append(talks, begin(one.v, one.path, later))
		}
		h.Later(2 * time.Minute)
		own := send(p.mother, talks[2], says("", "Cinq.")).Header.Get("Location")
		talks = append(talks, own)
		for _, one := range []struct {
			v    house.Visitor
			talk string
		}{{p.mother, talks[0]}, {p.head, talks[4]}, {p.other, talks[5]}, {p.teacher, own}} {
			send(one.v, one.talk, says("", "Encore.")).Wants(http.StatusSeeOther)
		}
		read := func() (seen []string) {
			for who, v := range map[string]house.Visitor{"teacher": p.teacher, "other": p.other, "head": p.head, "mother": p.mother, "father": p.father} {
				for i, talk := range talks {
					if page := v.Get(talk); page.StatusCode == http.StatusOK {
						seen = append(seen, fmt.Sprint(who, i))
					}
				}
			}
			slices.Sort(seen)
			return seen
		}
		h.Later(30 * time.Second)
		h.leaves(p.cast.other)
		h.Write(func(tx *db.Tx) error {
			if err := directory.Detach(tx, p.class, p.cast.teacher, 0); err != nil {
				return err
			}
			return h.Accounts.SwitchOn(tx, account.Switch{Service: "message", Reason: "débordement"}, audit.By{})
		})
		before := read()
		h.LookAhead()
		h.Later(time.Minute)
		if after := read(); !slices.Equal(before, after) {
			t.Errorf("%v could be read before, %v after", before, after)
		}
		if len(before) < 18 {
			t.Errorf("only %v could be read", before)
		}
	})
}
