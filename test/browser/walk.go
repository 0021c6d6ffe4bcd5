package browser

import "github.com/chromedp/chromedp/kb"

// Stop is where the keyboard stops on its walk through a page.
type Stop struct {
	Element string // "a#main.skip"
	Words   string // its accessible text
	Seen    bool   // its focus shows, on the screen and under nothing else
	Index   int    // its place among the elements of the document
}

// The walk is over when the focus leaves the document; it is trapped when it
// stays on one element (a date has a few stops inside) or never ends.
const (
	maxStay  = 8
	maxStops = 400
)

// stopScript describes the element that has the focus. Its focus shows when
// an outline or a shadow is drawn around it and the middle of its visible
// part is not covered.
const stopScript = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body || e === document.documentElement) return null;
	const style = getComputedStyle(e);
	const drawn = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
	const box = e.getBoundingClientRect();
	const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
	const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
	const top = document.elementFromPoint(x, y);
	const covered = !top || !(e.contains(top) || top.contains(e));
	const name = e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + [...e.classList].map((c) => "." + c).join("");
	const words = e.getAttribute("aria-label") || e.labels?.[0]?.innerText || e.innerText || "";
	return {element: name, words: words.trim().replace(/\s+/g, " "), seen: drawn && !covered && box.width > 0,
		index: [...document.querySelectorAll("*")].indexOf(e)};
})()`

// Walk presses Tab from the top of the page to its end and gives the stops in
// order. It fails the test where the focus is trapped or does not show, or
// goes backwards.
func (p *Page) Walk() []Stop {
	p.t.Helper()
	// The keyboard sets out from the body, wherever the page has put the focus.
	p.Eval(`document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute("tabindex"); window.scrollTo(0, 0)`)
	var stops []Stop
	stay := 0
	for len(stops) < maxStops {
		p.Press(kb.Tab)
		here := Value[*Stop](p, stopScript)
		if here == nil || len(stops) > 1 && here.Index == stops[0].Index {
			return stops
		}
		if len(stops) > 0 && stops[len(stops)-1].Index == here.Index {
			if stay++; stay > maxStay {
				p.t.Errorf("the focus is trapped in %s %q", here.Element, here.Words)
				return stops
			}
			continue
		}
		stay = 0
		if !here.Seen {
			p.t.Errorf("the focus does not show on %s %q", here.Element, here.Words)
		}
		stops = append(stops, *here)
	}
	p.t.Errorf("the walk does not end after %d stops", maxStops)
	return stops
}
