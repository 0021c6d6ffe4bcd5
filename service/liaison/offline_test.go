package liaison_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/school"
	"preau/test/browser"
	"preau/test/house"
)

// kept lists the copies that the device of a page has.
const kept = `caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("preau copies")).map((name) =>
	caches.open(name).then((cache) => cache.keys())))).then((all) => all.flat().map((request) => new URL(request.url).pathname).sort())`

// opened gives a tab of a guardian on their own device, whose service worker works.
func (h *town) opened(v house.Visitor) *browser.Page {
	h.T.Helper()
	p := v.Page(browser.View{Width: browser.Phone})
	p.Goto(h.URL + "/me")
	p.Until(`navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)`)
	return p
}

// reads opens a page, and waits until the device has it.
func (h *town) reads(p *browser.Page, path string) {
	h.T.Helper()
	p.Goto(h.URL + path)
	p.Until(kept + `.then((all) => all.includes("` + path + `"))`)
}

// away takes the network from the page, or gives it back.
func (h *town) away(p *browser.Page, gone bool) {
	h.T.Helper()
	h.Cut(gone)
	p.Offline(gone)
}

// shows waits until an element of the page says something.
func shows(p *browser.Page, selector, text string) {
	p.Until(`(document.querySelector(` + "`" + selector + "`" + `)?.innerText ?? "").includes(` + "`" + text + "`" + `)`)
}

// What was read is read again without a network, and says since when it is so; what was not, and
// what is filled in, is not there. What was cancelled is gone at the next contact.
func TestAWordIsReadOffline(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
	word := publish(teacher, f.class, outing(f.class), house.Shot(t, 1200, 800))
	other := publish(teacher, f.class, outing(f.class))
	p := h.opened(mother)
	h.reads(p, word)
	h.reads(p, "/")
	p.Goto(h.URL + "/liaison/tell")
	p.Goto(h.URL + "/me/devices")
	if got := browser.Value[[]string](p, kept); strings.Join(got, " ") != "/ /liaison/tell "+word {
		t.Errorf("the device keeps %q", got)
	}

	h.away(p, true)
	p.Goto(h.URL + word)
	if banner := p.Text("[data-offline]"); !strings.Contains(banner, "Hors ligne\u00a0: page lue le 5\u00a0octobre 2026 à 12\u00a0h\u00a000.") {
		t.Errorf("the banner says %q", banner)
	}
	if title := p.Text("h1"); title != "Sortie au musée" {
		t.Errorf("the copy is of %q", title)
	}
	if browser.Value[bool](p, `[...document.querySelectorAll("form:not([data-draft])")].some((form) => form.checkVisibility())`) {
		t.Error("a form is shown that cannot wait")
	}
	p.Axe()
	p.Fits()
	p.Shot("offline-word")
	p.Goto(h.URL + other)
	shows(p, "h1", "Pas de connexion")
	shows(p, "[data-kept]", "Sortie au musée")
	p.Axe()
	p.Fits()
	p.Shot("offline-none")

	teacher.House.Cut(false)
	teacher.Post(word+"/cancel", url.Values{"why": {"Il pleut."}})
	h.away(p, false)
	p.Goto(h.URL + "/")
	p.Until(kept + `.then((all) => !all.includes("` + word + `"))`)
}

// What somebody wrote is not taken for what the page loads: a device asks for nothing that a word
// names, and keeps nothing but what the portal is made of.
func TestAWordMakesNobodyAsk(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	trap := outing(f.class)
	trap.Set("body", `Voir /_/../about/legal et <img src="/_/../about/accessibility">, href="/_/..%2fabout/legal".`)
	word := publish(h.Enter(f.teacher, school.Teacher), f.class, trap)
	mother := h.Enter(f.mother, school.Guardian)
	p := mother.Page(browser.View{Width: browser.Phone})
	p.Goto(h.URL + "/sw.js")
	p.Eval(`caches.open("preau assets").then((cache) => cache.put("/about/legal", new Response("")))`) // what a device took before
	p.Goto(h.URL + "/me")
	p.Until(`navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)`)
	p.Until(`caches.has("preau assets").then((has) => !has)`)
	h.Asked()
	h.reads(p, word)
	h.reads(p, "/") // what the word loads is kept by then
	for _, one := range h.Asked() {
		if strings.Contains(one, "/about/") {
			t.Errorf("the device asks: %s", one)
		}
	}
	const shelf = `caches.open("preau assets 2").then((cache) => cache.keys()).then((all) => all.map((request) => new URL(request.url).pathname))`
	held := strings.Join(browser.Value[[]string](p, shelf), " ")
	for _, want := range []string{"/_/app.", "/_/keep.", "/_/icons.", "/_/atkinson-latin."} {
		if !strings.Contains(held, want) {
			t.Errorf("%s… is not kept: %s", want, held)
		}
	}
}

