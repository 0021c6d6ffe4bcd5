package talon_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"strings"
	"testing"
	"time"

	"preau/core/paper"
	"preau/core/talon"
	"preau/test/printed"
)

// strips is a sheet with strips of two boxes, and where its boxes are.
type strips struct {
	sheet *image.Gray
	boxes []talon.Box
}

// rows is how many strips a sheet has, and rowHeight how far one is from the next.
const rows, rowHeight = 4, 70.0

// newStrips prints a sheet whose strips say "strip 0", "strip 1"…
func newStrips(t *testing.T) strips {
	t.Helper()
	s := strips{boxes: []talon.Box{{Answer: "yes", X: talon.CodeSide + 6, Y: 2}, {Answer: "no", X: talon.CodeSide + 41, Y: 2}}}
	d := paper.New("Talons", time.Date(2026, 9, 7, 8, 30, 0, 0, time.UTC))
	d.Page()
	for row := range rows {
		talon.Draw(d, talon.Margin, top(row), token(row), s.boxes)
	}
	document, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	s.sheet = printed.Sheets(t, printed.Keep(t, document))[0]
	return s
}

func top(row int) float64   { return 20 + float64(row)*rowHeight }
func token(row int) string  { return fmt.Sprintf("STRIP %d", row) }
func ours(text string) bool { return strings.HasPrefix(text, "STRIP ") }

// fill marks a box of a strip.
func (s strips) fill(row, box int, mark func(*image.Gray, printed.Pen, float64, float64), p printed.Pen) {
	mark(s.sheet, p, talon.Margin+s.boxes[box].X, top(row)+s.boxes[box].Y)
}

// read says what is read on a photograph of the sheet, by the codes of its strips.
func (s strips) read(t *testing.T, shot []byte, known func(string) bool) string {
	t.Helper()
	whole, err := jpeg.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	picture, gray := whole.(*image.Gray)
	if !gray {
		t.Fatalf("a photograph is %T", whole)
	}
	read := map[string]string{}
	for _, seen := range talon.Find(t.Context(), picture, known) {
		answer, blank := seen.Read(s.boxes)
		if blank {
			answer = "none"
		}
		read[seen.Token] = answer
	}
	return fmt.Sprint(read)
}

// A simulated photograph of a sheet is read whatever the way in which it was taken, and what
// is not sure is not read.
func TestSimulatedPhotographs(t *testing.T) {
	s := newStrips(t)
	s.fill(0, 0, printed.Tick, printed.Ball)
	s.fill(1, 1, printed.Cross, printed.Ball)
	s.fill(2, 0, printed.Tick, printed.Pencil)
	s.fill(3, 0, printed.Cross, printed.Ball) // both: it is for whoever reads to say
	s.fill(3, 1, printed.Cross, printed.Ball)
	want := "map[STRIP 0:yes STRIP 1:no STRIP 2:yes STRIP 3:]"
	side := [4][2]float64{{0.12, 0.10}, {0.92, 0.05}, {0.99, 0.93}, {0.02, 0.97}}
	steep := [4][2]float64{{0.20, 0.16}, {0.80, 0.16}, {0.98, 0.95}, {0.02, 0.95}}
	for name, c := range map[string]printed.Camera{
		"a scan of 200 dpi":          {Width: 1654, Height: 2339, Corners: [4][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}}},
		"a scan of 150 dpi":          {Width: 1240, Height: 1754, Corners: [4][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}}},
		"from above":                 {Width: 1700, Height: 2270, Corners: printed.Flatly, Noise: 3},
		"upside down":                {Width: 1700, Height: 2270, Corners: [4][2]float64{{0.97, 0.97}, {0.03, 0.97}, {0.03, 0.03}, {0.97, 0.03}}, Noise: 3},
		"lying on its side":          {Width: 2270, Height: 1700, Corners: [4][2]float64{{0.97, 0.03}, {0.97, 0.97}, {0.03, 0.97}, {0.03, 0.03}}, Noise: 3},
		"askew":                      {Width: 1900, Height: 2270, Corners: [4][2]float64{{0.18, 0.02}, {0.98, 0.14}, {0.82, 0.98}, {0.02, 0.86}}, Noise: 3},
		"from the side":              {Width: 1700, Height: 2270, Corners: side, Noise: 3},
		"from where one sits":        {Width: 1700, Height: 2270, Corners: steep, Noise: 3},
		"in a shadow":                {Width: 1700, Height: 2270, Corners: side, Shadow: 0.8, Noise: 3},
		"in a dark room":             {Width: 1700, Height: 2270, Corners: side, Light: 0.4, Noise: 6},
		"a little blurred":           {Width: 1700, Height: 2270, Corners: side, Blur: 1, Noise: 3},
		"much compressed":            {Width: 1700, Height: 2270, Corners: side, Quality: 25, Noise: 3},
		"on a sheet that was curled": {Width: 1700, Height: 2270, Corners: side, Curl: 4, Noise: 3},
		"of eight megapixels":        {Width: 2450, Height: 3270, Corners: side, Shadow: 0.4, Blur: 1, Noise: 4, Quality: 70},
		"all of it at once":          {Width: 1700, Height: 2270, Corners: steep, Shadow: 0.5, Light: 0.8, Blur: 1, Noise: 5, Curl: 2, Quality: 50},
	} {
		t.Run(name, func(t *testing.T) {
			shot := c.Shoot(t, s.sheet)
			if dir := os.Getenv("PREAU_SHOTS"); dir != "" {
				_ = os.WriteFile(dir+"/"+strings.ReplaceAll(name, " ", "-")+".jpg", shot, 0o600)
			}
			if got := s.read(t, shot, ours); got != want {
				t.Errorf("%s was read, want %s", got, want)
			}
		})
	}
}

// What nobody has filled in is blank; a code of others is told, and its strip is not read.
func TestStripsOfOthers(t *testing.T) {
	s := newStrips(t)
	shot := printed.Camera{Width: 1700, Height: 2270, Corners: printed.Flatly, Noise: 3}.Shoot(t, s.sheet)
	if got := s.read(t, shot, ours); got != "map[STRIP 0:none STRIP 1:none STRIP 2:none STRIP 3:none]" {
		t.Errorf("%s was read of a sheet that is blank", got)
	}
	whole, err := jpeg.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	for _, seen := range talon.Find(t.Context(), whole.(*image.Gray), func(string) bool { return false }) {
		if answer, blank := seen.Read(s.boxes); answer != "" || blank {
			t.Errorf("a strip of others is read: %q, blank %t", answer, blank)
		}
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if seen := talon.Find(over, whole.(*image.Gray), ours); len(seen) != 0 {
		t.Errorf("%d strips are laid flat when the time is over", len(seen))
	}
}
