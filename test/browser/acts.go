package browser

import (
	"fmt"

	"github.com/chromedp/chromedp/kb"
)

// Acts is what somebody did with a page and those that followed it, as the
// browser itself tells it.
type Acts struct {
	Clicks  int // on anything; a button that sends a form is one click
	Choices int // lists in which one chose, each once a page
	Submits int // forms that were sent without a click
	Typed   int // characters
	Screens int // pages that were loaded
}

// Total is how many acts there were.
func (a Acts) Total() int { return a.Clicks + a.Choices + a.Submits }

// What an act costs, in seconds, by the keystroke-level model of Card, Moran and Newell
// (1983): to think of what comes next, to point at it, to press and let go; and a
// character, at the pace of whoever types neither fast nor slowly. A thumb is no slower
// than the mouse of the model, nor than its keyboard for a sentence.
const (
	think  = 1.35
	point  = 1.1
	press  = 0.2
	letter = 0.28
)

// Seconds is how long the acts take somebody who knows the way, as the model computes
// it: what the network and the server take is not in it, so that it is the same on
// every machine. One thinks before each act, and twice for a list: to open it and to
// choose.
func (a Acts) Seconds() float64 {
	one := think + point + press
	return one*float64(a.Clicks+a.Submits) + 2*one*float64(a.Choices) + letter*float64(a.Typed)
}

// actsScript counts what the browser says that somebody did; what a script
// did is not counted. The counts outlive the page, in its tab.
const actsScript = `(() => {
	if (!location.protocol.startsWith("http")) return;
	const add = (what) => {
		const acts = JSON.parse(sessionStorage.getItem("acts") ?? "{}");
		acts[what] = (acts[what] ?? 0) + 1;
		sessionStorage.setItem("acts", JSON.stringify(acts));
	};
	const chosen = new Set();
	let pressed = null;
	const hear = (event, heard) => addEventListener(event, (e) => { if (e.isTrusted) heard(e); }, true);
	hear("click", (e) => { add("clicks"); pressed = e.target; });
	hear("submit", (e) => { if (!e.submitter || !e.submitter.contains(pressed)) add("submits"); });
	hear("change", (e) => { if (e.target.matches("select") && !chosen.has(e.target)) { chosen.add(e.target); add("choices"); } });
	hear("input", (e) => { if (e.inputType?.startsWith("insert")) add("typed"); });
	hear("keydown", (e) => { if (e.key.length === 1 && !e.target.matches("input, textarea") && !e.target.isContentEditable) add("typed"); });
	add("screens");
})()`

// CountActs begins to count, from the next page on.
func (p *Page) CountActs() {
	p.t.Helper()
	p.Prepare(actsScript)
}

// Acts gives what was done since [Page.CountActs].
func (p *Page) Acts() Acts {
	p.t.Helper()
	return Value[Acts](p, `JSON.parse(sessionStorage.getItem("acts") ?? "{}")`)
}

// Choose takes the answer of this rank, from the one that a list shows, as
// the keyboard does.
func (p *Page) Choose(list string, rank int) {
	p.t.Helper()
	p.Eval(fmt.Sprintf("document.querySelector(%q).focus()", list))
	for range rank {
		p.Press(kb.ArrowDown)
	}
}
