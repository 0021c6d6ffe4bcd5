package qr

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quiet is the white that readers want around a code, in modules.
const quiet = 4

// Run is dark modules side by side, counted from the corner of the white around
// the code.
type Run struct{ X, Y, Length int }

// Code is a code with the white around it: Side modules wide and high.
type Code struct {
	Side int
	Dark []Run // line by line
}

// Encode makes the code of a text.
func Encode(text string) (Code, error) {
	drawn, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return Code{}, fmt.Errorf("a QR code: %w", err)
	}
	n := drawn.Bounds().Dx()
	c := Code{Side: n + 2*quiet}
	dark := func(x, y int) bool {
		red, _, _, _ := drawn.At(x, y).RGBA()
		return red < 1<<15
	}
	for y := range n {
		for x := 0; x < n; x++ {
			run := 0
			for x+run < n && dark(x+run, y) {
				run++
			}
			if run > 0 {
				c.Dark = append(c.Dark, Run{x + quiet, y + quiet, run})
				x += run
			}
		}
	}
	return c, nil
}

// Path is the dark modules as the d of a path of SVG, a module a unit.
func (c Code) Path() string {
	var path strings.Builder
	for _, run := range c.Dark {
		fmt.Fprintf(&path, "M%d %dh%dv1h-%[3]dz", run.X, run.Y, run.Length)
	}
	return path.String()
}
