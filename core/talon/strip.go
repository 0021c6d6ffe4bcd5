package talon

import "preau/core/paper"

// The measures of a strip.
const (
	Margin   = 12.0 // of the sheet, beside a strip
	Width    = paper.Width - 2*Margin
	Height   = 32.0
	CodeSide = 30.0 // of the code, with the white around it
	BoxSide  = 7.0
	Right    = Width - markSide // where the black squares begin, which nothing may touch

	markSide = 3.5
)

// Box is a box of a strip, from whose corner its own is measured, and what a tick in it says.
type Box struct {
	Answer string
	X, Y   float64
}

// marks are the corners of the black squares.
var marks = [2][2]float64{{Right, 0}, {Right, Height - markSide}}

// Draw draws a strip on a page, with its corner at a place: what is read again.
func Draw(d *paper.Document, x, y float64, token string, boxes []Box) {
	d.QR(x, y+(Height-CodeSide)/2, CodeSide, token)
	for _, m := range marks {
		d.Mark(x+m[0], y+m[1], markSide)
	}
	for _, b := range boxes {
		d.Tick(x+b.X, y+b.Y, BoxSide)
	}
}
