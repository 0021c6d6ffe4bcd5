package message_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/rich"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// A judge is obeyed at each page: who has no access to a child is in no list for that
// child, writes about the child to nobody and reads nothing that was said.
func TestAJudgeIsObeyed(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		talk := begin(p.father, p.childDesk(), says("Le vélo", "Il viendra à vélo.", key(p.cast.teacher, p.cast.pupil)))
		p.teacher.Get(p.classDesk()).Wants(http.StatusOK, h.Who(p.cast.father).Name())
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{Pupil: p.cast.pupil, Guardian: p.cast.father, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now)})
			return err
		})
		p.teacher.Get(p.classDesk()).Lacks(http.StatusOK, h.Who(p.cast.father).Name())
		send(p.teacher, p.classDesk(), says("x", "y", key(p.cast.father, p.cast.pupil))).Wants(http.StatusUnprocessableEntity)
		for _, path := range []string{talk, p.childDesk(), "/message/", "/message/sent", "/"} {
			if reply := p.father.Get(path); reply.StatusCode == http.StatusOK && strings.Contains(reply.Text(), "Le vélo") {
				t.Errorf("who has no access reads %s", path)
			}
		}
		p.mother.Get(talk).Wants(http.StatusNotFound)
	})
}

// Nobody of the school writes to a parent from whom a judge keeps where the child is: the names
// of a conversation would tell it.
func TestWhoMayNotKnowThePlaceIsNotWrittenTo(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		p.teacher.Get(p.classDesk()).Wants(http.StatusOK, h.Who(p.cast.father).Name())
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{Pupil: p.cast.pupil, Guardian: p.cast.father, HidePlace: true, Reference: "JAF 12", From: db.At(tx.Now)})
			return err
		})
		p.teacher.Get(p.classDesk()).Lacks(http.StatusOK, h.Who(p.cast.father).Name())
		p.teacher.Get(p.classDesk()).Wants(http.StatusOK, h.Who(p.cast.mother).Name())
		for _, v := range []house.Visitor{p.teacher, p.head} {
			send(v, p.classDesk(), says("x", "y", key(p.cast.father, p.cast.pupil))).Wants(http.StatusUnprocessableEntity)
		}
	})
}

// A photo that was fetched was read: it is not taken back any more.
func TestAPhotoThatWasFetchedIsNotTakenBack(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		talk := begin(p.mother, p.childDesk(), says("La photo", "La voici.", key(p.cast.teacher, p.cast.pupil)), house.Shot(h.T, 40, 30))
		_, rest, _ := strings.Cut(p.mother.Get(talk).Body, talk+"/post/")
		post, _, _ := strings.Cut(rest, "/")
		photo := talk + "/post/" + post + "/photo/1"
		p.mother.Get(photo).Wants(http.StatusOK)
		p.father.Get(photo).Wants(http.StatusNotFound)
		p.teacher.Get(photo).Wants(http.StatusOK)
		if late := p.mother.Post(talk+"/recall", nil).Header.Get("Location"); late != talk {
			t.Errorf("who takes back a photo that was fetched is at %s", late)
		}
	})
}

// A draft is kept as it was typed, comes back, and goes with what is sent.
func TestADraft(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		form := says("Le cah", "Il est", key(p.cast.teacher, p.cast.pupil))
		form.Set("act", "draft")
		long := says("Trop", strings.Repeat("é", rich.Max+1))
		long.Set("act", "draft")
		send(p.mother, p.childDesk(), long).Wants(http.StatusUnprocessableEntity)
		kept := send(p.mother, p.childDesk(), form)
		kept.Wants(http.StatusSeeOther)
		draft := kept.Header.Get("Location")
		p.father.Get(draft).Wants(http.StatusNotFound)
		p.mother.Get("/message/drafts").Wants(http.StatusOK, "Le cah", "Il est")
		page := p.mother.Get(draft)
		page = p.mother.Get(page.Header.Get("Location"))
		page.Wants(http.StatusOK, `value="Le cah"`, "Il est", "checked")
		form.Del("act")
		form.Set("draft", strings.TrimPrefix(draft, "/message/draft/"))
		begin(p.mother, p.childDesk(), form)
		p.mother.Get("/message/drafts").Wants(http.StatusOK, "Pas de brouillon")
		talk := begin(p.teacher, p.classDesk(), says("Un mot", "Bonjour", key(p.cast.mother, p.cast.pupil)))
		answer := says("", "Je réponds", "")
		answer.Set("act", "draft")
		draft = send(p.mother, talk, answer).Header.Get("Location")
		p.teacher.Get(talk).Lacks(http.StatusOK, "Je réponds")
		back := p.mother.Get(draft).Header.Get("Location")
		p.mother.Get(back).Wants(http.StatusOK, "Je réponds", "Bonjour")
		p.mother.Post(draft+"/drop", nil).Wants(http.StatusSeeOther)
		p.mother.Get(draft).Wants(http.StatusNotFound)
	})
}

