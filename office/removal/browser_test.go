package removal_test

import (
	"net/http"
	"net/url"
	"testing"

	"preau/test/browser"
	"preau/test/house"
)

func TestMain(m *testing.M) { browser.Main(m) }

// The screens of what was changed are right at the width of a telephone and of a desk.
func TestScreensOfChanges(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	s := h.tamper()
	kase, second := s.asked(), s.second()
	shows := func(name, path string, v house.Visitor) {
		t.Run(name, func(t *testing.T) {
			v := v.In(t)
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
				p := v.Page(view)
				p.Goto(h.URL + path)
				p.Check()
				p.Shot("removal-" + name)
			}
		})
	}
	shows("changed", s.path()+s.window(), s.operator)
	shows("mend", kase, second)
	second.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
	shows("mended", "/removal/", second)
}

// The screens of what stopped, of what is to be put back, and of what an account took back itself,
// are right.
func TestScreensOfPuttingBack(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	s := h.steal()
	h.office.Portion = 1
	lost := s.sends("/message/new/class/"+s.class.String(), url.Values{"subject": {"Votre banque"}, "body": {"Donnez votre code."}, "person": {s.mother.String() + "-" + s.pupil.String()}}, shot(h.T, 50))
	s.asTeacher.Post(lost+"/recall", nil).Wants(http.StatusSeeOther)
	things := found(s.head.Get(s.path()))
	asks := func(things ...string) string {
		return s.head.Post(s.path(), url.Values{"thing": things, "why": {"Un lien d’arnaque."}}).Header.Get("Location")
	}
	back, stopped := asks(things[0]), asks(things[1:]...)
	s.operator.Post(back+"/agree", nil).Wants(http.StatusSeeOther)
	s.head.Post(back+"/undo", nil).Wants(http.StatusSeeOther)
	h.breaks()
	s.operator.Post(stopped+"/agree", nil).Wants(http.StatusConflict)
	for name, screen := range map[string]struct {
		house.Visitor
		path string
	}{
		"recalled":   {s.head, s.path()},
		"asked-back": {s.head, back},
		"back":       {s.operator, back},
		"stopped":    {s.operator, stopped},
		"home-back":  {s.operator, "/"},
		"land-back":  {s.operator, "/removal/"},
	} {
		t.Run(name, func(t *testing.T) {
			v := screen.In(t)
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
				p := v.Page(view)
				p.Goto(h.URL + screen.path)
				p.Check()
				p.Shot("removal-" + name)
			}
		})
	}
}

// Every screen is right at the width of a telephone and of a desk.
func TestScreens(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	s := h.steal()
	waits, done := s.asked(s.head), s.asked(s.operator)
	things := found(s.head.Get(s.path()))[:1]
	partly := s.operator.Post(s.path(), url.Values{"thing": things, "why": {"Un lien d’arnaque."}}).Header.Get("Location")
	s.head.Post(partly+"/agree", nil)
	for name, screen := range map[string]struct {
		house.Visitor
		path string
	}{
		"land":    {s.head, "/removal/"},
		"find":    {s.head, "/removal/?q=" + url.QueryEscape(h.Who(s.thief).Usual)},
		"nobody":  {s.operator, "/removal/?q=zzz"},
		"search":  {s.head, s.path()},
		"none":    {s.head, s.path() + "?words=girafe"},
		"asked":   {s.head, waits},
		"agree":   {s.operator, waits},
		"second":  {s.head, done},
		"removed": {s.head, partly},
		"home":    {s.operator, "/"},
	} {
		t.Run(name, func(t *testing.T) {
			v := screen.In(t)
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, Dark: name == "agree"}} {
				p := v.Page(view)
				p.Goto(h.URL + screen.path)
				p.Check()
				p.Shot("removal-" + name)
			}
		})
	}
}
