package photo

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"testing"
	"time"
)

// BenchmarkMake makes a photo of 12 megapixels, and says how much longer that takes
// than the mere decoding of it.
func BenchmarkMake(b *testing.B) {
	m := image.NewRGBA(image.Rect(0, 0, 4000, 3000))
	for i := range m.Pix {
		m.Pix[i] = byte(i>>9) + byte(rand.IntN(40)) // as hard as leaves
	}
	sent := jpegOf(b, m)
	var floor time.Duration
	b.ReportAllocs()
	for b.Loop() {
		began := time.Now()
		if _, err := jpeg.Decode(bytes.NewReader(sent)); err != nil {
			b.Fatal(err)
		}
		floor += time.Since(began)
		if _, err := make1(b, sent); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed()-floor)/float64(floor), "×decoding")
}
