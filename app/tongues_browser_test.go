//go:build !race

package app

import (
	"slices"
	"testing"

	"preau/core/i18n"
	"preau/core/school"
	"preau/test/browser"
)

// TestAFamilyOnATelephone has a parent come in, sign or answer a word and tell an absence, in each
// language of families, on a telephone.
func TestAFamilyOnATelephone(t *testing.T) {
	chromium := browser.Open(t)
	r := start(t, "--data", t.TempDir())
	i := slices.IndexFunc(r.Logins, func(l login) bool { return l.Profile == school.Guardian })
	if i < 0 {
		t.Fatal("the demo has no parent")
	}
	parent := r.Logins[i]
	for _, lang := range familyTongues {
		t.Run(string(lang), func(t *testing.T) {
			p := chromium.Page(t, browser.View{Width: browser.Phone, Lang: string(lang)})
			look := func(name string) {
				t.Helper()
				if lang != "ar" && !slices.Contains([]string{"home", "word", "told"}, name) {
					return // the same pages, read from the left
				}
				p.Check()
				p.Shot("family-" + name + "-" + string(lang))
				if got := browser.Value[[]string](p, `[document.documentElement.lang, document.dir]`); !slices.Equal(got, []string{string(lang), lang.Direction()}) {
					t.Errorf("%s is in %q", name, got)
				}
			}
			p.Goto(r.URL + "/login")
			look("login")
			p.Login(r.URL, parent.Login, parent.Password)
			look("home")

			p.Goto(r.URL + "/liaison/")
			look("words")
			for _, word := range browser.Value[[]string](p, `[...document.querySelectorAll("main a.task[href*='/liaison/']")].map((a) => a.href)`) {
				p.Goto(word)
				if browser.Value[bool](p, `document.querySelector("main form button")?.checkVisibility() === true`) {
					break
				}
			}
			p.Eval(`document.querySelector("main form input[type=radio]")?.click()`)
			look("word")
			if words := browser.Value[string](p, `document.querySelector("[data-aloud]").lang`); words != string(i18n.French) {
				t.Errorf("what the school writes is marked as %q", words)
			}
			p.Submit("main form")
			look("answered")

			p.Goto(r.URL + "/liaison/tell")
			look("tell")
			p.Submit("main form")
			look("told")
			p.Goto(r.URL + "/me")
			look("me")
			p.Goto(r.URL + "/me/notifications")
			look("notifications")
			p.Goto(r.URL + "/nothing-of-the-kind")
			p.Shot("family-error-" + string(lang))
		})
	}
}
