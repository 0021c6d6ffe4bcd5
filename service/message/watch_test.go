package message_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/service/message"
	"preau/test/house"
)

// A report shows its head what was said, journals that they read it, and tells who
// reported what became of it; nobody else's head, and nothing that was not reported.
func TestAReport(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		talk := begin(p.mother, p.childDesk(), says("Fâchée", "Un mot dur.", key(p.cast.teacher, p.cast.pupil)))
		link := p.teacher.Get(talk).Body
		_, rest, found := strings.Cut(link, talk+"/post/")
		if !found {
			t.Fatal("nothing is to be reported")
		}
		post, _, _ := strings.Cut(rest, "/")
		form := talk + "/post/" + post + "/report"
		p.mother.Get(form).Wants(http.StatusNotFound)
		p.father.Post(form, url.Values{"reason": {"x"}}).Wants(http.StatusNotFound)
		p.teacher.Get(form).Wants(http.StatusOK, "À qui en parler", h.Who(h.Head(p.at)).Formal())
		p.teacher.Post(form, nil).Wants(http.StatusUnprocessableEntity)
		p.head.Get("/message/reports").Wants(http.StatusOK, "Aucun signalement")
		p.teacher.Post(form, url.Values{"reason": {"C’est blessant."}}).Wants(http.StatusSeeOther)
		p.teacher.Get(form).Wants(http.StatusNotFound)
		p.teacher.Get(talk).Wants(http.StatusOK, "La direction ne l’a pas encore traité")
		p.head.Get("/message/").Wants(http.StatusOK, "1 message signalé attend")
		p.head.Get(talk).Wants(http.StatusNotFound)
		list := p.head.Get("/message/reports")
		list.Lacks(http.StatusOK, "Un mot dur.")
		_, rest, _ = strings.Cut(list.Body, `href="/message/report/`)
		report, _, _ := strings.Cut(rest, `"`)
		p.teacher.Get("/message/report/" + report).Wants(http.StatusNotFound)
		other := h.One(`SELECT min(person_id) FROM directory_function WHERE structure_id <> $1 AND profile = $2`, p.at, school.Head)
		h.Enter(other, school.Head).Get("/message/report/" + report).Wants(http.StatusNotFound)
		p.head.Get("/message/report/"+report).Wants(http.StatusOK, "Un mot dur.", "C’est blessant.", h.Who(p.cast.mother).Name())
		for _, act := range []string{"message.report", "message.look"} {
			if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = $1`, act); n != 1 {
				t.Errorf("%s is journalled %d times", act, n)
			}
		}
		p.head.Post("/message/report/"+report, nil).Wants(http.StatusUnprocessableEntity)
		p.head.Post("/message/report/"+report, url.Values{"outcome": {"J’ai appelé la famille."}}).Wants(http.StatusSeeOther)
		p.teacher.Get(talk).Wants(http.StatusOK, "J’ai appelé la famille.")
		p.teacher.Get("/me/journal").Wants(http.StatusOK, "Message signalé à la direction", "Réponse à un signalement")
		p.mother.Get(talk).Lacks(http.StatusOK, "J’ai appelé", "C’est blessant")
	})
}

// Nobody judges themself: what the only head of a school wrote is not reported to them, and
// whoever would is told to whom to turn; what was reported before is not theirs to read.
func TestAHeadDoesNotJudgeThemself(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		talk := begin(p.head, p.teamDesk(), says("Votre poste", "Un mot dur.", key(p.cast.other, 0)))
		_, rest, _ := strings.Cut(p.other.Get(talk).Body, talk+"/post/")
		post, _, _ := strings.Cut(rest, "/")
		form := talk + "/post/" + post + "/report"
		p.other.Get(form).Wants(http.StatusOK, "3018")
		p.other.Get(form).Lacks(http.StatusOK, `name="reason"`)
		p.other.Post(form, url.Values{"reason": {"C’est blessant."}}).Wants(http.StatusUnprocessableEntity, "3018")
		if n := h.One(`SELECT count(*) FROM message_report`); n != 0 {
			t.Fatalf("%d posts of the head are reported to the head", n)
		}
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO message_report (id, post_id, thread_id, school_id, reporter_id, reason, reported_at, outcome)
				SELECT 7, id, thread_id, $1, $2, 'Avant', 0, '' FROM message_post`, p.at, p.cast.other)
			return err
		})
		p.head.Get("/message/reports").Wants(http.StatusOK, "Aucun signalement")
		p.head.Get("/message/").Lacks(http.StatusOK, "signalé attend")
		p.head.Get("/message/report/7").Wants(http.StatusNotFound)
		p.head.Post("/message/report/7", url.Values{"outcome": {"Rien."}}).Wants(http.StatusNotFound)
	})
}

