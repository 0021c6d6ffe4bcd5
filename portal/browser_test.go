package portal_test

import (
	"strings"
	"testing"

	"preau/core/school"
	"preau/test/browser"
)

// pages are those that a few profiles have beside their home.
var pages = map[string]map[string]string{
	"small":  {"class": "/me/class", "school": "/me/school"},
	"pupil":  {"me": "/me"},
	"merged": {"me": "/me"},
}

func TestEveryHomeIsForEverybody(t *testing.T) {
	b, h := browser.Open(t), open(t)
	for _, who := range h.everyone() {
		t.Run(who.name, func(t *testing.T) {
			t.Parallel()
			for _, width := range []int{browser.Phone, browser.Desk} {
				p := b.Page(t, browser.View{Width: width})
				p.Login(h.URL, who.login, good)
				if at := p.URL(); at != h.URL+"/" {
					t.Fatalf("%s is led to %s", who.name, at)
				}
				p.Check()
				p.Shot("home-" + who.name)
				for name, path := range pages[who.name] {
					p.Goto(h.URL + path)
					p.Check()
					p.Shot(name + "-" + who.name)
				}
			}
		})
	}
}

func TestTheDoorIsForEverybody(t *testing.T) {
	b, h := browser.Open(t), open(t)
	for _, path := range []string{"/login", "/activate", "/about/legal", "/about/accessibility"} {
		for _, view := range []browser.View{
			{Width: browser.Phone}, {Width: browser.Desk}, {Width: browser.Phone, Dark: true}, {Width: browser.Desk, Lang: "en"},
		} {
			p := b.Page(t, view)
			p.Goto(h.URL + path)
			p.Check()
			p.Shot(strings.ReplaceAll(path[1:], "/", "-") + view.Lang)
		}
	}
}

// What is refused comes back as a page that says so, where the field to correct has
// the focus.
func TestRefusalsAreForEverybody(t *testing.T) {
	b, h := browser.Open(t), open(t)
	login := h.activate(h.guardian())
	refused := func(p *browser.Page, shot, field string) {
		t.Helper()
		p.Axe() // the console tells of the 422
		p.Fits()
		p.Shot(shot)
		if at := browser.Value[string](p, "document.activeElement.id"); at != "field-"+field {
			t.Errorf("%s: the focus is at %q", shot, at)
		}
	}
	for _, width := range []int{browser.Phone, browser.Desk} {
		p := b.Page(t, browser.View{Width: width})
		p.Login(h.URL, "camille.durand", "pas du tout le bon")
		refused(p, "login-wrong", "password")
		p.Goto(h.URL + "/activate")
		p.Fill("login", "camille.durand")
		p.Fill("code", "2222-3333-4444")
		p.Submit("form")
		refused(p, "activate-wrong", "code")
		p.Login(h.URL, login, good)
		p.Goto(h.URL + "/me")
		p.Fill("old", good)
		p.Fill("password", "court")
		p.Submit(`form[action="/me/password"]`)
		refused(p, "me-wrong", "password")
		p.Goto(h.URL + "/me/join?open")
		p.Fill("login", "camille.durand")
		p.Fill("password", good)
		p.Submit("form#join")
		refused(p, "join-wrong", "password")
	}
}

// Who goes back after signing out reads nothing of the page.
func TestGoingBackReadsNothing(t *testing.T) {
	b, h := browser.Open(t), open(t)
	login := h.activate(h.guardian())
	p := b.Page(t, browser.View{Width: browser.Phone})
	p.Login(h.URL, login, good)
	p.Goto(h.URL + "/help")
	p.Click("[data-menu] summary")
	p.Follow(`form[action="/logout"] button`)
	for range 2 {
		p.Back()
		if at := p.URL(); strings.Contains(at, "/help") || p.Text("h1") == "Aide : qui appeler" || !strings.Contains(at, "/login") {
			t.Errorf("going back leads to %s", at)
		}
	}
}

func TestSignInWithoutScript(t *testing.T) {
	b, h := browser.Open(t), open(t)
	login := h.activate(h.guardian())
	p := b.Page(t, browser.View{Width: browser.Phone, NoScript: true})
	p.Login(h.URL, login, good)
	if at := p.URL(); at != h.URL+"/" {
		t.Fatalf("one is led to %s", at)
	}
	p.Shot("home-guardian")
}

