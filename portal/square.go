package portal

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"strings"

	"github.com/boombuler/barcode/qr"

	"preau/account"
	"preau/core/web"
)

// square is the secret of the application to be added, as its camera reads it.
// It is an address of its own, since nothing is drawn inside a page.
func (p *Portal) square(r *web.Request) (web.Answer, error) {
	s, err := p.Accounts.Bearer(r.Tx, r.Token())
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

// drawSquare draws a text as a QR code (ISO/IEC 18004, level M), black on white
// with the four modules of white around it that readers want.
func drawSquare(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("drawing a QR code: %w", err)
	}
	const quiet = 4
	n := code.Bounds().Dx()
	var path strings.Builder
	for y := range n {
		for x := range n {
			if dark(code, x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	side := n + 2*quiet
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="%[2]s"/></svg>`, side, path.String()), nil
}

func dark(code image.Image, x, y int) bool {
	red, _, _, _ := code.At(x, y).RGBA()
	return red < 1<<15
}
