package liaison_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/service/liaison"
	"preau/test/browser"
	"preau/test/house"
)

// asking is a word that asks for an answer in one's own words.
func asking(class school.ID) url.Values {
	form := outing(class)
	form.Set("asks", "text")
	form.Set("title", "Comment vient-il ?")
	return form
}

// says answers a word for a child, in words, aloud, or both.
func says(v house.Visitor, word string, child school.ID, text string, voices ...string) house.Reply {
	v.T.Helper()
	files := make([]house.Upload, len(voices))
	for i, voice := range voices {
		files[i] = house.Upload{Field: "file", Name: "voix.wav", Content: house.Voice(voice)}
	}
	return v.SendFiles(word+"/say", url.Values{"child": {child.String()}, "answer": {text}}, files...)
}

// voiceAt is where what somebody said about a child is.
func voiceAt(word string, child, person school.ID) string {
	return word + "/voice/" + child.String() + "/" + person.String()
}

// An answer is said aloud, and counts as a written one: who follows the word listens to it, and
// who said it; nobody else, the other parent least of all.
func TestAnAnswerIsSaidAloud(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, head := h.Enter(f.teacher, school.Teacher), h.Enter(h.Head(h.near[0]), school.Head)
		mother, father := h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		word := publish(teacher, f.class, asking(f.class))
		at := voiceAt(word, f.pupil, f.mother)
		mother.Get(at).Wants(http.StatusNotFound)
		says(mother, word, f.pupil, "", "à pied").Wants(http.StatusSeeOther)
		mother.Get(word).Wants(http.StatusOK, "Vous avez répondu à voix haute", at, "<audio", "C’est répondu")
		mother.Get("/").Lacks(http.StatusOK, "On attend votre réponse")
		other := father.Get(word)
		other.Wants(http.StatusOK, "l’autre parent a répondu")
		other.Lacks(http.StatusOK, "/voice/", "Réponse enregistrée")
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Répondu pour 1 enfant sur", "Réponse enregistrée", at)
		teacher.Get(word+"/follow.csv").Wants(http.StatusOK, "Réponse enregistrée")
		for name, v := range map[string]house.Visitor{"their own": mother, "the teacher": teacher, "the head": head} {
			if got := v.Get(at); got.StatusCode != http.StatusOK || got.Body != string(house.Voice("à pied")) || got.Header.Get("Content-Type") != "audio/wav" {
				t.Errorf("%s: %d, %s, %.40q", name, got.StatusCode, got.Header.Get("Content-Type"), got.Body)
			}
		}
		colleague := h.Enter(h.Teachers(h.near[0])[1], school.Teacher)
		for name, v := range map[string]house.Visitor{
			"the other parent": father, "a parent of another school": h.Enter(h.outsider(), school.Guardian), "another teacher": colleague,
		} {
			if got := v.Get(at); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", name, got.StatusCode)
			}
		}
		for _, none := range []string{voiceAt(word, f.pupil, f.father), voiceAt(word, f.mother, f.pupil), word + "/voice/x/y"} {
			teacher.Get(none).Wants(http.StatusNotFound)
		}

		says(mother, word, f.pupil, "Il viendra à pied.", "à pied, avec moi").Wants(http.StatusSeeOther)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Il viendra à pied. · Réponse enregistrée")
		mother.Get(word).Wants(http.StatusOK, "Il viendra à pied.", at, "prend la place de votre réponse")
		if got := teacher.Get(at); got.Body != string(house.Voice("à pied, avec moi")) {
			t.Errorf("the one before is heard: %.40q", got.Body)
		}
		if kept := h.kept(); kept != 2 { // what she said first stays, with what she said then
			t.Errorf("%d recordings are referred to", kept)
		}
		h.Later(time.Minute)
		says(mother, word, f.pupil, "Il viendra en car.").Wants(http.StatusSeeOther)
		teacher.Get(at).Wants(http.StatusNotFound)
		follow := teacher.Get(word + "/follow")
		follow.Wants(http.StatusOK, "Il viendra en car.", "(avant : Il viendra à pied. · Réponse enregistrée)", "(avant : Réponse enregistrée)")
		formers := regexp.MustCompile(regexp.QuoteMeta(at)+`\?until=[0-9]+`).FindAllString(follow.Body, -1)
		slices.Sort(formers)
		if formers = slices.Compact(formers); len(formers) != 2 {
			t.Fatalf("%d former recordings are listened to: %v", len(formers), formers)
		}
		for _, v := range []house.Visitor{mother, teacher, head} {
			if got := v.Get(formers[0]); got.Body != string(house.Voice("à pied")) {
				t.Errorf("what she said first is not heard: %d %.40q", got.StatusCode, got.Body)
			}
		}
		for _, v := range []house.Visitor{father, colleague} {
			v.Get(formers[0]).Wants(http.StatusNotFound)
		}
		mother.Get(at + "?until=1").Wants(http.StatusNotFound)

		says(mother, word, f.pupil, "", "en car").Wants(http.StatusSeeOther)
		h.Later(time.Minute)
		mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"Il vient à vélo."}}).Wants(http.StatusSeeOther)
		mother.Get(at).Wants(http.StatusNotFound)
		mother.Get(word).Wants(http.StatusOK, "Il vient à vélo.")
		if kept := h.kept(); kept != 3 {
			t.Errorf("%d recordings are referred to, want those of three answers", kept)
		}
	})
}