// A visit asks about a few copies, the oldest asked first; the first one after a cut, about all.
func TestFewCopiesAreAskedAbout(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	p := h.opened(h.Enter(h.two().mother, school.Guardian))
	h.reads(p, "/")
	p.Eval(`caches.keys().then((names) => caches.open(names.find((name) => name.startsWith("preau copies")))).then((cache) =>
		Promise.all([3, 1, 4, 8, 5, 2, 6, 7].map((n) => cache.put("/liaison/gone-" + n, new Response("", { headers:
			{ "Preau-Copy": JSON.stringify({ read: n, until: Date.now() + 1e6, version: "v", asked: n }) } })))))`)
	left := func(n string) string {
		return kept + `.then((all) => all.filter((path) => path.startsWith("/liaison/gone-")).length === ` + n + `)`
	}
	heads := func() (all []string) {
		for _, one := range h.Asked() {
			if path, ok := strings.CutPrefix(one, "HEAD /liaison/gone-"); ok {
				all = append(all, path)
			}
		}
		return all
	}
	p.Goto(h.URL + "/me/devices")
	p.Until(left("3"))
	if got := strings.Join(heads(), " "); got != "1 2 3 4 5" {
		t.Errorf("a visit asks about %s", got)
	}
	p.Eval(`caches.keys().then((names) => caches.open(names.find((name) => name.startsWith("preau copies")))).then((cache) =>
		Promise.all([1, 2, 3, 4, 5].map((n) => cache.put("/liaison/gone-" + n, new Response("", { headers:
			{ "Preau-Copy": JSON.stringify({ read: n, until: Date.now() + 1e6, version: "v", asked: Date.now() }) } })))))`)
	h.away(p, true)
	p.Goto(h.URL + "/me/devices")
	shows(p, "h1", "Pas de connexion")
	h.away(p, false)
	p.Goto(h.URL + "/me/devices")
	p.Until(left("0"))
}

// Nobody finds what somebody else has read: neither who signs in after them, nor who comes once
// they have left; on a device that others use there is nothing to find.
func TestWhatOthersFind(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	word := publish(h.Enter(f.teacher, school.Teacher), f.class, outing(f.class))
	mother, father := h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
	const nothing = kept + `.then((all) => all.length + localStorage.length === 0)`
	writes := func(p *browser.Page) {
		p.Goto(h.URL + "/liaison/tell")
		p.Eval(`document.querySelectorAll("details").forEach((one) => one.open = true)`)
		p.Click("[id^=body-appointment]")
		p.Press("Pour parler")
		p.Until(`Object.keys(localStorage).length === 1`)
	}

	t.Run("another person", func(t *testing.T) {
		p := h.opened(mother.In(t))
		h.reads(p, word)
		writes(p)
		p.Cookie(h.URL, "preau", father.Token)
		p.Goto(h.URL + "/me")
		p.Until(nothing)
		h.away(p, true)
		defer h.away(p, false)
		p.Goto(h.URL + word)
		shows(p, "h1", "Pas de connexion")
		if browser.Value[bool](p, `document.querySelector("[data-kept]").checkVisibility()`) {
			t.Error("they are told of what the other has read")
		}
	})
	t.Run("who has left", func(t *testing.T) {
		p := h.opened(mother.In(t))
		h.reads(p, word)
		writes(p)
		p.Click("[data-menu] summary")
		p.Follow(`[data-menu] form[action="/logout"] button`)
		p.Until(nothing)
		if n := browser.Value[int](p, `navigator.serviceWorker.getRegistrations().then((all) => all.length)`); n != 0 {
			t.Errorf("%d service workers stay", n)
		}
	})
	t.Run("but what somebody else waits to send stays", func(t *testing.T) {
		p := h.opened(father.In(t))
		h.reads(p, "/")
		const other = `preau-letter other.guardian /liaison/tell`
		p.Eval(`localStorage.setItem("` + other + `", JSON.stringify({ state: "waiting", at: Date.now() }))`)
		p.Goto(h.URL + "/liaison/tell")
		p.Eval(`document.querySelectorAll("details").forEach((one) => one.open = true)`)
		p.Click("[id^=body-appointment]")
		p.Press("Pour parler")
		p.Until(`Object.keys(localStorage).length === 2`)
		p.Click("[data-menu] summary")
		p.Follow(`[data-menu] form[action="/logout"] button`)
		p.Until(kept + `.then((all) => all.length === 0)`)
		if got := browser.Value[string](p, `Object.keys(localStorage).join()`); got != other {
			t.Errorf("the device has %q", got)
		}
	})
	t.Run("on a device that others use", func(t *testing.T) {
		p := h.opened(h.Enter(h.outsider(), school.Guardian).In(t)) // it was somebody's
		h.reads(p, "/")
		p.Goto(h.URL + "/login")
		p.Fill("login", h.Login(f.mother))
		p.Fill("password", house.Password)
		p.Click("[name=shared]")
		p.Submit(`form:has([name="password"])`)
		for _, path := range []string{"/", word, "/liaison/tell"} {
			p.Goto(h.URL + path)
		}
		p.Eval(`document.querySelectorAll("details").forEach((one) => one.open = true)`)
		p.Click("[id^=body-appointment]")
		p.Press("Pour parler")
		p.Until(`Promise.all([navigator.serviceWorker.getRegistrations(), caches.keys()]).then(([workers, names]) => workers.length + names.length + Object.keys(localStorage).length === 0)`)
		p.Goto(h.URL + "/")
		if n := browser.Value[int](p, `Promise.all([navigator.serviceWorker.getRegistrations(), caches.keys()]).then(([workers, names]) => workers.length + names.length + localStorage.length)`); n != 0 {
			t.Errorf("%d things are kept", n)
		}
	})
}

