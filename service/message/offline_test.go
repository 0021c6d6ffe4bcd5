package message_test

import (
	"strings"
	"testing"

	"preau/test/browser"
)

// A message that is being written is there when one comes back to it, with its form; once it is
// sent, or put aside on the server, the device forgets it.
func TestAMessageIsNotLost(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	mother := h.people()
	page := mother.mother.Page(browser.View{Width: browser.Phone})
	const letters = `Object.keys(localStorage).filter((name) => name.startsWith("preau-letter")).length`
	writes := func() {
		page.Goto(h.URL + mother.childDesk())
		page.Fill("subject", "La piscine")
		page.Click(".editor-text")
		page.Press("Faut-il un bonnet ?")
		page.Click("[name=person]")
		page.Until(letters + ` === 1`)
	}
	writes()
	page.Goto(h.URL + "/message/")
	page.Goto(h.URL + mother.childDesk())
	got := browser.Value[string](page, `[document.querySelector("[name=subject]").value, document.querySelector(".editor-text").innerText.trim(), document.querySelector("[name=person]").checked].join(" / ")`)
	if got != "La piscine / Faut-il un bonnet ? / true" {
		t.Errorf("the form has %q", got)
	}
	page.Check()
	page.Shot("message-draft-given")
	page.Follow(`#message button[name="act"]`)
	page.Until(letters + ` === 0`)
	if drafts := strings.Count(mother.mother.Get("/message/drafts").Main(), "La piscine"); drafts != 1 {
		t.Errorf("there are %d drafts on the server", drafts)
	}
	writes()
	page.Follow(`#message button:not([type="button"]):not([name])`)
	page.Until(letters + ` === 0`)
	if sent := strings.Count(mother.mother.Get("/message/sent").Main(), "La piscine"); sent != 1 {
		t.Errorf("it is sent %d times", sent)
	}
}
