package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"codeberg.org/go-pdf/fpdf"
)

// Picture draws a PNG in a square, in its colours. The same one is in the
// document once, however often it is drawn.
func (d *Document) Picture(x, y, side float64, drawing []byte) {
	sum := sha256.Sum256(drawing)
	name, options := hex.EncodeToString(sum[:8]), fpdf.ImageOptions{ImageType: "PNG"}
	if d.pdf.GetImageInfo(name) == nil {
		d.pdf.RegisterImageOptionsReader(name, options, bytes.NewReader(drawing))
	}
	d.pdf.ImageOptions(name, x, y, side, side, false, options, 0, "")
}