// What leaves later is seen by nobody before, and may be taken back; what nobody has read
// too, and what somebody has read stays.
func TestLaterAndRecalled(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		form := says("Lundi", "À lundi.", key(p.cast.mother, p.cast.pupil))
		form.Set("day", "2026-10-06")
		form.Set("hour", "08:30")
		past := says("Hier", "Trop tard.", key(p.cast.mother, p.cast.pupil))
		past.Set("day", "2026-10-01")
		send(p.teacher, p.classDesk(), past).Wants(http.StatusUnprocessableEntity, "Ce moment est passé")
		talk := begin(p.teacher, p.classDesk(), form)
		p.mother.Get(talk).Wants(http.StatusNotFound)
		p.mother.Get("/message/").Lacks(http.StatusOK, "Lundi")
		p.teacher.Get(talk).Wants(http.StatusOK, "Ce message partira", "Ne pas envoyer")
		p.teacher.Get("/message/sent").Wants(http.StatusOK, "À venir")
		draft := p.teacher.Post(talk+"/recall", nil)
		draft.Wants(http.StatusSeeOther)
		p.teacher.Get(talk).Wants(http.StatusNotFound)
		desk := p.teacher.Get(draft.Header.Get("Location")).Header.Get("Location")
		p.teacher.Get(desk).Wants(http.StatusOK, `value="Lundi"`, "À lundi")
		talk = begin(p.teacher, p.classDesk(), form)
		h.Later(48 * 3600 * 1e9)
		p.teacher, p.mother = h.Enter(p.cast.teacher, school.Teacher), h.Enter(p.cast.mother, school.Guardian)
		p.mother.Get("/message/").Wants(http.StatusOK, "Lundi", "1 message à lire")
		send(p.mother, talk, says("", "Merci.")).Wants(http.StatusSeeOther)
		p.mother.Post(talk+"/recall", nil).Wants(http.StatusSeeOther)
		p.teacher.Get(talk).Lacks(http.StatusOK, "Merci.")
		send(p.mother, talk, says("", "Merci beaucoup.")).Wants(http.StatusSeeOther)
		p.teacher.Get(talk).Wants(http.StatusOK, "Merci beaucoup")
		if late := p.mother.Post(talk+"/recall", nil).Header.Get("Location"); late != talk {
			t.Errorf("who takes back what was read is at %s", late)
		}
		p.teacher.Get(talk).Wants(http.StatusOK, "Merci beaucoup")
	})
}

// What a search has shown was read: it is not taken back.
func TestWhatASearchShowsIsRead(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		shown := begin(p.mother, p.childDesk(), says("Un mot", "Le zirconium est menaçant.", key(p.cast.teacher, p.cast.pupil)))
		other := begin(p.mother, p.childDesk(), says("Un autre", "Rien de tel.", key(p.cast.teacher, p.cast.pupil)))
		p.teacher.Get("/search?q=zirconium").Wants(http.StatusOK, "menaçant")
		if late := p.mother.Post(shown+"/recall", nil).Header.Get("Location"); late != shown {
			t.Errorf("who takes back what a search has shown is at %s", late)
		}
		p.teacher.Get(shown).Wants(http.StatusOK, "zirconium")
		if draft := p.mother.Post(other+"/recall", nil).Header.Get("Location"); draft == other {
			t.Error("what no search has shown is not taken back")
		}
	})
}