// What is typed is there when the form is opened again, until it is sent; what is sent without a
// network leaves once, when there is one.
func TestANoteWaitsForTheNetwork(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
	p := h.opened(mother)
	form := "#appointment-" + f.pupil.String()
	told := func() int { return strings.Count(teacher.Get("/liaison/notes").Main(), "Demande de rendez-vous") }
	if n := told(); n != 0 {
		t.Fatalf("%d notes before", n)
	}
	open := func() {
		p.Goto(h.URL + "/liaison/tell")
		p.Eval(`document.querySelector("` + form + `").closest("details").open = true`)
	}
	letters := `Object.keys(localStorage).filter((name) => name.startsWith("preau-letter")).length`

	open()
	p.Click(form + " textarea")
	p.Press("Pour parler de la lecture.")
	p.Until(letters + ` === 1`)
	p.Goto(h.URL + "/")
	p.Goto(h.URL + "/liaison/tell")
	if got := browser.Value[string](p, `document.querySelector("`+form+` textarea").value`); got != "Pour parler de la lecture." {
		t.Errorf("the form has %q", got)
	}
	p.Check()
	p.Shot("draft-given")

	h.away(p, true)
	p.Click(form + ` button:not([type="button"])`)
	shows(p, form+" .draft", "Sera envoyé dès que la connexion revient")
	p.Axe()
	p.Fits()
	p.Shot("draft-waits")
	h.away(p, false)
	shows(p, "main", "L’école est prévenue")
	p.Until(letters + ` === 0`)
	if n := told(); n != 1 {
		t.Errorf("it is told %d times", n)
	}
	p.Shot("draft-sent")

	// What is sent as usual is forgotten too.
	open()
	p.Click(form + " textarea")
	p.Press("Encore un mot.")
	p.Submit(form)
	p.Until(letters + ` === 0`)
	if n := told(); n != 2 {
		t.Errorf("two are told %d times", n)
	}
}

