package liaison_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"preau/core/qr"
	"preau/service/liaison"
	"preau/test/house"
)

// What is here simulates photographs: no camera took them. A sheet is drawn by a program
// that shows PDF, somebody's strokes are added, and the picture is bent, shaded, blurred and
// compressed as a telephone would.

// sheetDPI is how many points an inch a sheet is drawn with.
const sheetDPI = 200

// perMM is how many of its points a millimetre has.
const perMM = sheetDPI / 25.4

// sheets draws the pages of a document.
func sheets(t *testing.T, document []byte) (pages []*image.Gray) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "talons.pdf")
	if err := os.WriteFile(path, document, 0o600); err != nil {
		t.Fatal(err)
	}
	draw := exec.CommandContext(t.Context(), house.Tool(t, "pdftoppm"), "-r", "200", "-gray", "-png", path, filepath.Join(dir, "page"))
	if out, err := draw.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "page*.png"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		page, err := png.Decode(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		gray := image.NewGray(page.Bounds())
		for y := range gray.Rect.Dy() {
			for x := range gray.Rect.Dx() {
				gray.Set(x, y, page.At(x, y))
			}
		}
		pages = append(pages, gray)
	}
	return pages
}

// pen is what one writes with: how dark it is, from 0 to 255, and how wide, in millimetres.
type pen struct {
	dark  uint8
	width float64
}

var (
	ball   = pen{60, 0.5}
	pencil = pen{135, 0.6}
)

// stroke writes from a place of a sheet to another, in millimetres.
func stroke(sheet *image.Gray, p pen, x1, y1, x2, y2 float64) {
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

// tickAt ticks a box of a sheet, as people do: not all of them in its middle.
func tickAt(sheet *image.Gray, p pen, x, y float64) {
	const s = liaison.BoxSide
	stroke(sheet, p, x+0.2*s, y+0.5*s, x+0.45*s, y+0.85*s)
	stroke(sheet, p, x+0.45*s, y+0.85*s, x+1.15*s, y-0.1*s)
}

// crossAt crosses one.
func crossAt(sheet *image.Gray, p pen, x, y float64) {
	const s = liaison.BoxSide
	stroke(sheet, p, x+0.1*s, y+0.15*s, x+0.9*s, y+0.85*s)
	stroke(sheet, p, x+0.85*s, y+0.1*s, x+0.15*s, y+0.95*s)
}

// camera is how a picture of a sheet is taken.
type camera struct {
	width, height int           // of the picture
	corners       [4][2]float64 // where the corners of the sheet are, from 0 to 1: top left, top right, bottom right, bottom left
	shadow        float64       // how much darker the bottom right is, from 0 to 1
	light         float64       // of white paper, from 0 to 1; 1 when 0
	blur          int           // how many pixels around each are mixed
	noise         float64
	curl          float64 // how far the middle of the sheet is from flat, in millimetres
	quality       int     // of the JPEG; 80 when 0
}

// flatly is a sheet that fills a picture.
var flatly = [4][2]float64{{0.03, 0.03}, {0.97, 0.03}, {0.97, 0.97}, {0.03, 0.97}}

// shoot gives the JPEG of a simulated photograph.
func (c camera) shoot(t *testing.T, sheet *image.Gray) []byte {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	var from, to []qr.Point
	for i, on := range [4][2]float64{{0, 0}, {float64(sheet.Rect.Dx()), 0}, {float64(sheet.Rect.Dx()), float64(sheet.Rect.Dy())}, {0, float64(sheet.Rect.Dy())}} {
		from = append(from, qr.Point{X: c.corners[i][0] * float64(c.width), Y: c.corners[i][1] * float64(c.height)})
		to = append(to, qr.Point{X: on[0], Y: on[1]})
	}
	back, ok := liaison.PlaneOf(from, to)
	if !ok {
		t.Fatal("the corners of a sheet make none")
	}
	light := c.light
	if light == 0 {
		light = 1
	}
	picture := image.NewGray(image.Rect(0, 0, c.width, c.height))
	for y := range c.height {
		for x := range c.width {
			at := back.At(float64(x)+0.5, float64(y)+0.5)
			at.Y += c.curl * perMM * math.Sin(at.X/float64(sheet.Rect.Dx())*math.Pi)
			value := 70 + 25*math.Sin(float64(x)/9) // the table
			if u, v := at.X, at.Y; u >= 1 && v >= 1 && u < float64(sheet.Rect.Dx()-2) && v < float64(sheet.Rect.Dy()-2) {
				fu, fv := u-math.Floor(u), v-math.Floor(v)
				p := sheet.Pix[int(v)*sheet.Stride+int(u):]
				above, below := float64(p[0])*(1-fu)+float64(p[1])*fu, float64(p[sheet.Stride])*(1-fu)+float64(p[sheet.Stride+1])*fu
				value = above*(1-fv) + below*fv
				value = 25 + value*0.87 // no ink is black, no paper white
			}
			shade := 1 - c.shadow*(float64(x)/float64(c.width)+float64(y)/float64(c.height))/2
			value = value*light*shade + random.NormFloat64()*c.noise
			picture.Pix[y*picture.Stride+x] = uint8(max(0, min(255, value)))
		}
	}
	for range 2 {
		picture = blurred(picture, c.blur)
	}
	quality := c.quality
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
