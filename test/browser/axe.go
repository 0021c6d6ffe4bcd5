package browser

import (
	_ "embed"
	"fmt"
	"strings"
)

// axe-core 4.14.1 (Deque, MPL-2.0), unchanged.
//
//go:embed axe/axe.min.js
var axeCore string

// axeRun asks for the rules of WCAG 2.0 to 2.2, levels A and AA, and for the
// best practices.
const axeRun = `axe.run(document, {
	resultTypes: ["violations"],
	runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
}).then((result) => result.violations.map((v) => ({
	id: v.id, impact: v.impact ?? "", help: v.help,
	nodes: v.nodes.map((n) => ({target: n.target.join(" "), html: n.html, why: n.failureSummary})),
})))`

type violation struct {
	ID, Impact, Help string
	Nodes            []struct{ Target, HTML, Why string }
}

// top goes where the header lies over nothing, wherever the focus has led: the page
// moves it in the first frame that it draws.
const top = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => { window.scrollTo(0, 0); done(); })))`

// Axe fails the test with every violation of accessibility on the page. The
// rules are evaluated from outside: no content security policy forbids it.
func (p *Page) Axe() {
	p.t.Helper()
	if p.view.NoScript { // nothing draws a frame for a script
		p.Eval(`window.scrollTo(0, 0)`)
	} else {
		p.Eval(top)
	}
	p.Eval(axeCore)
	for _, v := range Value[[]violation](p, axeRun) {
		p.t.Errorf("axe%s %s", p.view.suffix(), v)
	}
}

func (v violation) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&out, "\n  %s\n    %.200s\n    %s", n.Target, n.HTML, strings.ReplaceAll(n.Why, "\n", "\n    "))
	}
	return out.String()
}