// A parent blocks a parent; a teacher does not block the families of the class, nor a
// family the school.
func TestABlock(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		p.head.Post("/message/rules/school/"+p.at.String(), url.Values{"guardian-guardian": {"yes"}}).Wants(http.StatusSeeOther)
		talk := begin(p.mother, p.childDesk(), says("Goûter", "Samedi ?", key(p.cast.parent, p.cast.mate)))
		p.parent.Post(talk+"/block", nil).Wants(http.StatusSeeOther)
		p.parent.Get(talk).Wants(http.StatusOK, "Vous ne recevez plus")
		p.mother.Get(talk).Wants(http.StatusOK, "ne reçoit plus vos messages")
		send(p.mother, talk, says("", "Alors ?")).Wants(http.StatusUnprocessableEntity)
		send(p.mother, p.childDesk(), says("Goûter", "Dimanche ?", key(p.cast.parent, p.cast.mate))).Wants(http.StatusUnprocessableEntity, "ne reçoit pas vos messages")
		if acts := h.Acts(p.cast.parent); acts[len(acts)-1] != "message.silence" {
			t.Errorf("the journal of who blocks has %q", acts)
		}
		p.parent.Get("/me/journal").Wants(http.StatusOK, "Messages d’une personne refusés")
		p.parent.Post(talk+"/unblock", nil).Wants(http.StatusSeeOther)
		send(p.mother, talk, says("", "Alors ?")).Wants(http.StatusSeeOther)
		school := begin(p.mother, p.childDesk(), says("Une question", "Bonjour", key(p.cast.teacher, p.cast.pupil)))
		p.teacher.Post(school+"/block", nil).Wants(http.StatusConflict, "doivent pouvoir vous joindre")
		p.mother.Post(school+"/block", nil).Wants(http.StatusConflict, "l’école doit pouvoir vous joindre")
	})
}

// Whoever blocked a parent and has the child in their class since hears them again, and lifts the block;
// what they read by then stays, whatever the class that they have next. Nothing is lifted twice.
func TestNobodyIsCutOffFromTheirOwnTeacher(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		leaveClass := func() {
			h.Later(time.Minute)
			h.Write(func(tx *db.Tx) error { return directory.Detach(tx, p.class, p.cast.teacher, 0) })
			h.Later(time.Minute)
		}
		toTeacher := key(p.cast.teacher, p.cast.pupil)
		talk := begin(p.mother, p.childDesk(), says("Une question", "Bonjour", toTeacher))
		leaveClass()
		p.teacher.Post(talk+"/block", nil).Wants(http.StatusSeeOther)
		p.mother.Get(talk).Wants(http.StatusOK, "ne reçoit plus vos messages")
		h.Attach(p.class, p.cast.teacher)
		send(p.mother, talk, says("", "Alors ?")).Wants(http.StatusSeeOther)
		fresh := begin(p.mother, p.childDesk(), says("Le vélo", "Il viendra à vélo.", toTeacher))
		p.teacher.Get(talk).Wants(http.StatusOK, "Alors ?", "Vous les recevez tant que son enfant est de votre classe", "Recevoir de nouveau ses messages")
		p.teacher.Get(fresh).Wants(http.StatusOK, "à vélo")
		leaveClass()
		p.mother.Get(talk).Wants(http.StatusOK, "ne reçoit plus vos messages")
		p.teacher.Get(fresh).Wants(http.StatusOK, "à vélo")
		h.Attach(p.class, p.cast.teacher)
		p.teacher.Post(talk+"/unblock", nil).Wants(http.StatusSeeOther)
		acts := h.Acts(p.cast.teacher)
		if acts[len(acts)-1] != "message.hear" {
			t.Errorf("the journal of who lifts a block has %q", acts)
		}
		p.teacher.Post(talk+"/unblock", nil).Wants(http.StatusConflict, "Vous recevez déjà les messages")
		if again := h.Acts(p.cast.teacher); len(again) != len(acts) {
			t.Errorf("what was not lifted is journalled: %q", again)
		}
		p.teacher.Post(talk+"/block", nil).Wants(http.StatusConflict, "doivent pouvoir vous joindre")
	})
}

