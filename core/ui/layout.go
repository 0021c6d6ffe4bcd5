package ui

import (
	"context"

	"github.com/a-h/templ"

	"preau/core/i18n"
)

// tabTitle names a browser tab: the page first, the portal last.
func tabTitle(ctx context.Context, title string) string {
	brand := i18n.Say(ctx, "ui.brand")
	if title == "" {
		return brand
	}
	return title + " – " + brand
}

// current marks the link to the page one is on.
func current(is bool) templ.Attributes {
	if is {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

// house is where the house of a child who cannot read leads.
func (p Page) house() string { return orElse(p.Home, "/") }
