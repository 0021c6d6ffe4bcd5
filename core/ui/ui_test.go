package ui_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"preau/core/i18n"
	"preau/core/ui"
)

// draw renders a component in French.
func draw(t *testing.T, c templ.Component) string {
	t.Helper()
	return drawIn(t, i18n.French, c)
}

func drawIn(t *testing.T, lang i18n.Lang, c templ.Component) string {
	t.Helper()
	words, err := i18n.Load(ui.Words)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := c.Render(i18n.With(context.Background(), i18n.Printer{Catalogue: words, Lang: lang}), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// holding draws a component that has children.
func holding(c templ.Component, child templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, child), w)
	})
}

func TestGalleryDraws(t *testing.T) {
	out := draw(t, holding(ui.Layout(ui.Page{Title: "Gallery", Demo: true}), ui.Gallery()))
	if !strings.Contains(out, "<title>Gallery – Préau</title>") {
		t.Error("the tab is not titled")
	}
}
