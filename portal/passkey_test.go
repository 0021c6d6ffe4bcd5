package portal_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/school"
	"preau/test/browser"
)

// signed has the passkey of a tab sign what the step asks, as the script of the
// page does, and gives the answer instead of sending it.
const signed = `(async () => {
	const form = document.querySelector("form[data-passkey]");
	const sent = new Promise((done) => { form.submit = () => done(form.elements.answer.value); });
	form.requestSubmit();
	return sent;
})()`

// held makes of the form whose answer was held back one that is sent as it is.
const held = `(() => {
	const form = document.querySelector("form[data-passkey]"), copy = form.cloneNode(true);
	delete copy.dataset.passkey;
	copy.id = "held";
	copy.querySelector("button").disabled = false;
	form.replaceWith(copy);
})()`

// A passkey is made on my account, and used at the next sign-in; nobody else
// uses it, and what it signed is taken once.
func TestAPasskey(t *testing.T) {
	b := browser.Open(t)
	h := openAs("localhost", fed.SQLite(t))
	person := h.plainTeacher()
	login := h.activate(person)
	p := b.Page(t, browser.View{Width: browser.Desk})
	p.Authenticator()
	p.Login(h.URL, login, good)
	p.Goto(h.URL + "/me")
	p.Follow(`#factors a[href^="/second/new"]`)
	p.Check()
	p.Shot("factor-new")
	p.Fill("name", "Ordinateur de la classe")
	p.Follow(`form[data-passkey="new"] button`)
	p.Check()
	p.Shot("factor-recovery")
	if got := p.Text("h1"); got != "Vos codes de secours" {
		t.Fatalf("after the passkey was made: %s", got)
	}
	p.Goto(h.URL + "/me")
	if !strings.Contains(p.Text("#factors"), "Ordinateur de la classe") {
		t.Fatalf("my account does not list it: %s", p.Text("#factors"))
	}
	p.Check()
	p.Shot("factor-me")
	p.Follow(`#factors .tasks a`)
	p.Check()
	p.Shot("factor-one")

	p.Login(h.URL, login, good)
	if at := p.URL(); at != h.URL+"/second" {
		t.Fatalf("the password leads to %s", at)
	}
	p.Check()
	p.Shot("second")
	p.Follow(`form[data-passkey="use"] button`)
	if at := p.URL(); at != h.URL+"/" {
		t.Fatalf("the passkey leads to %s", at)
	}
	p.Quiet()

	// An answer that is held back: of no use to another session, nor twice.
	p.Login(h.URL, login, good)
	answer := browser.Value[string](p, signed)
	thief := h.half(login)
	h.post("/second/passkey", form("answer", answer), thief).Wants(http.StatusUnprocessableEntity, "Ce code ou cette clé ne va pas")
	other, _ := h.protected(h.guardian(), school.Guardian)
	h.post("/second/passkey", form("answer", answer), h.half(other)).Wants(http.StatusUnprocessableEntity, "Ce code ou cette clé ne va pas")
	p.Eval(held)
	p.Submit("#held")
	if at := p.URL(); at != h.URL+"/" {
		t.Fatalf("the answer, in its own session: %s", at)
	}
	h.post("/second/passkey", form("answer", answer), thief).Wants(http.StatusUnprocessableEntity)

	// One that took too long.
	p.Login(h.URL, login, good)
	browser.Value[string](p, signed)
	h.Later(6 * time.Minute)
	p.Eval(held)
	p.Submit("#held")
	if at, said := p.URL(), p.Text("main"); at != h.URL+"/second/passkey" || !strings.Contains(said, "Ce code ou cette clé ne va pas") {
		t.Errorf("an answer of six minutes ago: %s", at)
	}
	if acts := h.Acts(person); !slices.Contains(acts, "account.factor-add") {
		t.Errorf("the journal says %v", acts)
	}
}

// The pages of the second step, on a telephone, in the dark, without script.
func TestTheStepIsForEverybody(t *testing.T) {
	b, h := browser.Open(t), strict(t)
	login, _ := h.protected(h.head(), school.Head)
	newcomer := h.activate(h.appoint(school.Operator, "project", "Garnier"))
	for _, view := range []browser.View{
		{Width: browser.Phone}, {Width: browser.Desk}, {Width: browser.Phone, Dark: true}, {Width: browser.Phone, NoScript: true}, {Width: browser.Desk, Lang: "en"},
	} {
		for who, login := range map[string]string{"second-code": login, "second-first": newcomer} {
			p := b.Page(t, view)
			p.Login(h.URL, login, good)
			if at := p.URL(); !strings.HasPrefix(at, h.URL+"/second") {
				t.Fatalf("%s is led to %s", who, at)
			}
			if !view.NoScript {
				p.Check()
			}
			p.Shot(who + view.Lang)
		}
	}
}
