package portal

import (
	"bytes"
	"errors"
	"fmt"

	"preau/account"
	"preau/core/qr"
	"preau/core/web"
)

// square is the secret of the application to be added, as its camera reads it.
// It is an address of its own, since nothing is drawn inside a page.
func (p *Portal) square(r *web.Request) (web.Answer, error) {
	s, err := account.Bearer(r.Tx, r.Token())
	if err != nil {
		return nil, err
	}
	err = p.Accounts.MayAdd(r.Tx, s)
	if errors.Is(err, account.ErrSecondStep) {
		return web.Redirect{To: secondPath}, nil
	}
	if err != nil {
		return nil, err
	}
	key, err := p.Accounts.AppKey(r.Tx, s)
	if err != nil {
		return nil, err
	}
	picture, err := drawSquare(key.URL)
	if err != nil {
		return nil, err
	}
	return web.File{Name: "preau.svg", Type: "image/svg+xml", Content: bytes.NewReader(picture)}, nil
}

// drawSquare draws a text as a QR code, black on white.
func drawSquare(text string) ([]byte, error) {
	code, err := qr.Encode(text)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="%[2]s"/></svg>`, code.Side, code.Path()), nil
}
