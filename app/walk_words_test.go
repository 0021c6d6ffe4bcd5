//go:build !race

package app

import (
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"preau/account"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/test/browser"
	photos "preau/test/house"
)

// town is the whole product on the network, with the people of the demo and what they
// say to each other.
type town struct {
	*House
	url    string
	logins []login
}

func openTown(t *testing.T) *town {
	t.Helper()
	browser.Open(t)
	s := sweep(t, dbtest.SQLite(t))
	w := &town{House: s.h}
	var err error
	if w.logins, err = s.h.cast(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.h.converse(t.Context(), w.logins); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	w.url = "http://" + server.Listener.Addr().String()
	site, err := s.h.site(w.url)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = site
	server.Start()
	t.Cleanup(server.Close)
	return w
}

// page opens the home page of the first of the cast with a profile.
func (w *town) page(t *testing.T, profile school.Profile, view browser.View) *browser.Page {
	t.Helper()
	return w.pageOf(t, w.logins[slices.IndexFunc(w.logins, func(l login) bool { return l.Profile == profile })], view)
}

// pageOf opens the home page of somebody.
func (w *town) pageOf(t *testing.T, l login, view browser.View) *browser.Page {
	t.Helper()
	opened, err := w.Accounts.SignIn(t.Context(), l.Login, l.Password, account.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	p := browser.Open(t).Page(t, view)
	p.Cookie(w.url, "preau", opened.Token)
	p.Goto(w.url + "/")
	return p
}

// count counts rows.
func (w *town) count(t *testing.T, from string) (n int) {
	t.Helper()
	if err := w.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(tx, db.Column[int], "SELECT count(*) FROM "+from)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// publishTime is what a teacher spends on a word with a photo, in seconds, at most; and
// pickTaps what it takes to choose a photo in the telephone's own window, which no page
// sees: the photos, the picture, the button that takes it.
const publishTime, pickTaps = 45, 3

// TestATeacherPublishesFromATelephone counts the taps and the letters of a word with a photo,
// from the home page to the page that says who has read it.
func TestATeacherPublishesFromATelephone(t *testing.T) {
	w := openTown(t)
	p := w.page(t, school.Teacher, browser.View{Width: browser.Phone})
	words := w.count(t, "liaison_word")
	p.CountActs()
	p.Goto(w.url + "/")
	p.Shot("walk-teacher-home")
	p.Follow(`main a[href="/liaison/new"]`)
	if strings.HasSuffix(p.URL(), "/new") { // several classes: one is chosen
		p.Shot("walk-teacher-choose")
		p.Follow(`main a[href^="/liaison/new/class/"]`)
	}
	p.Shot("walk-teacher-write")
	p.Click(`[name="title"]`)
	p.Press("Sortie au musée")
	p.Click(`#word [contenteditable="true"]`)
	p.Press("Nous partons à 9 h.")
	p.Eval(fmt.Sprintf(`(() => {
		const files = new DataTransfer();
		files.items.add(new File([Uint8Array.from(atob(%q), (c) => c.charCodeAt(0))], "IMG_1.jpg", {type: "image/jpeg"}));
		document.querySelector("#word [type=file]").files = files.files;
	})()`, base64.StdEncoding.EncodeToString(photos.Shot(t, 800, 600))))
	p.Submit("#word")
	p.Check()
	p.Shot("walk-teacher-published")
	acts := p.Acts()
	acts.Clicks += 1 + pickTaps // the field of photos, and the telephone's window
	t.Logf("a word with a photo: %d taps, %d letters, %d screens: %.1f s", acts.Total(), acts.Typed, acts.Screens, acts.Seconds())
	if acts.Seconds() >= publishTime {
		t.Errorf("a word with a photo takes %.1f s of acts (%+v), not less than %d", acts.Seconds(), acts, publishTime)
	}
	if acts.Typed != len([]rune("Sortie au musée"+"Nous partons à 9 h.")) {
		t.Errorf("%d letters were counted", acts.Typed)
	}
	if w.count(t, "liaison_word") != words+1 || w.count(t, "liaison_photo") != 1 {
		t.Error("the word is not there, or has no photo")
	}
}

// countsHold opens the home page of a parent for each of their children, and for all: there are as
// many lines as the filter says.
func countsHold(t *testing.T, w *town, p *browser.Page) {
	t.Helper()
	type filter struct {
		Href  string
		Count int
	}
	filters := browser.Value[[]filter](p, `[...document.querySelectorAll(".filters a")].map((a) => ({Href: a.getAttribute("href"), Count: Number(a.querySelector(".count")?.textContent ?? 0)}))`)
	if len(filters) != 4 {
		t.Fatalf("%d filters", len(filters))
	}
	for _, f := range filters {
		p.Goto(w.url + f.Href)
		if lines := browser.Value[int](p, `document.querySelectorAll("main .tasks a.task").length`); lines != f.Count || lines == 0 {
			t.Errorf("%s has %d lines, and says %d", f.Href, lines, f.Count)
		}
		if news := browser.Value[bool](p, `[...document.querySelectorAll("main .task-title")].some((title) => title.innerText === "Fête de l’école")`); !news {
			t.Errorf("%s has no news of the school", f.Href)
		}
	}
	p.Goto(w.url + "/")
}

// TestAParentOfThree reads a word, chooses an answer, signs, and tells an absence in two
// taps, each of them from the home page that has the three children on it.
func TestAParentOfThree(t *testing.T) {
	w := openTown(t)
	p := w.page(t, school.Guardian, browser.View{Width: browser.Phone})
	p.CountActs()
	p.Goto(w.url + "/")
	if filters := browser.Value[int](p, `document.querySelectorAll("main a[href^='/?child=']").length`); filters != 3 {
		t.Fatalf("the home page has %d children on it, not three", filters)
	}
	p.Check()
	p.Shot("walk-parent-home")
	countsHold(t, w, p)

	followLine(p, "Bienvenue dans le carnet")
	p.Check()
	if n := w.count(t, "audience_receipt WHERE read_at IS NOT NULL"); n == 0 {
		t.Error("a word that was opened is not read")
	}

	home := func() { p.Follow(`header a[href="/"]`) }
	home()
	followLine(p, "Rencontre avec les parents")
	p.Click(`main form [type="radio"]`)
	p.Shot("walk-parent-choose")
	p.Submit("main form")
	p.Check()
	if n := w.count(t, "liaison_answer WHERE answer = 'Mardi à 18 h'"); n != 1 {
		t.Errorf("%d families have chosen", n)
	}

	home()
	followLine(p, "Sortie au musée")
	p.Shot("walk-parent-sign")
	p.Submit("main form")
	p.Check()
	p.Shot("walk-parent-signed")
	if n := w.count(t, "liaison_answer WHERE answer = 'signed'"); n != 1 {
		t.Errorf("%d words are signed", n)
	}

	home()
	notes, before := w.count(t, "liaison_note"), p.Acts().Total()
	p.Follow(`main a[href="/liaison/tell"]`)
	p.Check()
	p.Shot("walk-parent-tell")
	p.Submit("main form")
	p.Check()
	p.Shot("walk-parent-told")
	if w.count(t, "liaison_note WHERE kind = 'absence'") != 1 || w.count(t, "liaison_note") != notes+1 {
		t.Error("the absence is not told")
	}
	if taps := p.Acts().Total() - before; taps != 2 {
		t.Errorf("an absence takes %d taps", taps)
	}
}

// followLine presses the first line of a feed that has some words.
func followLine(p *browser.Page, words string) {
	p.Eval(fmt.Sprintf(`[...document.querySelectorAll("main a.task")].find((a) => a.innerText.includes(%q)).id = "walk"`, words))
	p.Follow("#walk")
}

// TestAParentWithTheKeyboard signs a word without a mouse: past what every page begins with,
// to the word, to the button.
func TestAParentWithTheKeyboard(t *testing.T) {
	w := openTown(t)
	p := w.page(t, school.Guardian, browser.View{Width: browser.Desk})
	p.Walk()
	p.Goto(w.url + "/")
	p.Press(kb.Tab)
	if at := focused(p); !strings.Contains(at, "skip") {
		t.Fatalf("the first stop is %s", at)
	}
	p.Press(kb.Enter)
	reach(t, p, "Sortie au musée")
	p.Press(kb.Enter)
	p.Until(`location.pathname.startsWith("/liaison/word/") && document.readyState === "complete"`)
	p.Walk()
	p.Goto(p.URL())
	reach(t, p, "Signer")
	p.Press(kb.Enter)
	p.Until(`document.querySelector("main")?.innerText.includes("Signé par vous")`)
	if n := w.count(t, "liaison_answer WHERE answer = 'signed'"); n != 1 {
		t.Errorf("%d words are signed", n)
	}
}

// focused is what has the focus.
func focused(p *browser.Page) string {
	return browser.Value[string](p, `document.activeElement.className + " " + document.activeElement.innerText`)
}

// reach presses Tab until what has the focus says something.
func reach(t *testing.T, p *browser.Page, words string) {
	t.Helper()
	for range 60 {
		p.Press(kb.Tab)
		if strings.Contains(focused(p), words) {
			return
		}
	}
	t.Fatalf("the keyboard never comes to %q", words)
}
