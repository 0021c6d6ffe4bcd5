package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"

	"codeberg.org/go-pdf/fpdf"
	"github.com/srwiley/oksvg"
	"github.com/srwiley/rasterx"
)

// dots is how many a drawing has on a side: sharp at four centimetres, and as
// sharp as a poster needs at eight.
const dots = 480

// Picture draws an SVG in a square, in its colours. The same drawing is in the
// file once, however often it is drawn.
func (d *Document) Picture(x, y, side float64, svg []byte) {
	sum := sha256.Sum256(svg)
	name := hex.EncodeToString(sum[:8])
	options := fpdf.ImageOptions{ImageType: "PNG"}
	if d.pdf.GetImageInfo(name) == nil {
		drawing, err := rasterise(svg)
		if err != nil {
			d.err = fmt.Errorf("paper: a drawing: %w", err)
			return
		}
		d.pdf.RegisterImageOptionsReader(name, options, drawing)
	}
	d.pdf.ImageOptions(name, x, y, side, side, false, options, 0, "")
}

// rasterise makes a PNG of an SVG.
func rasterise(svg []byte) (*bytes.Buffer, error) {
	icon, err := oksvg.ReadIconStream(bytes.NewReader(svg), oksvg.StrictErrorMode)
	if err != nil {
		return nil, err
	}
	icon.SetTarget(0, 0, dots, dots)
	picture := image.NewRGBA(image.Rect(0, 0, dots, dots))
	icon.Draw(rasterx.NewDasher(dots, dots, rasterx.NewScannerGV(dots, dots, picture, picture.Bounds())), 1)
	var out bytes.Buffer
	return &out, png.Encode(&out, picture)
}