// What came back on paper since is what counts, and what was said before it is heard no more.
func TestPaperComesAfterAVoice(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		form := asking(f.class)
		form.Set("each", "person")
		word := publish(teacher, f.class, form)
		says(mother, word, f.pupil, "", "à pied").Wants(http.StatusSeeOther)
		h.Later(time.Minute)
		teacher.Post(word+"/paper", url.Values{"slip": {h.token(word, f.pupil, f.mother)}, "answer-0": {"En car."}}).Wants(http.StatusSeeOther)
		follow := teacher.Get(word + "/follow")
		follow.Wants(http.StatusOK, "En car.")
		follow.Lacks(http.StatusOK, "Réponse enregistrée")
	})
}

// Nothing is no answer, nor is what is no voice; what was received waits in the form that comes
// back, and one recording takes the place of another.
func TestWhatIsNoVoiceIsRefused(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		word := publish(teacher, f.class, asking(f.class))
		at := voiceAt(word, f.pupil, f.mother)
		says(mother, word, f.pupil, " ").Wants(http.StatusUnprocessableEntity, "Écrivez votre réponse, ou dites-la à voix haute.")
		form := url.Values{"child": {f.pupil.String()}, "answer": {"Il viendra à pied."}}
		refused := mother.SendFiles(word+"/say", form, house.Upload{Field: "file", Name: "voix.wav", Content: house.PDF("mot")})
		refused.Wants(http.StatusUnprocessableEntity, "Ce n’est pas un enregistrement", "Il viendra à pied.")
		if len(ticked(refused, "file-kept")) != 0 {
			t.Error("what is refused waits")
		}
		long := says(mother, word, f.pupil, strings.Repeat("long ", 101), "à pied")
		long.Wants(http.StatusUnprocessableEntity, "voix.wav")
		kept := ticked(long, "file-kept")
		if len(kept) != 1 || h.One(`SELECT count(*) FROM liaison_answer`) != 0 {
			t.Fatalf("%d recordings wait, and an answer is taken", len(kept))
		}
		form["file-kept"] = kept
		refused = mother.SendFiles(word+"/say", form, house.Upload{Field: "file", Name: "voix.wav", Content: house.PDF("mot")})
		if refused.Wants(http.StatusUnprocessableEntity, "Ce n’est pas un enregistrement"); len(ticked(refused, "file-kept")) != 1 {
			t.Error("what is refused takes away what waited")
		}
		h.Enter(f.father, school.Guardian).SendFiles(word+"/say", form).Wants(http.StatusUnprocessableEntity, "n’a pas pu attendre si longtemps")
		mother.SendFiles(word+"/say", form).Wants(http.StatusSeeOther)
		if got := teacher.Get(at); got.Body != string(house.Voice("à pied")) {
			t.Errorf("what waited is not heard: %.40q", got.Body)
		}
		mother.SendFiles(word+"/say", form, house.Upload{Field: "file", Name: "voix.wav", Content: house.Voice("en car")}).Wants(http.StatusSeeOther)
		if got := teacher.Get(at); got.Body != string(house.Voice("en car")) {
			t.Errorf("the new one does not take the place of the one that waited: %.40q", got.Body)
		}

		two := says(mother, word, f.pupil, "", "à vélo", "en train")
		if two.Wants(http.StatusUnprocessableEntity, "1 fichiers au plus"); len(ticked(two, "file-kept")) != 1 {
			t.Error("two recordings were looked at")
		}

		yesNo := publish(teacher, f.class, outing(f.class))
		says(mother, yesNo, f.pupil, "yes", "oui").Wants(http.StatusNotFound)
		says(h.Enter(h.outsider(), school.Guardian), word, f.pupil, "", "oui").Wants(http.StatusNotFound)
		says(mother, word, f.mother, "", "oui").Wants(http.StatusNotFound)
		h.Later(30 * 24 * time.Hour)
		says(h.Enter(f.mother, school.Guardian), word, f.pupil, "", "tard").Wants(http.StatusUnprocessableEntity, "La date limite est passée")
	})
}