// A block holds, and is lifted, under whichever records of who blocks and of who is blocked it was said.
func TestABlockIsLiftedAfterAMerge(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		p.head.Post("/message/rules/school/"+p.at.String(), url.Values{"guardian-guardian": {"yes"}}).Wants(http.StatusSeeOther)
		talk := begin(p.mother, p.childDesk(), says("Goûter", "Samedi ?", key(p.cast.parent, p.cast.mate)))
		p.parent.Post(talk+"/block", nil).Wants(http.StatusSeeOther)
		merge := func(gone school.ID, families ...school.ID) house.Visitor {
			kept := h.otherGuardian(append(families, gone)...)
			h.Write(func(tx *db.Tx) error { _, err := h.Feeder.Merge(tx, kept, gone, 0); return err })
			h.Later(time.Minute)
			return h.Enter(kept, school.Guardian)
		}
		lifts := func(by house.Visitor) {
			t.Helper()
			by.Get(talk).Wants(http.StatusOK, "Vous ne recevez plus")
			by.Post(talk+"/unblock", nil).Wants(http.StatusSeeOther)
			by.Get(talk).Lacks(http.StatusOK, "Vous ne recevez plus")
			by.Post(talk+"/unblock", nil).Wants(http.StatusConflict)
			if n := h.One(`SELECT count(*) FROM message_block`); n != 0 {
				t.Errorf("%d blocks are left of the one that was lifted", n)
			}
		}
		parent := merge(p.cast.parent, p.cast.mother, p.cast.father)
		send(p.mother, talk, says("", "Alors ?")).Wants(http.StatusUnprocessableEntity, "ne reçoit plus vos messages")
		lifts(parent)
		send(p.mother, talk, says("", "Alors ?")).Wants(http.StatusSeeOther)
		parent.Post(talk+"/block", nil).Wants(http.StatusSeeOther)
		mother := merge(p.cast.mother, h.One(`SELECT kept_id FROM directory_merge`), p.cast.father)
		send(mother, talk, says("", "Et dimanche ?")).Wants(http.StatusUnprocessableEntity, "ne reçoit plus vos messages")
		lifts(parent)
		send(mother, talk, says("", "Et dimanche ?")).Wants(http.StatusSeeOther)
		parent.Get(talk).Wants(http.StatusOK, "Et dimanche ?")
	})
}

// The photos of a message are shown to whom it is for alone.
func TestPhotos(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		var picture bytes.Buffer
		if err := jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 1000, 500)), nil); err != nil {
			t.Fatal(err)
		}
		form := says("Dessin", "Le voici.", key(p.cast.teacher, p.cast.pupil))
		send(p.mother, p.childDesk(), form, []byte("no picture at all")).Wants(http.StatusUnprocessableEntity, "Ce fichier n’est pas une photo")
		talk := begin(p.mother, p.childDesk(), form, picture.Bytes())
		_, rest, _ := strings.Cut(p.teacher.Get(talk).Body, `src="`+talk)
		path, _, _ := strings.Cut(rest, `"`)
		got := p.teacher.Get(talk + path)
		if size, err := jpeg.DecodeConfig(strings.NewReader(got.Body)); err != nil || size.Width != 480 {
			t.Errorf("%s is %d wide: %v", path, size.Width, err)
		}
		p.father.Get(talk + path).Wants(http.StatusNotFound)
		p.teacher.Get(strings.TrimSuffix(talk+path, "1") + "2").Wants(http.StatusNotFound)
	})
}

