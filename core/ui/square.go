package ui

import (
	"context"
	"fmt"
	"io"

	"github.com/a-h/templ"

	"preau/core/i18n"
	"preau/core/qr"
)

// square draws a text as a QR code, black on white whatever the colours of the page.
func square(text string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		code, err := qr.Encode(text)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, `<svg class="square" role="img" aria-label="%[3]s" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges">`+
			`<path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path fill="#000" d="%[2]s"/></svg>`,
			code.Side, code.Path(), templ.EscapeString(i18n.Say(ctx, "ui.square")))
		return err
	})
}