// The page of absences is read without a network, and what is told there leaves once there is one: of
// the day on which it was told, whenever the page was read.
func TestAnAbsenceIsToldOffline(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
	p := h.opened(mother)
	h.reads(p, "/")
	h.reads(p, "/liaison/tell")
	today := browser.Value[string](p, `new Date(Date.now() - new Date().getTimezoneOffset() * 6e4).toISOString().slice(0, 10)`)

	h.away(p, true)
	p.Goto(h.URL + "/")
	shows(p, "[data-offline]", "Hors ligne")
	p.Goto(h.URL + "/liaison/tell")
	shows(p, "[data-offline]", "Hors ligne")
	if got := browser.Value[string](p, `document.querySelector("#absence-`+f.pupil.String()+` [name=from]").value`); got != today {
		t.Errorf("the form of the copy is of %q, on %s", got, today)
	}
	p.Axe()
	p.Fits()
	p.Shot("offline-absence")
	button := `form.post:has([name=child][value="` + f.pupil.String() + `"])`
	p.Click(button + " button")
	shows(p, button+" .draft", "Sera envoyé dès que la connexion revient")
	h.away(p, false)
	p.Until(`Object.keys(localStorage).filter((name) => name.startsWith("preau-letter")).length === 0`)
	if n := h.One(`SELECT count(*) FROM liaison_note WHERE child_id = $1 AND from_day = $2`, f.pupil, today); n != 1 {
		t.Errorf("%d absences of %s are told", n, today)
	}
	teacher.Get("/liaison/notes").Wants(http.StatusOK, h.Who(f.pupil).Name())
}

// What waits and is refused is kept, and the page says what to do: a session that is over, a form
// that the school takes no more.
func TestWhatWaitsAndIsRefused(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
	ask := outing(f.class)
	ask.Set("asks", "text")
	word := publish(teacher, f.class, ask)
	p := h.opened(mother)
	h.reads(p, word)
	form := "#answer-" + f.pupil.String()
	waiting := `Object.values(localStorage).filter((text) => text.includes("Il viendra"))`
	answers := func() int { return strings.Count(mother.Get(word).Main(), "Il viendra") }

	h.away(p, true)
	p.Goto(h.URL + word)
	shows(p, "[data-offline]", "Hors ligne")
	p.Click(form + " textarea")
	p.Press("Il viendra à pied.")
	p.Click(form + ` button:not([type="button"])`)
	shows(p, form+" .draft", "Sera envoyé")
	p.Cookie(h.URL, "preau", "gone")
	h.away(p, false)
	p.Until(`location.pathname === "/login"`) // the copy is read anew, once there is a network
	if n := browser.Value[int](p, waiting+`.length`); n != 1 {
		t.Fatalf("%d letters wait", n)
	}

	again := h.Enter(f.mother, school.Guardian)
	mother.Token = again.Token
	teacher.Post(word+"/cancel", url.Values{"why": {"Il pleut."}})
	p.Cookie(h.URL, "preau", again.Token)
	p.Goto(h.URL + "/me")
	shows(p, "[data-outbox]", "Revoir ce que j’ai écrit")
	shows(p, "[data-outbox] blockquote", "Il viendra à pied.")
	p.Axe()
	p.Fits()
	p.Shot("draft-refused")
	if n := browser.Value[int](p, waiting+`.length`); n != 1 || answers() != 0 {
		t.Errorf("%d letters wait, %d are taken", n, answers())
	}

	p.Click("[data-menu] summary")
	p.Click(`[data-menu] form[action="/logout"] button`)
	shows(p, "[data-outbox]", "Touchez encore une fois pour quitter")
	p.Follow(`[data-menu] form[action="/logout"] button`)
	p.Until(`localStorage.length === 0`)
}

// A telephone on which the portal is not installed is offered to, until its person says no.
func TestATelephoneInstallsThePortal(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	mother := h.Enter(h.two().mother, school.Guardian)
	p := mother.Page(browser.View{Width: browser.Phone})
	p.Prepare(`{ const media = window.matchMedia; window.matchMedia = (query) => query.includes("coarse") ? { matches: true } : media(query); }`)
	const offer = `dispatchEvent(Object.assign(new Event("beforeinstallprompt", { cancelable: true }), { prompt() { window.installs = true; } }))`
	shown := func() bool {
		return browser.Value[bool](p, `document.querySelector("[data-install]").checkVisibility()`)
	}
	p.Goto(h.URL + "/")
	if shown() {
		t.Error("it is offered where the browser cannot")
	}
	p.Eval(offer)
	if !shown() {
		t.Fatal("it is not offered")
	}
	p.Check()
	p.Shot("install")
	p.Click("[data-install-do]")
	p.Until(`window.installs === true`)
	p.Goto(h.URL + "/me")
	p.Eval(offer)
	p.Click("[data-install-no]")
	p.Goto(h.URL + "/")
	p.Eval(offer)
	if shown() {
		t.Error("it is offered to who said no")
	}
}