// What was to leave later does not, where a judge or who was to read it refuses it by then.
func TestLaterIsAskedAgain(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		p.head.Post("/message/rules/school/"+p.at.String(), url.Values{"guardian-guardian": {"yes"}}).Wants(http.StatusSeeOther)
		later := func(who house.Visitor, to string) string {
			form := says("Mardi", "À mardi.", to)
			form.Set("day", "2026-10-06")
			form.Set("hour", "08:30")
			return begin(who, p.childDesk(), form)
		}
		toTeacher := key(p.cast.teacher, p.cast.pupil)
		leaves, barred, refused := later(p.father, toTeacher), later(p.mother, toTeacher), later(p.father, key(p.cast.parent, p.cast.mate))
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{Pupil: p.cast.pupil, Guardian: p.cast.mother, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now)})
			return err
		})
		h.Later(24 * time.Hour)
		teacher := h.Enter(p.cast.teacher, school.Teacher)
		teacher.Get("/message/").Wants(http.StatusOK, "1 message à lire")
		teacher.Get(leaves).Wants(http.StatusOK, "À mardi")
		teacher.Get(barred).Wants(http.StatusNotFound)
		h.Write(func(tx *db.Tx) error { // as if they had asked for nothing of the father's meanwhile
			_, err := tx.Exec(`INSERT INTO message_block (person_id, blocked_id, since_at) VALUES ($1, $3, $4), ($2, $3, $4)`,
				p.cast.teacher, p.cast.parent, p.cast.father, db.At(tx.Now.Add(-20*time.Hour)))
			return err
		})
		h.Enter(p.cast.parent, school.Guardian).Get(refused).Wants(http.StatusNotFound)
		teacher.Get(leaves).Wants(http.StatusOK, "À mardi") // the family of a child of their class
	})
}