// The files of a message are given to whom it is for alone; a pupil sends none. A draft keeps
// what was chosen, and so does a message that is taken back.
func TestFiles(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		form := says("Certificat", "Le voici.", key(p.cast.teacher, p.cast.pupil))
		file := house.Upload{Field: "file", Name: "certificat.pdf", Content: house.PDF("certificat")}
		form.Set("act", "draft")
		draft := p.mother.SendFiles(p.childDesk(), form, file).Header.Get("Location")
		page := p.mother.Get(p.mother.Get(draft).Header.Get("Location"))
		page.Wants(http.StatusOK, "certificat.pdf")
		kept := regexp.MustCompile(`name="file-kept" value="([^"]+)" checked`).FindStringSubmatch(page.Text())
		if kept == nil {
			t.Fatal("the draft has no file")
		}
		form.Del("act")
		form["file-kept"] = kept[1:]
		sent := p.mother.SendFiles(p.childDesk(), form)
		talk := sent.Header.Get("Location")
		shown := p.mother.Get(talk)
		shown.Wants(http.StatusOK, "certificat.pdf", "PDF, 1\u00a0ko")
		_, rest, _ := strings.Cut(shown.Body, `href="`+talk+"/post/")
		post, _, _ := strings.Cut(rest, "/file/")
		path := talk + "/post/" + post + "/file/1"
		p.mother.Get(talk+"/print").Wants(http.StatusOK, "certificat.pdf (PDF, 1\u00a0ko)")
		p.father.Get(path).Wants(http.StatusNotFound)
		back := p.mother.Post(talk+"/recall", nil).Header.Get("Location")
		p.mother.Get(p.mother.Get(back).Header.Get("Location")).Wants(http.StatusOK, `name="file-kept"`, "certificat.pdf")
		if n := h.One(`SELECT count(*) FROM message_file`); n != 0 {
			t.Errorf("%d files of what was taken back", n)
		}
		talk = p.mother.SendFiles(p.childDesk(), form).Header.Get("Location")
		_, rest, _ = strings.Cut(p.teacher.Get(talk).Body, `href="`+talk+"/post/")
		post, _, _ = strings.Cut(rest, "/file/")
		if got := p.teacher.Get(talk + "/post/" + post + "/file/1"); got.Body != string(house.PDF("certificat")) {
			t.Errorf("the teacher has %d, %.80q", got.StatusCode, got.Body)
		}
		h.Write(func(tx *db.Tx) error { return message.Holdings.Erase(tx, p.cast.pupil) })
		if n := h.One(`SELECT count(*) FROM message_file`); n != 0 {
			t.Errorf("%d files of who was erased", n)
		}
	})
}

// Whatever makes a conversation new to others is counted, as what begins it is: somebody who
// acts on more people than anybody does is stopped.
func TestWhatIsSaidIsCounted(t *testing.T) {
	h := onSQLite(t)
	p := h.people()
	p.teacher.Post("/message/class/"+p.class.String(), url.Values{"among": {"on"}})
	counted := func(what string, who school.ID, want int) {
		t.Helper()
		if got := h.Acted(who); got != want {
			t.Errorf("%s acts on %d people, want %d", what, got, want)
		}
	}
	talk := begin(p.mother, p.childDesk(), says("Une question", "Bonjour", key(p.cast.teacher, p.cast.pupil)))
	counted("a message", p.cast.mother, 1)
	send(p.teacher, talk, says("", "Bonjour")).Wants(http.StatusSeeOther)
	counted("an answer", p.cast.teacher, 1)
	begin(p.teacher, p.classDesk(), url.Values{"subject": {"Sortie"}, "body": {"Jeudi."}, "to": {"class:" + p.class.String() + ":families"}})
	counted("a message to the families of a class", p.cast.teacher, len(h.Pupils(p.class)))
	begin(p.pupil, p.classDesk(), says("Jeu", "Tu joues ?", key(p.cast.mate, 0)))
	counted("what waits for an adult", p.cast.pupil, 0)
	_, rest, _ := strings.Cut(p.teacher.Get("/message/review").Body, `action="/message/review/`)
	post, _, _ := strings.Cut(rest, "/")
	p.teacher.Post("/message/review/"+post+"/accept", nil).Wants(http.StatusSeeOther)
	counted("what an adult lets leave", p.cast.teacher, 2)
}

