package browser

import "fmt"

// Check runs what every page must pass at every width, in light and in dark:
// [Page.Axe], [Page.Fits] and [Page.Quiet].
func (p *Page) Check() {
	p.t.Helper()
	p.Axe()
	p.Fits()
	p.Quiet()
}

// overflowing names the first element that sticks out of a page of a given
// width, unless a box around it scrolls or cuts it.
const overflowing = `((width) => {
	if (document.documentElement.scrollWidth <= width) return "";
	for (const e of document.querySelectorAll("body *")) {
		if (e.getBoundingClientRect().right <= width + 1) continue;
		if (getComputedStyle(e).position === "fixed") continue; // it follows the width of the rest
		let box = e.parentElement;
		while (box && getComputedStyle(box).overflowX === "visible") box = box.parentElement;
		if (!box) return e.outerHTML.slice(0, 200);
	}
	return "the document";
})(%d)`

// Fits fails the test when the page is wider than the screen.
func (p *Page) Fits() {
	p.t.Helper()
	if over := Value[string](p, fmt.Sprintf(overflowing, p.view.Width)); over != "" {
		p.t.Errorf("the page is wider than %d px: %s", p.view.Width, over)
	}
}

// Quiet fails the test with everything that the console complained of.
func (p *Page) Quiet() {
	p.t.Helper()
	for _, complaint := range p.Complaints() {
		p.t.Errorf("console%s: %s", p.view.suffix(), complaint)
	}
}
