package message_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/test/browser"
	"preau/test/house"
)

// A message is said aloud, by whoever writes badly: a voice alone says something, nothing says
// nothing. A pupil writes words alone.
func TestAMessageIsSaidAloud(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		voice := house.Upload{Field: "file", Name: "voix.wav", Content: house.Voice("bonjour")}
		form := says("Le cahier", "", key(p.cast.teacher, p.cast.pupil))
		p.mother.SendFiles(p.childDesk(), form).Wants(http.StatusUnprocessableEntity, "Le message est vide")
		talk := p.mother.SendFiles(p.childDesk(), form, voice).Header.Get("Location")
		shown := p.teacher.Get(talk)
		shown.Wants(http.StatusOK, "voix.wav", "<audio")
		_, rest, _ := strings.Cut(shown.Body, `href="`+talk+"/post/")
		post, _, _ := strings.Cut(rest, "/file/")
		if got := p.teacher.Get(talk + "/post/" + post + "/file/1"); got.Body != string(house.Voice("bonjour")) {
			t.Errorf("the teacher hears %d, %.40q", got.StatusCode, got.Body)
		}
		h.Later(time.Minute)
		p.teacher.SendFiles(talk, says("", "")).Wants(http.StatusUnprocessableEntity, "Le message est vide")
		p.teacher.SendFiles(talk, says("", ""), voice).Wants(http.StatusSeeOther)
		p.mother.Get(talk+"/print").Wants(http.StatusOK, "voix.wav")
		p.mother.Get("/message/").Wants(http.StatusOK, "Le cahier")
	})
}

// hears lends the page a microphone: this Chromium has none.
const hears = `navigator.mediaDevices.getUserMedia = async () => {
	const sound = new AudioContext(), source = sound.createOscillator(), stream = sound.createMediaStreamDestination()
	source.connect(stream)
	source.start()
	return stream.stream
}`

// Whoever writes a message, or answers one, may record it.
func TestAMessageIsRecorded(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	p := h.people()
	records := func(page *browser.Page) {
		page.Check()
		page.Click(".recorder button:nth-of-type(1)")
		page.Until(`!document.querySelector(".recorder [role=timer]").hidden && document.querySelector(".recorder [role=timer]").textContent >= "0:01"`)
		page.Click(".recorder button:nth-of-type(2)")
		page.Until(`document.querySelector("#field-file").files.length === 1`)
		page.Check()
	}
	for _, width := range []int{browser.Phone, browser.Desk} {
		page := p.mother.Page(browser.View{Width: width})
		page.Prepare(hears)
		page.Goto(h.URL + p.childDesk())
		page.Eval(`document.querySelector('[name=person][value="` + key(p.cast.teacher, p.cast.pupil) + `"]').checked = true`)
		page.Fill("subject", "Le cahier")
		records(page)
		page.Shot("message-voice")
		page.Submit("#message")
		page.Check()
		page.Shot("message-said")
		talk := page.URL()
		page = p.teacher.Page(browser.View{Width: width})
		page.Prepare(hears)
		page.Goto(talk)
		records(page)
		page.Shot("message-voice-answer")
		page.Submit("#answer")
		page.Check()
	}
}