// What waited for a word is no voice, whatever it is: its ticket is good for its own bag.
func TestATicketIsOfItsBag(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		h.Name(f.mother, school.Teacher, h.near[0])
		h.Attach(f.class, f.mother)
		teacher := h.Enter(f.mother, school.Teacher)
		word := publish(teacher, f.class, asking(f.class))
		form := outing(f.class)
		form.Del("title")
		kept := ticked(teacher.SendFiles("/liaison/new/class/"+f.class.String(), form, house.Upload{Field: "file", Name: "un.pdf", Content: house.PDF("un")}), "file-kept")
		if len(kept) != 1 {
			t.Fatalf("%d files are kept", len(kept))
		}
		parent := h.Enter(f.mother, school.Guardian)
		answer := url.Values{"child": {f.pupil.String()}, "file-kept": kept}
		parent.SendFiles(word+"/say", answer).Wants(http.StatusUnprocessableEntity, "n’a pas pu attendre si longtemps")
		tell := url.Values{"child": {f.pupil.String()}, "kind": {"appointment"}, "file-kept": kept}
		parent.SendFiles("/liaison/tell/say", tell).Wants(http.StatusUnprocessableEntity, "n’a pas pu attendre si longtemps")
	})
}

// Whom a judge keeps from a child is heard no more about them, and hears no more themself; who
// is erased is erased with what they said.
func TestAVoiceGoesWithWhoSaidIt(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother, father := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		form := asking(f.class)
		form.Set("each", "person")
		word := publish(teacher, f.class, form)
		says(mother, word, f.pupil, "", "à pied").Wants(http.StatusSeeOther)
		says(father, word, f.pupil, "", "en car").Wants(http.StatusSeeOther)
		h.restrict(f, directory.Restriction{NoAccess: true})
		if got := mother.Get(voiceAt(word, f.pupil, f.mother)); got.StatusCode == http.StatusOK { // who has no other child is signed out
			t.Error("a parent without access hears what they said")
		}
		teacher.Get(voiceAt(word, f.pupil, f.mother)).Wants(http.StatusNotFound)
		teacher.Get(voiceAt(word, f.pupil, f.father)).Wants(http.StatusOK)
		h.Write(func(tx *db.Tx) error { return liaison.Holdings.Erase(tx, f.father) })
		if kept := h.kept(); kept != 1 {
			t.Errorf("%d recordings are referred to, want that of the other", kept)
		}
		h.Later(3 * 365 * 24 * time.Hour)
		h.Write(func(tx *db.Tx) error { _, err := liaison.Holdings.Purge(tx); return err })
		if kept := h.kept(); kept != 0 {
			t.Errorf("%d recordings are referred to by what is gone", kept)
		}
	})
}

// What was written in a form that may carry a voice is not lost when the session is over: it is
// given back, and taken.
func TestWhatIsWrittenBesideAVoiceIsNotLost(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		word := publish(h.Enter(f.teacher, school.Teacher), f.class, asking(f.class))
		gone := says(house.Visitor{House: h.House}, word, f.pupil, "Il viendra à pied.")
		gone.Wants(http.StatusForbidden, "n’est pas perdu", "Il viendra à pied.", word+"/say")
		mother := h.Enter(f.mother, school.Guardian)
		mother.Post(word+"/say", url.Values{"child": {f.pupil.String()}, "answer": {"Il viendra à pied."}}).Wants(http.StatusSeeOther)
		mother.Get(word).Wants(http.StatusOK, "Il viendra à pied.", "C’est répondu")
	})
}

