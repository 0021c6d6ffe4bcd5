package printed

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"preau/core/qr"
	"preau/core/talon"
)

// What is here simulates photographs: no Camera took them. A sheet is drawn by a program
// that shows PDF, somebody's strokes are added, and the picture is bent, shaded, blurred and
// compressed as a telephone would.

// sheetDPI is how many points an inch a sheet is drawn with.
const sheetDPI = 200

// perMM is how many of its points a millimetre has.
const perMM = sheetDPI / 25.4

// Sheets draws the pages of a PDF, which is the name of a file.
func Sheets(t *testing.T, document string) (pages []*image.Gray) {
	t.Helper()
	for _, name := range Draw(t, document, sheetDPI) {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var width, height, most int
		n, err := fmt.Sscanf(string(raw[:min(len(raw), 64)]), "P5\n%d %d\n%d\n", &width, &height, &most)
		if err != nil || n != 3 || len(raw) < width*height {
			t.Fatalf("%s is no picture in shades of grey: %v", name, err)
		}
		pages = append(pages, &image.Gray{Pix: raw[len(raw)-width*height:], Stride: width, Rect: image.Rect(0, 0, width, height)})
	}
	return pages
}

// Pen is what one writes with: how dark it is, from 0 to 255, and how wide, in millimetres.
type Pen struct {
	dark  uint8
	width float64
}

var (
	Ball   = Pen{60, 0.5}
	Pencil = Pen{135, 0.6}
)

// Stroke writes from a place of a sheet to another, in millimetres.
func Stroke(sheet *image.Gray, p Pen, x1, y1, x2, y2 float64) {
	steps := int(math.Hypot(x2-x1, y2-y1)*perMM*2) + 1
	r := p.width * perMM / 2
	for i := range steps + 1 {
		x, y := (x1+(x2-x1)*float64(i)/float64(steps))*perMM, (y1+(y2-y1)*float64(i)/float64(steps))*perMM
		for v := math.Floor(y - r); v <= y+r; v++ {
			for u := math.Floor(x - r); u <= x+r; u++ {
				if math.Hypot(u-x, v-y) <= r && sheet.GrayAt(int(u), int(v)).Y > p.dark {
					sheet.SetGray(int(u), int(v), color.Gray{Y: p.dark})
				}
			}
		}
	}
}

// Tick ticks a box of a sheet, as people do: not all of them in its middle.
func Tick(sheet *image.Gray, p Pen, x, y float64) {
	const s = talon.BoxSide
	Stroke(sheet, p, x+0.2*s, y+0.5*s, x+0.45*s, y+0.85*s)
	Stroke(sheet, p, x+0.45*s, y+0.85*s, x+1.15*s, y-0.1*s)
}

// Cross crosses one.
func Cross(sheet *image.Gray, p Pen, x, y float64) {
	const s = talon.BoxSide
	Stroke(sheet, p, x+0.1*s, y+0.15*s, x+0.9*s, y+0.85*s)
	Stroke(sheet, p, x+0.85*s, y+0.1*s, x+0.15*s, y+0.95*s)
}

// Camera is how a picture of a sheet is taken.
type Camera struct {
	Width, Height int           // of the picture
	Corners       [4][2]float64 // where the corners of the sheet are, from 0 to 1: top left, top right, bottom right, bottom left
	Shadow        float64       // how much darker the bottom right is, from 0 to 1
	Light         float64       // of white paper, from 0 to 1; 1 when 0
	Blur          int           // how many pixels around each are mixed
	Noise         float64
	Curl          float64 // how far the middle of the sheet is from flat, in millimetres
	Quality       int     // of the JPEG; 80 when 0
}

// Flatly is a sheet that fills a picture.
var Flatly = [4][2]float64{{0.03, 0.03}, {0.97, 0.03}, {0.97, 0.97}, {0.03, 0.97}}

// Shoot gives the JPEG of a simulated photograph.
func (c Camera) Shoot(t *testing.T, sheet *image.Gray) []byte {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	var from, to []qr.Point
	for i, on := range [4][2]float64{{0, 0}, {float64(sheet.Rect.Dx()), 0}, {float64(sheet.Rect.Dx()), float64(sheet.Rect.Dy())}, {0, float64(sheet.Rect.Dy())}} {
		from = append(from, qr.Point{X: c.Corners[i][0] * float64(c.Width), Y: c.Corners[i][1] * float64(c.Height)})
		to = append(to, qr.Point{X: on[0], Y: on[1]})
	}
	back, ok := talon.PlaneOf(from, to)
	if !ok {
		t.Fatal("the corners of a sheet make none")
	}
	light := c.Light
	if light == 0 {
		light = 1
	}
	picture := image.NewGray(image.Rect(0, 0, c.Width, c.Height))
	for y := range c.Height {
		for x := range c.Width {
			at := back.At(float64(x)+0.5, float64(y)+0.5)
			at.Y += c.Curl * perMM * math.Sin(at.X/float64(sheet.Rect.Dx())*math.Pi)
			value := 70 + 25*math.Sin(float64(x)/9) // the table
			if u, v := at.X, at.Y; u >= 1 && v >= 1 && u < float64(sheet.Rect.Dx()-2) && v < float64(sheet.Rect.Dy()-2) {
				fu, fv := u-math.Floor(u), v-math.Floor(v)
				p := sheet.Pix[int(v)*sheet.Stride+int(u):]
				above, below := float64(p[0])*(1-fu)+float64(p[1])*fu, float64(p[sheet.Stride])*(1-fu)+float64(p[sheet.Stride+1])*fu
				value = above*(1-fv) + below*fv
				value = 25 + value*0.87 // no ink is black, no paper white
			}
			shade := 1 - c.Shadow*(float64(x)/float64(c.Width)+float64(y)/float64(c.Height))/2
			value = value*light*shade + random.NormFloat64()*c.Noise
			picture.Pix[y*picture.Stride+x] = uint8(max(0, min(255, value)))
		}
	}
	for range 2 {
		picture = blurred(picture, c.Blur)
	}
	quality := c.Quality
	if quality == 0 {
		quality = 80
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// blurred mixes each pixel with those around it.
func blurred(m *image.Gray, r int) *image.Gray {
	if r == 0 {
		return m
	}
	to := image.NewGray(m.Rect)
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			sum, n := 0, 0
			for v := max(0, y-r); v <= min(m.Rect.Dy()-1, y+r); v++ {
				for u := max(0, x-r); u <= min(m.Rect.Dx()-1, x+r); u++ {
					sum, n = sum+int(m.Pix[v*m.Stride+u]), n+1
				}
			}
			to.Pix[y*to.Stride+x] = uint8(sum / n)
		}
	}
	return to
}