// A family names few people at once.
func TestManyAtOnce(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		var many []string
		for _, one := range h.Some(`SELECT DISTINCT f.person_id FROM directory_function f WHERE f.structure_id = $1 ORDER BY 1 LIMIT 8`, p.at) {
			many = append(many, key(one, p.cast.pupil))
		}
		p.head.Post("/message/rules/school/"+p.at.String(), url.Values{"guardian-staff": {"yes"}, "guardian-guardian": {"yes"}}).Wants(http.StatusSeeOther)
		pupils := h.Pupils(p.class)
		for _, one := range pupils {
			for _, guardian := range h.Some(`SELECT b.guardian_id FROM directory_bond b WHERE b.pupil_id = $1`, one.ID) {
				many = append(many, key(guardian, one.ID))
			}
		}
		send(p.mother, p.childDesk(), says("x", "y", many...)).Wants(http.StatusUnprocessableEntity, "5 personnes au plus")
	})
}

// What is stopped leaves nowhere, and is read: everybody's messages, or the pupils' alone.
func TestStopped(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		p.teacher.Post("/message/class/"+p.class.String(), url.Values{"to-teacher": {"on"}})
		talk := begin(p.teacher, p.classDesk(), says("Poésie", "Pour jeudi.", key(p.cast.pupil, 0)))
		var on account.Switch
		stop := func(at school.ID, profile school.Profile) {
			by := audit.By{Request: "test"}
			h.Write(func(tx *db.Tx) error {
				if on.Service != "" {
					if err := h.Accounts.SwitchOff(tx, on, by); err != nil {
						return err
					}
				}
				on = account.Switch{School: at, Profile: profile, Service: "message", Reason: "débordement"}
				return h.Accounts.SwitchOn(tx, on, by)
			})
		}
		stop(p.at, school.Pupil)
		p.pupil.Get(talk).Wants(http.StatusOK, "Pour jeudi", "est à l’arrêt pour le moment")
		list := p.pupil.Get("/message/")
		list.Wants(http.StatusOK, "est à l’arrêt pour le moment", "Tu peux tout lire")
		list.Lacks(http.StatusOK, "débordement", `href="/message/new"`)
		p.teacher.Get("/message/").Lacks(http.StatusOK, "à l’arrêt")
		send(p.pupil, talk, says("", "Oui, demain")).Wants(http.StatusSeeOther)
		send(p.pupil, p.classDesk(), says("x", "y", key(p.cast.teacher, 0))).Wants(http.StatusSeeOther)
		p.teacher.Get(talk).Lacks(http.StatusOK, "Oui, demain")
		p.pupil.Get("/message/drafts").Wants(http.StatusOK, "Oui, demain")
		send(p.teacher, talk, says("", "Relis-la.")).Wants(http.StatusSeeOther)
		stop(0, "")
		send(p.teacher, talk, says("", "Encore.")).Wants(http.StatusSeeOther)
		p.pupil.Get(talk).Lacks(http.StatusOK, "Encore.")
		send(p.mother, p.childDesk(), says("x", "Déjà écrit", key(p.cast.teacher, p.cast.pupil))).Wants(http.StatusSeeOther)
		p.mother.Get("/message/drafts").Wants(http.StatusOK, "est à l’arrêt", "Déjà écrit")
		p.teacher.Get("/message/").Wants(http.StatusOK, "est à l’arrêt pour le moment (débordement)")
		p.teacher.Get("/").Wants(http.StatusOK, `class="tile" href="/message/"`)
		p.teacher.Post(talk+"/recall", nil).Wants(http.StatusSeeOther)
		stop(h.One(`SELECT min(id) FROM directory_structure WHERE kind = 'school' AND id <> $1`, p.at), "")
		send(p.teacher, talk, says("", "Encore.")).Wants(http.StatusSeeOther)
	})
}