// What a family tells the school is said aloud too: who teaches the class listens to it, and the
// parent who told it, not the other one.
func TestANoteIsSaidAloud(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, colleague := h.Enter(f.teacher, school.Teacher), h.Enter(h.Teachers(h.near[0])[1], school.Teacher)
		mother, father := h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		voice := func(says string) house.Upload {
			return house.Upload{Field: "file", Name: "voix.wav", Content: house.Voice(says)}
		}
		form := url.Values{"child": {f.pupil.String()}, "kind": {"appointment"}}
		mother.SendFiles("/liaison/tell/say", form).Wants(http.StatusUnprocessableEntity, "ou dites-le à voix haute")
		mother.SendFiles("/liaison/tell/say", form, house.Upload{Field: "file", Name: "x.pdf", Content: house.PDF("x")}).Wants(http.StatusUnprocessableEntity, "Ce n’est pas un enregistrement")
		h.Enter(h.outsider(), school.Guardian).SendFiles("/liaison/tell/say", form, voice("non")).Wants(http.StatusNotFound)
		teacher.SendFiles("/liaison/tell/say", form, voice("non")).Wants(http.StatusNotFound)
		note := mother.SendFiles("/liaison/tell/say", form, voice("la lecture")).Header.Get("Location")
		teacher.Get(note).Wants(http.StatusOK, "Dit à voix haute", note+"/voice", "<audio")
		for name, c := range map[string]struct {
			house.Visitor
			status int
		}{
			"who told it": {mother, http.StatusOK}, "the teacher": {teacher, http.StatusOK},
			"the other parent": {father, http.StatusNotFound}, "a teacher of another class": {colleague, http.StatusNotFound},
		} {
			if got := c.Get(note + "/voice"); got.StatusCode != c.status || c.status == http.StatusOK && got.Body != string(house.Voice("la lecture")) {
				t.Errorf("%s: %d, %.40q", name, got.StatusCode, got.Body)
			}
		}
		form = today(f.pupil)
		absence := mother.SendFiles("/liaison/tell/say", form, voice("de la fièvre")).Header.Get("Location")
		father.Get(absence).Lacks(http.StatusOK, "/voice", "Dit à voix haute")
		father.Get(absence + "/voice").Wants(http.StatusNotFound)
		mother.Get(absence).Wants(http.StatusOK, "prend aussi la place de votre enregistrement")
		again := mother.SendFiles("/liaison/tell/say", form, voice("plus de fièvre")).Header.Get("Location")
		if again == absence {
			t.Error("what is said aloud more is taken for what was told")
		}
		mother.Post("/liaison/tell", form).Wants(http.StatusSeeOther)
		teacher.Get(again + "/voice").Wants(http.StatusOK)
		form["kind"] = []string{"appointment"}
		mother.Post("/liaison/tell", form).Wants(http.StatusUnprocessableEntity)
		h.Later(3 * 365 * 24 * time.Hour)
		h.Write(func(tx *db.Tx) error { _, err := liaison.Holdings.Purge(tx); return err })
		if kept := h.kept(); kept != 0 {
			t.Errorf("%d recordings are referred to by what is gone", kept)
		}
	})
}

