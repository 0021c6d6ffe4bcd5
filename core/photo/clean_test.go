package photo

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"preau/core/fail"
)

func clean1(t testing.TB, b []byte, side int) (Cleaned, error) {
	t.Helper()
	return NewStudio(memory).Clean(t.Context(), somebody, bytes.NewReader(b), side)
}

func TestCleanAtItsOwnSize(t *testing.T) {
	upright := quarters(2000, 1000, seen)
	lying := quarters(1000, 2000, corners{green, white, red, blue}) // held so that it is turned to the right: 6
	for name, c := range map[string]struct {
		sent          []byte
		side          int
		width, height int
		as            string
	}{
		"a JPEG, upright":        {taken(jpegOf(t, upright), 1), 0, 2000, 1000, "image/jpeg"},
		"a JPEG, turned":         {taken(jpegOf(t, lying), 6), 0, 2000, 1000, "image/jpeg"},
		"a JPEG, made smaller":   {taken(jpegOf(t, lying), 6), 1700, 1700, 850, "image/jpeg"},
		"a JPEG of a small side": {taken(jpegOf(t, upright), 1), 100, 100, 50, "image/jpeg"},
		"a side that is larger":  {taken(jpegOf(t, upright), 1), 5000, 2000, 1000, "image/jpeg"},
		"a PNG, upright":         {withEXIF(pngOf(t, upright), 1), 0, 2000, 1000, "image/png"},
		"a PNG, turned":          {withEXIF(pngOf(t, lying), 6), 0, 2000, 1000, "image/png"},
		"a GIF":                  {gifOf(t, quarters(200, 100, seen)), 0, 200, 100, "image/png"},
		"a GIF, made smaller":    {gifOf(t, quarters(200, 100, seen)), 50, 50, 25, "image/png"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := clean1(t, c.sent, c.side)
			if err != nil {
				t.Fatal(err)
			}
			var m image.Image
			if got.Type == "image/png" {
				m, err = png.Decode(bytes.NewReader(got.Content))
			} else {
				m, err = jpeg.Decode(bytes.NewReader(got.Content))
			}
			if err != nil || got.Type != c.as || !strings.HasPrefix(got.Ending, ".") {
				t.Fatalf("%s, %v", got.Type, err)
			}
			if size := m.Bounds().Size(); size != image.Pt(c.width, c.height) || got.Width != c.width || got.Height != c.height {
				t.Errorf("it is of %v, %d × %d, not %d × %d", size, got.Width, got.Height, c.width, c.height)
			}
			checkCorners(t, m, seen)
			for _, word := range []string{"Exif", "eXIf", "EXIF", "comment", "film", "MM\x00*"} {
				if bytes.Contains(got.Content, []byte(word)) {
					t.Errorf("it says %s", word)
				}
			}
		})
	}
	if got, err := clean1(t, extended(webpOf(t), 64, 32, 1), 0); err != nil || got.Type != "image/jpeg" || bytes.Contains(got.Content, []byte("MM\x00*")) {
		t.Errorf("a WebP: %s, %v", got.Type, err)
	}
}

// What is drawn stays as it is, to the point, where it is not turned nor made smaller.
func TestCleanToThePoint(t *testing.T) {
	m := image.NewNRGBA64(image.Rect(0, 0, 30, 20))
	for y := range 20 {
		for x := range 30 {
			m.SetNRGBA64(x, y, color.NRGBA64{uint16(x * 2000), uint16(y * 3000), 12345, uint16(65535 - x*1000)})
		}
	}
	got, err := clean1(t, pngOf(t, m), 0)
	if err != nil {
		t.Fatal(err)
	}
	back, err := png.Decode(bytes.NewReader(got.Content))
	if err != nil {
		t.Fatal(err)
	}
	for y := range 20 {
		for x := range 30 {
			if back.At(x, y) != m.At(x, y) {
				t.Fatalf("the point %d, %d is %v, not %v", x, y, back.At(x, y), m.At(x, y))
			}
		}
	}
}

func TestNotCleaned(t *testing.T) {
	for name, c := range map[string]struct {
		sent []byte
		key  string
	}{
		"HEIC":        {append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 100)...), "photo.heic"},
		"AVIF":        {append([]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00miafavif"), make([]byte, 100)...), "photo.unknown"},
		"a huge JPEG": {huge(t)["JPEG"], "photo.too-large"},
		"a cut PNG":   {pngOf(t, quarters(200, 100, seen))[:200], "photo.damaged"},
		"a page":      {[]byte("<html>"), "photo.unknown"},
	} {
		got, err := clean1(t, c.sent, 0)
		var f *fail.Error
		if !errors.As(err, &f) || f.Kind != fail.Invalid || f.Key != c.key || len(got.Content) > 0 {
			t.Errorf("%s: %s, %v", name, got.Type, err)
		}
	}
	if _, err := NewStudio(memory).Clean(t.Context(), somebody, broken{}, 0); err == nil || fail.Is(err, fail.Invalid) {
		t.Errorf("what cannot be read: %v", err)
	}
}

// broken gives nothing.
type broken struct{}

func (broken) Read([]byte) (int, error)       { return 0, io.ErrClosedPipe }
func (broken) Seek(int64, int) (int64, error) { return 0, nil }
