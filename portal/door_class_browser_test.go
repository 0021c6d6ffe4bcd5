package portal_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/school"
	"preau/test/browser"
	"preau/test/house"
)

// tablet is as wide as one that is held upright.
const tablet = 768

// small lists what one touches on the page that is under 88 px, or that no
// voice says.
const small = `[...document.querySelectorAll("main .peer, main .pad-piece, .handle, .leave button")].filter((e) => !e.hidden).filter((e) => {
	const box = e.getBoundingClientRect();
	return box.width < 88 || box.height < 88 || e.offsetParent !== null && !e.dataset.say && !e.matches("[data-speak], .leave button");
}).map((e) => e.className + " " + e.getBoundingClientRect().width + "x" + e.getBoundingClientRect().height)`

// TestTheClassTablet follows two children on a tablet of their class: an animal
// and three pictures, five touches at most, then the door, and the next one is
// at the class.
func TestTheClassTablet(t *testing.T) {
	browser.Open(t)
	for name, c := range map[string]*classroom{
		"small": openClass(fed.SQLite(t), school.PS),
		"early": openClass(fed.SQLite(t), school.CP),
	} {
		enrolled := c.tablet()
		for _, view := range []browser.View{{Width: tablet}, {Width: browser.Phone, Dark: name == "early"}, {Width: browser.Phone, NoScript: true}} {
			p := house.Visitor{House: c.House}.Page(view)
			p.Cookie(c.URL, "preau-class", enrolled.Token)
			touches := 0
			touch := func(what string, leads bool) {
				t.Helper()
				touches++
				if leads {
					p.Follow(what)
				} else {
					p.Click(what)
				}
			}
			enter := func(child school.ID, pictures account.Pictures) {
				t.Helper()
				touch(`a[href="/class/`+child.String()+`"]`, true)
				for i, picture := range pictures {
					touch(`.pad-piece[value="`+string(picture)+`"]`, view.NoScript || i == len(pictures)-1)
				}
			}
			look := func(screen string) {
				t.Helper()
				if view.NoScript {
					return
				}
				p.Axe()
				p.Fits()
				if tiny := browser.Value[[]string](p, small); len(tiny) > 0 {
					t.Errorf("%s at %d px: too small, or silent: %v", screen, view.Width, tiny)
				}
				p.Shot("class-" + name + "-" + screen)
			}
			p.Goto(c.URL + "/class")
			look("door")
			for _, child := range c.pupils[:2] { // the second finds the class as the first left it
				touches = 0
				enter(child.ID, right)
				if at := p.URL(); at != c.URL+"/" || !strings.Contains(p.Text("body"), child.First) {
					t.Errorf("at %d px: %s is led to %s", view.Width, child.First, at)
				}
				touch(`form[action="/logout"] button`, true)
				if at := p.URL(); at != c.URL+"/class" || touches > 5 {
					t.Errorf("at %d px: leaving leads to %s, after %d touches", view.Width, at, touches)
				}
			}
			enter(c.pupils[2].ID, wrong)
			if text := p.Text("main"); !strings.Contains(text, "Essaie encore") {
				t.Errorf("a mistake is told as %q", text)
			}
			look("wrong")
			p.Goto(c.URL + "/class")
			enter(c.pupils[3].ID, right)
			look("home")
		}
	}
}

// slotted measures a pad: on how many lines its slots are, the smallest side of
// what is touched, where the last slot ends, and how many are filled.
const slotted = `[
	new Set([...document.querySelectorAll(".pad-slot")].map((e) => Math.round(e.getBoundingClientRect().top))).size,
	Math.min(...[...document.querySelectorAll(".pad-piece, .handle")].filter((e) => !e.hidden).flatMap((e) => { const box = e.getBoundingClientRect(); return [box.width, box.height]; })),
	Math.max(...[...document.querySelectorAll(".pad-slot")].map((e) => e.getBoundingClientRect().right)),
	document.querySelectorAll(".pad-filled .picture").length,
]`

// The three pictures that a child touches stay on one line, on a narrow telephone
// with a larger text too.
func TestThePicturesTouchedStayOnOneLine(t *testing.T) {
	browser.Open(t)
	c := openClass(fed.SQLite(t), school.PS)
	poster := c.poster()
	for _, width := range []int{browser.Phone, 320} {
		p := house.Visitor{House: c.House}.Page(browser.View{Width: width})
		p.Goto(c.URL + poster.Link())
		p.Text(".crowd") // waits for it
		p.Follow(`a[href="/class/` + c.pupils[0].ID.String() + `"]`)
		for _, picture := range right[:2] {
			p.Click(`.pad-piece[value="` + string(picture) + `"]`)
		}
		p.Shot("class-touched")
		p.Eval(`document.querySelector(".pad-slot:not(.pad-filled)").replaceChildren(document.querySelector(".pad-piece img").cloneNode())`)
		p.Eval(`document.querySelector(".pad-slot:not(.pad-filled)").classList.add("pad-filled")`)
		for _, size := range []string{"100%", "150%", "200%"} {
			p.Eval(`document.documentElement.style.fontSize = "` + size + `"`)
			got := browser.Value[[]float64](p, slotted)
			if got[0] != 1 || got[1] < 44 || got[2] > float64(width) || got[3] != account.PicturesEach {
				t.Errorf("at %d px, text at %s: %v lines, touched %v px, to %v px, %v pictures", width, size, got[0], got[1], got[2], got[3])
			}
		}
	}
}