// A slip that is scanned says whose it is, and leaves no code in the history;
// one types a password, and is in.
func TestASlipIsScanned(t *testing.T) {
	b, h := browser.Open(t), open(t)
	guardian := h.guardian()
	c := h.code(guardian)
	p := b.Page(t, browser.View{Width: browser.Phone})
	p.Goto(h.URL + c.Link())
	p.Fill("password", "court")
	p.Submit("form#password")
	p.Axe() // the console tells of the 422
	p.Fits()
	p.Shot("activate-welcome")
	if text := p.Text("main"); !strings.Contains(text, h.Who(guardian).Name()) || !strings.Contains(text, "trop court") {
		t.Errorf("the page does not say whose it is:\n%s", text)
	}
	if got := p.URL(); got != h.URL+"/activate" {
		t.Errorf("the address is still %s", got)
	}
	p.Fill("password", good)
	p.Submit("form#password")
	if got := p.URL(); got != h.URL+"/" {
		t.Errorf("one is led to %s", got)
	}
	p.Axe()
}

func TestKeyboardWalk(t *testing.T) {
	b, h := browser.Open(t), open(t)
	head := h.activate(h.head())
	p := b.Page(t, browser.View{})
	p.Goto(h.URL + "/login")
	var order []string
	for _, stop := range p.Walk() {
		order = append(order, stop.Element)
	}
	if walk := strings.Join(order, " "); !strings.HasPrefix(walk, "a.skip input#field-login input#field-password button") {
		t.Errorf("the walk is %s", walk)
	}
	for _, width := range []int{browser.Phone, browser.Desk} {
		p := b.Page(t, browser.View{Width: width})
		p.Login(h.URL, head, good)
		if stops := p.Walk(); len(stops) < 5 || stops[0].Element != "a.skip" {
			t.Errorf("at %d px: the walk is %v", width, stops)
		}
	}
}

// A first visit is light.
func TestAFirstVisitIsLight(t *testing.T) {
	b, h := browser.Open(t), open(t)
	p := b.Page(t, browser.View{Width: browser.Phone})
	p.Goto(h.URL + "/login")
	w := p.Weight()
	t.Logf("the door: %d bytes in %d requests", w.Bytes, w.Requests)
	if w.Bytes == 0 || w.Bytes > 60_000 {
		t.Errorf("the door: %d bytes in %d requests", w.Bytes, w.Requests)
	}
}

func TestThePagesOfTheSmallestSpeak(t *testing.T) {
	b, h := browser.Open(t), open(t)
	pupil := h.pupil(school.PS)
	class := h.One(`SELECT m.class_id FROM directory_membership m JOIN directory_class c ON c.id = m.class_id AND c.kind = 'class'
		WHERE m.person_id = $1`, pupil)
	mates := h.texts(`SELECT p.first_name FROM directory_membership m JOIN directory_person p ON p.id = m.person_id
		WHERE m.class_id = $1 AND m.role = 'pupil' AND p.id <> $2`, class, pupil)
	p := b.Page(t, browser.View{Width: browser.Phone})
	p.Voice()
	p.Login(h.URL, h.activate(pupil), good)
	p.Click("[data-speak]")
	if got := p.Said(); len(got) < 2 || got[0] != "Ma classe" || got[len(got)-1] != "Mon école" {
		t.Errorf("home says %q", got)
	}
	p.Goto(h.URL + "/me/class")
	p.Click("[data-speak]")
	said := strings.Join(p.Said(), " ")
	for _, first := range mates {
		if !strings.Contains(said, first) {
			t.Errorf("%s is not said", first)
		}
	}
}

// A child who chooses a password, and changes it.
func TestAChildsPassword(t *testing.T) {
	b, h := browser.Open(t), open(t)
	for name, level := range map[string]school.Level{"early": school.CP, "pupil": school.CM1} {
		c := h.code(h.pupil(level))
		for _, width := range []int{browser.Phone, browser.Desk} {
			p := b.Page(t, browser.View{Width: width})
			p.Goto(h.URL + c.Link())
			p.Fill("password", "kiwi")
			p.Submit("form#password")
			p.Axe() // the console tells of the 422
			p.Fits()
			p.Shot("child-welcome-" + name)
			if width == browser.Phone {
				continue
			}
			p.Fill("password", "cabane")
			p.Submit("form#password")
		}
		for _, width := range []int{browser.Phone, browser.Desk} {
			p := b.Page(t, browser.View{Width: width})
			p.Login(h.URL, c.Login.String(), "cabane")
			p.Goto(h.URL + "/me")
			p.Check()
			p.Shot("child-me-" + name)
			p.Fill("old", "cabanes")
			p.Fill("password", "tournesol")
			p.Submit(`form[action="/me/password"]`)
			p.Axe()
			p.Fits()
			p.Shot("child-me-wrong-" + name)
		}
	}
}