// A parent who writes badly records their answer, hears it again and sends it; the teacher
// listens to it.
func TestAnAnswerIsRecorded(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
	for _, width := range []int{browser.Phone, browser.Desk} {
		word := publish(teacher, f.class, asking(f.class))
		p := mother.Page(browser.View{Width: width})
		p.Prepare(hears)
		p.Goto(h.URL + word)
		p.Check()
		p.Shot("liaison-say-blank")
		if browser.Value[bool](p, `document.querySelector("form [type=file]").checkVisibility()`) {
			t.Error("the field of files is seen beside the recorder")
		}
		p.Click(".recorder button:nth-of-type(1)")
		p.Until(`!document.querySelector(".recorder [role=timer]").hidden && document.querySelector(".recorder [role=timer]").textContent >= "0:01"`)
		p.Shot("liaison-say-going")
		p.Click(".recorder button:nth-of-type(2)")
		p.Until(`document.querySelector("form [type=file]").files.length === 1`)
		p.Check()
		p.Shot("liaison-say-done")
		p.Eval(`document.querySelector("main form textarea").value = "Trop long. ".repeat(60)`)
		p.Submit("#answer-" + f.pupil.String())
		p.Axe()
		p.Fits()
		p.Shot("liaison-say-kept")
		p.Eval(`document.querySelector("main form textarea").value = ""`)
		p.Submit("#answer-" + f.pupil.String())
		p.Axe()
		p.Fits()
		p.Eval(`document.querySelector(".attachment audio").load()`)
		p.Eval(`document.querySelector(".attachment audio").preload = "auto"`)
		p.Until(`document.querySelector(".attachment audio").readyState >= 2`)
		p.Shot("liaison-said")
		p = teacher.Page(browser.View{Width: width})
		p.Goto(h.URL + word + "/follow")
		p.Eval(`[...document.querySelectorAll(".person")].find((one) => one.querySelector("audio")).querySelector("details").open = true`)
		p.Check()
		p.Shot("liaison-heard")
	}
}

// Who sends an answer while they say it has said it all.
func TestWhatIsSaidIsSent(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	word := publish(h.Enter(f.teacher, school.Teacher), f.class, asking(f.class))
	mother := h.Enter(f.mother, school.Guardian)
	p := mother.Page(browser.View{Width: browser.Phone})
	p.Prepare(hears)
	p.Goto(h.URL + word)
	p.Click(".recorder button:nth-of-type(1)")
	p.Until(`document.querySelector(".recorder [role=timer]").textContent >= "0:01"`)
	p.Click("#answer-" + f.pupil.String() + ` button:not([type="button"])`)
	shows(p, "main", "Vous avez répondu à voix haute")
	mother.Get(voiceAt(word, f.pupil, f.mother)).Wants(http.StatusOK)
}

// Who does not let the page listen finds the field where a recording is chosen.
func TestWhoDoesNotRecordChoosesARecording(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	word := publish(h.Enter(f.teacher, school.Teacher), f.class, asking(f.class))
	p := h.Enter(f.mother, school.Guardian).Page(browser.View{Width: browser.Phone})
	p.Prepare(`navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error("no"))`)
	p.Goto(h.URL + word)
	p.Click(".recorder button:nth-of-type(1)")
	p.Until(`document.querySelector("form [type=file]").checkVisibility()`)
	p.Check()
	p.Shot("liaison-say-refused")
	p.Prepare(`delete window.MediaRecorder`)
	p.Goto(h.URL + word)
	if !browser.Value[bool](p, `document.querySelector("form [type=file]").checkVisibility() && !document.querySelector(".recorder").checkVisibility()`) {
		t.Error("who cannot record has no field")
	}
	p.Check()
	p.Shot("liaison-say-without")
}

// A parent asks for an appointment aloud, in the form of one child among others.
func TestANoteIsRecorded(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
	form := "#appointment-" + f.pupil.String()
	for _, width := range []int{browser.Phone, browser.Desk} {
		p := mother.Page(browser.View{Width: width})
		p.Prepare(hears)
		p.Goto(h.URL + "/liaison/tell")
		p.Eval(`document.querySelector("` + form + `").closest("details").open = true`)
		p.Check()
		p.Shot("liaison-tell-say")
		p.Click(form + " .recorder button:nth-of-type(1)")
		p.Until(`document.querySelector("` + form + ` .recorder [role=timer]").textContent >= "0:01"`)
		p.Click(form + " .recorder button:nth-of-type(2)")
		p.Until(`document.querySelector("` + form + ` [type=file]").files.length === 1`)
		p.Check()
		p.Shot("liaison-tell-said")
		p.Submit(form)
		p.Check()
		p.Shot("liaison-note-said")
		note := p.URL()
		p = teacher.Page(browser.View{Width: width})
		p.Goto(note)
		p.Check()
		p.Shot("liaison-note-heard")
	}
}
