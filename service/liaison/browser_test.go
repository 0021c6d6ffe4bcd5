package liaison_test

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/school"
	"preau/service/liaison"
	"preau/test/browser"
	"preau/test/house"
	"preau/test/printed"
)

func TestMain(m *testing.M) { browser.Main(m) }

// Every screen is right at the width of a telephone and of a desk, in light and in dark.
func TestScreens(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	teacher, mother, head := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian), h.Enter(h.Head(h.near[0]), school.Head)
	writing := "/liaison/new/class/" + f.class.String()
	word := publish(teacher, f.class, outing(f.class), house.Shot(t, 1200, 800), house.Shot(t, 800, 1200))
	choice := outing(f.class)
	choice.Set("title", "Réunion de rentrée")
	choice.Set("asks", "choice")
	choice.Set("choices", "mardi à 18 h\njeudi à 18 h\nnous ne pourrons pas venir")
	choice.Set("category", "meeting")
	meeting := publish(teacher, f.class, choice)
	read := url.Values{"to": {to(f.class)}, "title": {"Demain, apportez des bottes"}, "body": {"La cour est mouillée."}, "asks": {"read"}, "category": {"material"}}
	boots := publish(teacher, f.class, read)
	sign := outing(f.class)
	sign.Set("title", "Autorisation de sortie")
	sign.Set("asks", "sign")
	sign.Set("each", "person")
	signing := publish(teacher, f.class, sign)
	asked := publish(teacher, f.class, sign)
	yesNo := outing(f.class)
	yesNo.Set("each", "person")
	both := publish(teacher, f.class, yesNo)
	rain := publish(teacher, f.class, read)
	mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"no"}})
	h.Later(time.Minute)
	mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"yes"}})
	h.Enter(f.father, school.Guardian) // who may be reminded
	rooms := h.Classes(h.near[0])
	sent := send(head, "/liaison/new/school/"+h.near[0].String(), classes(outing(f.class), rooms[0].ID, rooms[1].ID))
	aide := h.Enter(h.aide(f.class), school.Staff)
	mother.Post(signing+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"signed"}})
	teacher.Post(boots+"/cancel", url.Values{"why": {"Il fera beau."}})
	form := today(f.pupil)
	form.Set("body", "Elle a de la fièvre.")
	note := tells(mother, teacher, form)
	teacher.Post(note+"/seen", url.Values{"reply": {"Bon rétablissement !"}})
	waiting := tells(mother, teacher, url.Values{"child": {f.pupil.String()}, "kind": {"appointment"}, "body": {"Pour parler de la lecture, un mardi soir."}})
	for name, screen := range map[string]struct {
		house.Visitor
		path string
	}{
		"home-parent":   {mother, "/"},
		"list-parent":   {mother, "/liaison/"},
		"answered":      {mother, word},
		"choose-answer": {mother, meeting},
		"yes-or-no":     {mother, both},
		"sign":          {mother, asked},
		"signed":        {mother, signing},
		"read":          {mother, rain},
		"cancelled":     {mother, boots},
		"list-teacher":  {teacher, "/liaison/"},
		"write":         {teacher, writing},
		"word-teacher":  {teacher, word},
		"follow":        {teacher, word + "/follow"},
		"amend":         {teacher, word + "/amend"},
		"cancel":        {teacher, word + "/cancel"},
		"choose-head":   {head, "/liaison/new"},
		"tell":          {mother, "/liaison/tell"},
		"note-parent":   {mother, note},
		"note-teacher":  {teacher, waiting},
		"notes":         {teacher, "/liaison/notes"},
		"home-teacher":  {teacher, "/"},
		"catalogue":     {head, "/services/" + h.near[0].String()},
		"tiles":         {mother, "/me/tiles"},
		"list-head":     {head, "/liaison/"},
		"write-several": {head, "/liaison/new/school/" + h.near[0].String() + "?class=" + rooms[0].ID.String() + "&class=" + rooms[1].ID.String()},
		"follow-each":   {head, sent.Header.Get("Location")},
		"follow-remind": {teacher, both + "/follow"},
		"list-aide":     {aide, "/liaison/"},
		"word-aide":     {aide, word},
	} {
		t.Run(name, func(t *testing.T) {
			v := screen.In(t)
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, Dark: name == "follow"}} {
				p := v.Page(view)
				p.Goto(h.URL + screen.path)
				p.Check()
				p.Shot("liaison-" + name)
			}
		})
	}
}

// A word is read aloud by a voice of the device, or by none.
func TestAWordIsReadAloud(t *testing.T) {
	h := onSQLite(t)
	f := h.two()
	word := publish(h.Enter(f.teacher, school.Teacher), f.class, outing(f.class))
	p := h.Enter(f.mother, school.Guardian).Page(browser.View{Width: browser.Phone})
	p.Voice()
	p.Goto(h.URL + word)
	p.Click("[data-listen]")
	if got, want := p.Said(), []string{"Sortie au musée", "Nous partons à 9 h."}; !slices.Equal(got, want) {
		t.Errorf("it says %q, want %q", got, want)
	}
}