// On a tablet that lies and on a telephone, the twelve pictures are in sight before and
// after a wrong try: a child who does not read does not scroll.
func TestTheTwelvePicturesAreInSight(t *testing.T) {
	browser.Open(t)
	c := openClass(fed.SQLite(t), school.PS)
	const hidden = `[...document.querySelectorAll(".pad-piece")].filter(piece =>
		piece.getBoundingClientRect().bottom > Math.min(innerHeight, document.querySelector(".handrail")?.getBoundingClientRect().top ?? innerHeight)).length`
	for _, view := range []browser.View{{Width: 1024, Height: 768}, {Width: browser.Phone, Height: 844}, {Width: 360, Height: 740}} {
		p := house.Visitor{House: c.House}.Page(view)
		p.Cookie(c.URL, "preau-class", c.tablet().Token)
		p.Goto(c.URL + "/class/" + c.pupils[0].ID.String())
		for _, when := range []string{"first", "wrong"} {
			if n := browser.Value[int](p, hidden); n != 0 {
				t.Errorf("at %d x %d, %s: %d pictures are out of sight", view.Width, view.Height, when, n)
			}
			p.Shot("class-pad-" + when)
			for i := range 3 {
				piece := `.pad-piece[value="` + string(wrong[i]) + `"]`
				if i < 2 {
					p.Click(piece)
				} else {
					p.Follow(piece)
				}
			}
		}
	}
}

// A poster that is scanned opens the class, and leaves no code in the address
// nor first name on the page; a closed class sleeps.
func TestTheClassPoster(t *testing.T) {
	browser.Open(t)
	c := openClass(fed.SQLite(t), school.PS)
	poster := c.poster()
	p := house.Visitor{House: c.House}.Page(browser.View{Width: browser.Phone})
	p.Goto(c.URL + "/class")
	p.Check()
	p.Shot("class-scan")
	p.Goto(c.URL + "/login")
	p.Goto(c.URL + poster.Link())
	p.Text(".crowd") // waits for it
	if at := p.URL(); at != c.URL+"/class" {
		t.Errorf("the address is %s", at)
	}
	if strings.Contains(p.Text("main"), c.pupils[0].First) {
		t.Error("a first name is behind the poster")
	}
	p.Axe()
	p.Fits()
	p.Shot("class-poster")
	c.Later(8 * time.Hour) // eight in the evening
	p.Goto(c.URL + "/class")
	p.Axe()
	p.Fits()
	p.Shot("class-closed")
	if got := c.get("/class").StatusCode; got != http.StatusForbidden {
		t.Errorf("in the evening: %d", got)
	}
}

// A badge that is scanned opens the session of its child on a tablet of the class,
// where its page is open already, and asks for the pictures elsewhere. A parent
// says whether it may be used from home.
func TestTheBadgeOfAChild(t *testing.T) {
	browser.Open(t)
	c := openClass(fed.SQLite(t), school.CP)
	first, second := c.pupils[0], c.pupils[1]
	badge, next := c.badge(c.class, first.ID), c.badge(c.class, second.ID)
	p := house.Visitor{House: c.House}.Page(browser.View{Width: tablet})
	p.Cookie(c.URL, "preau-class", c.tablet().Token)
	p.Goto(c.URL + "/class")
	for child, one := range map[string]account.Printed{first.First: badge, second.First: next} {
		p.Goto(c.URL + "/class")
		p.Goto(c.URL + one.Link())
		p.Text(".leave") // waits for it
		if at := p.URL(); at != c.URL+"/" || !strings.Contains(p.Text("body"), child) {
			t.Errorf("%s is led to %s", child, at)
		}
	}
	p.Shot("badge-home")
	p.Goto(c.URL + "/class")
	p.Goto(c.URL + "/class#2222-3333-4444")
	p.Text(".sign")
	p.Axe()
	p.Fits()
	p.Shot("badge-refused")

	p = house.Visitor{House: c.House}.Page(browser.View{Width: browser.Phone})
	p.Goto(c.URL + badge.Link())
	p.Text(".pad")
	if at := p.URL(); at != c.URL+"/class/"+first.ID.String() {
		t.Errorf("away from the tablets a badge leads to %s", at)
	}
	p.Axe()
	p.Fits()
	p.Shot("badge-pad")
	p.Goto(c.URL + "/class/code")
	p.Check()
	p.Shot("badge-code")

	parent := c.Enter(c.guardian(), school.Guardian)
	for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
		p := parent.Page(view)
		p.Goto(c.URL + "/")
		p.Follow(`a[href="/me/badges"]`)
		p.Check()
		p.Shot("badge-parent")
		p.Goto(c.URL + "/")
		p.Shot("badge-parent-home")
	}
}
