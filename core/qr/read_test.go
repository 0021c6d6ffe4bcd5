package qr

import (
	"image"
	"math"
	"slices"
	"testing"
	"time"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

// drawn puts a code on a picture, turned by an angle and leaning, so many pixels a module.
func drawn(t testing.TB, on *image.Gray, text string, x, y, module, angle, lean float64) {
	t.Helper()
	code, err := Encode(text)
	if err != nil {
		t.Fatal(err)
	}
	const fine = 16
	from := image.NewGray(image.Rect(0, 0, code.Side*fine, code.Side*fine))
	draw.Draw(from, from.Rect, image.White, image.Point{}, draw.Src)
	for _, run := range code.Dark {
		draw.Draw(from, image.Rect(run.X*fine, run.Y*fine, (run.X+run.Length)*fine, (run.Y+1)*fine), image.Black, image.Point{}, draw.Src)
	}
	scale := module / fine
	sin, cos := math.Sincos(angle)
	draw.BiLinear.Transform(on, f64.Aff3{scale * cos, -scale * sin * lean, x, scale * sin, scale * cos * lean, y}, from, from.Rect, draw.Over, nil)
}

func sheet(width, height int) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, width, height))
	draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
	return m
}

// Several codes are found on one picture, however each lies, with the places of their
// squares; where there is none, and on what is no picture of anything, none is.
func TestFind(t *testing.T) {
	m := sheet(1400, 1400)
	texts := []string{"AEAAAAAAAAAAACAAAAAAAAAAAIAAAAAAAAAAA", "https://ent.example.fr/x", "THE THIRD ONE, A LITTLE LONGER THAN THE OTHERS ARE"}
	drawn(t, m, texts[0], 100, 100, 5, 0, 1)
	drawn(t, m, texts[1], 900, 200, 7, 0.5, 1)
	drawn(t, m, texts[2], 600, 1300, 8, -2.4, 0.75)
	found := Find(t.Context(), m)
	if len(found) != len(texts) {
		t.Errorf("%d codes are found, of %d: %v", len(found), len(texts), found)
	}
	for _, f := range found {
		if !slices.Contains(texts, f.Text) || len(f.On) != len(f.There) || len(f.On) < 3 {
			t.Errorf("found %+v", f)
		}
		if f.Text != texts[0] {
			continue
		}
		for i, p := range f.On {
			want := Point{100 + (p.X+quiet)*5, 100 + (p.Y+quiet)*5}
			if math.Hypot(f.There[i].X-want.X, f.There[i].Y-want.Y) > 4 {
				t.Errorf("the square at %v is found at %v, not %v", p, f.There[i], want)
			}
		}
	}
	noise := sheet(600, 400)
	for i := range noise.Pix {
		noise.Pix[i] = byte(i * 2654435761 >> 13)
	}
	for _, none := range []*image.Gray{sheet(500, 500), sheet(1, 1), sheet(3, 2000), noise} {
		if found := Find(t.Context(), none); len(found) > 0 {
			t.Errorf("codes are found where there is none: %v", found)
		}
	}
}

// A picture made to look like squares everywhere takes no more time than is given.
func TestFindEnds(t *testing.T) {
	m := sheet(2400, 2400)
	for y := 0; y+20 < 2400; y += 22 {
		for x := 0; x+20 < 2400; x += 22 {
			for _, ring := range []struct {
				inset int
				dark  image.Image
			}{{0, image.Black}, {2, image.White}, {5, image.Black}} {
				draw.Draw(m, image.Rect(x+ring.inset, y+ring.inset, x+17-ring.inset, y+17-ring.inset), ring.dark, image.Point{}, draw.Src)
			}
		}
	}
	began := time.Now()
	Find(t.Context(), m)
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %s", took)
	}
}