// The choices of a word are read aloud too, to whoever does not read them.
func TestChoicesAreReadAloud(t *testing.T) {
	h := onSQLite(t)
	f := h.two()
	form := outing(f.class)
	form.Set("asks", "choice")
	form.Set("choices", "mardi à 18 h\njeudi à 18 h")
	word := publish(h.Enter(f.teacher, school.Teacher), f.class, form)
	p := h.Enter(f.mother, school.Guardian).Page(browser.View{Width: browser.Phone})
	p.Voice()
	p.Goto(h.URL + word)
	p.Click("[data-listen]")
	if got, want := p.Said(), []string{"Sortie au musée", "Nous partons à 9 h.", "mardi à 18 h", "jeudi à 18 h"}; !slices.Equal(got, want) {
		t.Errorf("it says %q, want %q", got, want)
	}
}

// The screens of what comes back on paper are right too, with and without a picture.
func TestScreensOfPaper(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
	word := publish(teacher, f.class, outing(f.class))
	sheet := slipsOf(teacher, word, url.Values{"who": {"all"}})[0]
	at, height := liaison.TickPlaces("yes-no", nil, 4)
	printed.Tick(sheet, printed.Ball, at["yes"][0], at["yes"][1])
	printed.Cross(sheet, printed.Pencil, at["no"][0], at["no"][1]+height)
	printed.Tick(sheet, printed.Ball, at["yes"][0], at["yes"][1]+2*height)
	printed.Cross(sheet, printed.Ball, at["no"][0], at["no"][1]+2*height)
	picture := printed.Camera{Width: 1700, Height: 2270, Corners: [4][2]float64{{0.12, 0.10}, {0.92, 0.05}, {0.99, 0.93}, {0.02, 0.97}}, Noise: 3, Shadow: 0.4}.Shoot(t, sheet)
	teacher.Post(word+"/paper", url.Values{"slip": {h.token(word, f.pupil, 0)}, "answer-0": {"yes"}})
	for name, screen := range map[string]struct {
		house.Visitor
		path string
	}{
		"paper-follow": {teacher, word + "/follow"},
		"slips":        {teacher, word + "/slips"},
		"scan":         {teacher, word + "/scan"},
		"by-hand":      {teacher, word + "/paper"},
		"review":       {teacher, word + "/scan"},
		"paper-parent": {mother, word},
	} {
		t.Run(name, func(t *testing.T) {
			v := screen.In(t)
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, Dark: name == "review"}} {
				p := v.Page(view)
				p.Goto(h.URL + screen.path)
				switch name {
				case "review":
					p.Eval(`(() => {
						const files = new DataTransfer()
						files.items.add(new File([Uint8Array.from(atob("` + base64.StdEncoding.EncodeToString(picture) + `"), c => c.charCodeAt(0))], "IMG_1.jpg", {type: "image/jpeg"}))
						document.querySelector("#scan [type=file]").files = files.files
					})()`)
					p.Submit("#scan")
				case "paper-follow":
					p.Eval(`document.querySelectorAll(".person-more").forEach((more, i, all) => more.open = i == 0 || i == all.length - 1)`)
				}
				p.Check()
				p.Shot("liaison-" + name)
			}
		})
	}
}

// hears lends the page a microphone: this Chromium has none.
const hears = `navigator.mediaDevices.getUserMedia = async () => {
	const sound = new AudioContext(), source = sound.createOscillator(), stream = sound.createMediaStreamDestination()
	source.connect(stream)
	source.start()
	return stream.stream
}`

// A teacher says a word aloud and attaches a document; what was received waits while the form
// is corrected, and a parent listens to the one and takes the other.
func TestAWordIsSaidAloud(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
	for _, width := range []int{browser.Phone, browser.Desk} {
		p := teacher.Page(browser.View{Width: width})
		p.Prepare(hears)
		p.Goto(h.URL + "/liaison/new/class/" + f.class.String())
		p.Check()
		p.Shot("liaison-voice-blank")
		p.Click(".recorder button:nth-of-type(1)")
		p.Until(`!document.querySelector(".recorder [role=timer]").hidden && document.querySelector(".recorder [role=timer]").textContent >= "0:01"`)
		p.Shot("liaison-voice-going")
		p.Click(".recorder button:nth-of-type(2)")
		p.Until(`document.querySelector("#field-file").files.length === 1`)
		p.Check()
		p.Shot("liaison-voice-done")
		p.Eval(`(() => {
			const field = document.querySelector("#field-file"), files = new DataTransfer()
			files.items.add(field.files[0])
			files.items.add(new File(["%PDF-1.7\n%%EOF\n"], "Programme de la sortie.pdf"))
			files.items.add(new File(["<html>"], "faux.pdf"))
			field.files = files.files
			document.querySelector("#word").noValidate = true
		})()`)
		p.Fill("title", "Sortie")
		p.Submit("#word")
		p.Axe()
		p.Fits()
		p.Shot("liaison-kept")
		p.Submit("#word")
		word := strings.TrimSuffix(p.URL(), "/follow")
		p = mother.Page(browser.View{Width: width})
		p.Goto(word)
		p.Check()
		p.Eval(`document.querySelector(".attachment audio").load()`)
		p.Eval(`document.querySelector(".attachment audio").preload = "auto"`)
		p.Until(`document.querySelector(".attachment audio").readyState >= 2`)
		p.Check()
		p.Shot("liaison-files")
		p = teacher.Page(browser.View{Width: width})
		p.Goto(word + "/amend")
		p.Check()
		p.Shot("liaison-amend-files")
	}
}