// A report is answered once: a second answer, or an empty one, changes nothing, and who gave it reads the first,
// and what they wrote.
func TestAReportIsAnsweredOnce(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		talk := begin(p.mother, p.childDesk(), says("Fâchée", "Un mot dur.", key(p.cast.teacher, p.cast.pupil)))
		p.teacher.Post(talk+"/post/"+reportable(p.teacher.Get(talk).Body, talk)+"/report", url.Values{"reason": {"Blessant."}}).Wants(http.StatusSeeOther)
		_, rest, _ := strings.Cut(p.head.Get("/message/reports").Body, `href="/message/report/`)
		report, _, _ := strings.Cut(rest, `"`)
		p.head.Post("/message/report/"+report, url.Values{"outcome": {"J’ai appelé la famille."}}).Wants(http.StatusSeeOther)
		acts := len(h.Acts(p.cast.teacher))
		again := p.head.Post("/message/report/"+report, url.Values{"outcome": {"Payez ici."}})
		again.Wants(http.StatusUnprocessableEntity, "déjà reçu une réponse", "J’ai appelé la famille.", "Payez ici.")
		p.head.Post("/message/report/"+report, nil).Wants(http.StatusUnprocessableEntity, "déjà reçu une réponse", "J’ai appelé la famille.")
		if n := len(h.Acts(p.cast.teacher)); n != acts {
			t.Errorf("%d acts are in the journal, want %d", n, acts)
		}
		told := p.teacher.Get(talk)
		told.Wants(http.StatusOK, "J’ai appelé la famille.")
		told.Lacks(http.StatusOK, "Payez ici.")
	})
}

// Nobody judges what they wrote under a record that became part of theirs: they neither read its report nor
// report it, and it is not reported where they alone would judge. It is theirs to take back, and they are not its reader.
func TestNobodyJudgesThemselfOnceTheirRecordsAreOne(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		head, kept := h.Head(p.at), h.Teachers(p.at)[2]
		h.Name(p.cast.other, school.Head, p.at)
		talk := begin(p.head, p.classDesk(), says("Convocation", "Un mot dur.", key(p.cast.mother, p.cast.pupil)))
		form := talk + "/post/" + reportable(p.mother.Get(talk).Body, talk) + "/report"
		p.mother.Post(form, url.Values{"reason": {"Blessant."}}).Wants(http.StatusSeeOther)
		unread := begin(p.head, p.classDesk(), says("Bonjour", "Pas encore lu.", key(p.cast.father, p.cast.pupil)))
		h.Enter(p.cast.other, school.Head).Get("/message/reports").Wants(http.StatusOK, h.Who(p.cast.mother).Name())
		h.Write(func(tx *db.Tx) error { _, err := h.Feeder.Merge(tx, kept, head, head); return err })
		again := h.Enter(kept, school.Head)
		again.Get("/message/reports").Wants(http.StatusOK, "Aucun signalement")
		h.Enter(p.cast.other, school.Head).Get("/message/reports").Wants(http.StatusOK, h.Who(p.cast.mother).Name())
		again.Get(form).Wants(http.StatusNotFound)
		again.Get(unread).Wants(http.StatusOK, unread+"/recall")
		if n := h.One(`SELECT count(*) FROM message_post WHERE read_at IS NOT NULL`); n != 1 {
			t.Errorf("%d posts were read by others than who wrote them, want that of the mother alone", n)
		}
		h.Write(func(tx *db.Tx) error {
			if _, err := tx.Exec(`DELETE FROM message_report`); err != nil {
				return err
			}
			_, err := tx.Exec(`DELETE FROM directory_function WHERE person_id = $1 AND profile = $2`, p.cast.other, school.Head)
			return err
		})
		p.mother.Post(form, url.Values{"reason": {"Blessant."}}).Wants(http.StatusUnprocessableEntity, "qui ne peut pas juger elle-même")
	})
}

// reportable is the post of a page of a conversation that is reported there.
func reportable(page, talk string) string {
	_, rest, _ := strings.Cut(page, talk+"/post/")
	post, _, _ := strings.Cut(rest, "/")
	return post
}