// The others of one's kind do nothing with the wrong hat: what a teacher is told at work
// is not read as a parent.
func TestHats(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		talk := begin(p.other, p.teamDesk(), says("Entre nous", "En salle des maîtres.", key(p.cast.teacher, 0)))
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_bond SET guardian_id = $1 WHERE pupil_id = $2 AND guardian_id = $3`, p.cast.teacher, p.cast.mate, p.cast.parent)
			return err
		})
		asParent := h.Enter(p.cast.teacher, school.Guardian)
		asParent.Get(talk).Wants(http.StatusNotFound)
		asParent.Get("/message/").Lacks(http.StatusOK, "Entre nous")
		asParent.Get("/").Lacks(http.StatusOK, "Entre nous")
		h.Enter(p.cast.teacher, school.Teacher).Get(talk).Wants(http.StatusOK, "salle des maîtres")
	})
}

// What somebody has read, or told the head of, is taken back by nobody, whatever was said
// since.
func TestWhatWasReadStays(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		talk := begin(p.mother, p.childDesk(), says("Le cahier", "Il est perdu.", key(p.cast.teacher, p.cast.pupil)))
		p.teacher.Get(talk).Wants(http.StatusOK, "Il est perdu")
		send(p.mother, talk, says("", "Et la trousse.")).Wants(http.StatusSeeOther)
		p.mother.Post(talk+"/recall", nil).Wants(http.StatusSeeOther)
		p.mother.Post(talk+"/recall", nil).Wants(http.StatusSeeOther)
		p.teacher.Get(talk).Wants(http.StatusOK, "Il est perdu")
		p.teacher.Get(talk).Lacks(http.StatusOK, "Et la trousse")
	})
}

// A judge is obeyed about whoever is one with another record, and a block holds there too.
func TestAMergeUndoesNoJudge(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		talk := begin(p.father, p.childDesk(), says("Le vélo", "Il viendra à vélo.", key(p.cast.teacher, p.cast.pupil)))
		kept := h.otherGuardian(p.cast.father, p.cast.mother)
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{Pupil: p.cast.pupil, Guardian: p.cast.father, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now)})
			if err != nil {
				return err
			}
			return directory.Merge(tx, kept, p.cast.father)
		})
		h.Enter(kept, school.Guardian).Get(talk).Wants(http.StatusNotFound)
	})
}

// What somebody was writing, what they put away and what of theirs was kept back are theirs under the
// record that a merge leaves them, to go on with as to throw away.
func TestAMergeLosesNothingOfOnesOwn(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		toTeacher := key(p.cast.teacher, p.cast.pupil)
		aside := says("La cantine", "À finir", toTeacher)
		aside.Set("act", "draft")
		draft := send(p.father, p.childDesk(), aside).Header.Get("Location")
		filed := begin(p.father, p.childDesk(), says("Le casque", "Il est bleu.", toTeacher))
		p.father.Post(filed+"/file", url.Values{"new": {"Divers"}}).Wants(http.StatusSeeOther)
		later := says("Mardi", "À mardi.", toTeacher)
		later.Set("day", "2026-10-06")
		late := begin(p.father, p.childDesk(), later)
		h.Write(func(tx *db.Tx) error { return h.Accounts.Disable(tx, p.cast.father, audit.By{}) })
		h.Later(48 * time.Hour)
		kept := h.otherGuardian(p.cast.father, p.cast.mother)
		h.Write(func(tx *db.Tx) error { return directory.Merge(tx, kept, p.cast.father) })
		father, mother := h.Enter(kept, school.Guardian), h.Enter(p.cast.mother, school.Guardian)

		mother.Get(draft).Wants(http.StatusNotFound)
		mother.Post(draft+"/drop", nil).Wants(http.StatusNotFound)
		father.Get("/message/drafts").Wants(http.StatusOK, "La cantine")
		father.Get(father.Get(draft).Header.Get("Location")).Wants(http.StatusOK, `value="La cantine"`, "À finir", `value="`+toTeacher+`" checked`)
		father.Post(draft+"/drop", nil).Wants(http.StatusSeeOther)
		father.Get("/message/drafts").Lacks(http.StatusOK, "La cantine")

		father.Get("/message/").Wants(http.StatusOK, "1 message écrit pour plus tard n’est pas parti")
		father.Get("/message/sent").Wants(http.StatusOK, "Mardi", "Pas parti")
		father.Get("/message/sent").Lacks(http.StatusOK, "Le casque")
		father.Get(late).Wants(http.StatusOK, "Il n’est pas parti")
		back := father.Post(late+"/recall", nil).Header.Get("Location")
		father.Get(father.Get(back).Header.Get("Location")).Wants(http.StatusOK, `value="Mardi"`, `value="`+toTeacher+`" checked`)
		father.Get("/message/").Lacks(http.StatusOK, "n’est pas parti")

		for _, page := range []string{"/message/folder/Divers", "/message/archived"} {
			father.Get(page).Wants(http.StatusOK, "Le casque", "Divers")
		}
		father.Post(filed+"/file", url.Values{"new": {"Vélo"}}).Wants(http.StatusSeeOther)
		father.Get("/message/folder/Divers").Wants(http.StatusNotFound)
		father.Post(filed+"/take-out", nil).Wants(http.StatusSeeOther)
		father.Get("/message/archived").Lacks(http.StatusOK, "Vélo")
		father.Post(filed+"/put-back", nil).Wants(http.StatusSeeOther)
		father.Get("/message/archived").Lacks(http.StatusOK, "Le casque")
		father.Get("/message/sent").Wants(http.StatusOK, "Le casque")
	})
}

// A conversation of which the last word is taken back is as it was before it: of whoever had read what is left
// nothing is new, and nobody is told anything.
func TestWhatIsTakenBackIsNewToNobody(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		talk := begin(p.mother, p.childDesk(), says("Le cahier", "Il est perdu.", key(p.cast.teacher, p.cast.pupil)))
		begun := h.Some(`SELECT DISTINCT published_at FROM audience_address WHERE room = 'message'`)
		p.teacher.Get(talk).Wants(http.StatusOK, "Il est perdu")
		p.teacher.Get("/message/").Lacks(http.StatusOK, "message à lire")
		h.Later(time.Minute)
		send(p.mother, talk, says("", "Le voilà.")).Wants(http.StatusSeeOther)
		p.teacher.Get("/message/").Wants(http.StatusOK, "1 message à lire")
		p.mother.Post(talk+"/recall", nil).Wants(http.StatusSeeOther)
		p.teacher.Get("/message/").Lacks(http.StatusOK, "message à lire")
		if now := h.Some(`SELECT DISTINCT published_at FROM audience_address WHERE room = 'message'`); !slices.Equal(now, begun) {
			t.Errorf("it is new since %v, and what is left since %v", now, begun)
		}
		unread := begin(p.mother, p.childDesk(), says("La trousse", "Elle aussi.", key(p.cast.teacher, p.cast.pupil)))
		send(p.mother, unread, says("", "La voilà.")).Wants(http.StatusSeeOther)
		p.mother.Post(unread+"/recall", nil).Wants(http.StatusSeeOther)
		p.teacher.Get("/message/").Wants(http.StatusOK, "1 message à lire")
		p.teacher.Get(unread).Wants(http.StatusOK, "Elle aussi")
	})
}
