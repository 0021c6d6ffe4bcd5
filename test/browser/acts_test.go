package browser_test

import (
	"testing"

	"preau/test/browser"
)

// What a person does is counted, what a script does is not.
func TestActs(t *testing.T) {
	url := serve(t)
	p := browser.Open(t).Page(t, browser.View{Width: browser.Phone})
	p.CountActs()
	p.Goto(url + "/screen/gallery")
	p.Eval(`document.querySelector("main").click()`)
	if got, want := p.Acts(), (browser.Acts{Screens: 1}); got != want {
		t.Errorf("a script did %+v", got)
	}
	p.Eval(`document.querySelector("main select").id = "list"`)
	p.Choose("#list", 1)
	p.Choose("#list", 1)
	if got, want := p.Acts(), (browser.Acts{Choices: 1, Screens: 1}); got != want {
		t.Errorf("a choice in one list is %+v", got)
	}
	p.Goto(url + "/screen/login")
	p.Fill("login", "zoé")
	p.Fill("password", "ok")
	p.Submit("form")
	want := browser.Acts{Choices: 1, Clicks: 1, Typed: 5, Screens: 3}
	if got := p.Acts(); got != want || got.Total() != 2 {
		t.Errorf("signing in is %+v, want %+v", got, want)
	}
}
