package photo

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"testing"

	"preau/core/fail"
)

// The light of a picture is read as it is, on white where it is transparent, and of one
// that is larger than is read several points make one; what is no picture is refused.
func TestGray(t *testing.T) {
	studio := NewStudio(64 << 20)
	m := image.NewNRGBA(image.Rect(0, 0, GraySide+2, 4))
	for x := range m.Rect.Dx() {
		m.SetNRGBA(x, 0, color.NRGBA{0, 0, 0, 255})
		m.SetNRGBA(x, 1, color.NRGBA{255, 255, 255, 255})
		m.SetNRGBA(x, 2, color.NRGBA{0, 0, 0, 0})
		m.SetNRGBA(x, 3, color.NRGBA{0, 0, 0, 0})
	}
	var sent bytes.Buffer
	if err := png.Encode(&sent, m); err != nil {
		t.Fatal(err)
	}
	done := false
	err := studio.Gray(t.Context(), somebody, bytes.NewReader(sent.Bytes()), func(_ context.Context, g *image.Gray) {
		done = true
		if g.Rect.Dx() != GraySide/2+1 || g.Rect.Dy() != 2 || g.GrayAt(7, 0).Y != 127 || g.GrayAt(7, 1).Y != 255 {
			t.Errorf("%v, of light %d and %d", g.Rect, g.GrayAt(7, 0).Y, g.GrayAt(7, 1).Y)
		}
	})
	if err != nil || !done {
		t.Errorf("done: %v, %v", done, err)
	}
	never := func(context.Context, *image.Gray) { t.Error("what is no picture is read") }
	for _, none := range []string{"", "%PDF-1.7", sent.String()[:60]} {
		if err := studio.Gray(t.Context(), somebody, bytes.NewReader([]byte(none)), never); !fail.Is(err, fail.Invalid) {
			t.Errorf("%.10q: %v", none, err)
		}
	}
}
