package portal_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/core/db/dbtest"
	"preau/test/browser"
	"preau/test/house"
)

// tablet is as wide as one that is held upright.
const tablet = 768

// small lists what one touches on the page that is under 88 px, or that no
// voice says.
const small = `[...document.querySelectorAll("main .peer, main .pad-piece, .handle")].filter((e) => !e.hidden).filter((e) => {
	const box = e.getBoundingClientRect();
	return box.width < 88 || box.height < 88 || e.offsetParent !== null && !e.dataset.say && !e.matches("[data-speak]");
}).map((e) => e.className + " " + e.getBoundingClientRect().width + "x" + e.getBoundingClientRect().height)`

// TestTheClassTablet follows two children on a tablet of their class: an animal
// and three pictures, five touches at most, then the door, and the next one is
// at the class.
func TestTheClassTablet(t *testing.T) {
	browser.Open(t)
	c := openClass(t, dbtest.SQLite(t, house.Schemas()...))
	enrolled := c.tablet()
	for _, view := range []browser.View{
		{Width: tablet}, {Width: browser.Phone}, {Width: browser.Phone, Dark: true}, {Width: tablet, NoScript: true},
	} {
		p := house.Visitor{House: c.House}.Page(view)
		p.Cookie(c.URL, "preau-class", enrolled.Token)
		look := func(name string) {
			t.Helper()
			if view.NoScript {
				return
			}
			p.Axe()
			p.Fits()
			if tiny := browser.Value[[]string](p, small); len(tiny) > 0 {
				t.Errorf("%s at %d px: too small, or silent: %v", name, view.Width, tiny)
			}
			p.Shot("class-" + name)
		}
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
		for _, child := range c.pupils[:2] {
			touches = 0
			p.Goto(c.URL + "/class")
			look("door")
			touch(`a[href="/class/`+child.ID.String()+`"]`, true)
			look("pad")
			for i, picture := range right {
				touch(`.pad-piece[value="`+string(picture)+`"]`, view.NoScript || i == len(right)-1)
			}
			if at := p.URL(); at != c.URL+"/" || touches > 5 {
				t.Errorf("at %d px: %d touches lead to %s", view.Width, touches, at)
			}
			if !strings.Contains(p.Text("body"), child.First) {
				t.Errorf("it is not the home of %s", child.First)
			}
			look("home")
			touch(`form[action="/logout"] button`, true)
			if at := p.URL(); at != c.URL+"/class" || touches > 5 {
				t.Errorf("leaving leads to %s, after %d touches", at, touches)
			}
		}
		touch(`a[href="/class/`+c.pupils[2].ID.String()+`"]`, true)
		for i, picture := range wrong {
			touch(`.pad-piece[value="`+string(picture)+`"]`, view.NoScript || i == len(wrong)-1)
		}
		if text := p.Text("main"); !strings.Contains(text, "Essaie encore") {
			t.Errorf("a mistake is told as %q", text)
		}
		look("wrong")
	}
}

// A poster that is scanned opens the class, and leaves no code in the address
// nor first name on the page; a closed class sleeps.
func TestTheClassPoster(t *testing.T) {
	browser.Open(t)
	c := openClass(t, dbtest.SQLite(t, house.Schemas()...))
	poster := c.poster()
	p := house.Visitor{House: c.House}.Page(browser.View{Width: browser.Phone})
	p.Goto(c.URL + "/class")
	p.Check()
	p.Shot("class-scan")
	p.Goto(c.URL + "/login")
	p.Goto(c.URL + poster.Link())
	p.Eval(`new Promise((done) => { const wait = () => document.querySelector(".peer") ? done() : setTimeout(wait, 20); wait(); })`)
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
