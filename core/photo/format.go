package photo

import (
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"slices"

	"github.com/bep/imagemeta"
	"golang.org/x/image/webp"

	"preau/core/fail"
)

// format is one that we read.
type format struct {
	begins string // its first bytes, where ? is any
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	check  func(io.Reader) error // what else is looked at before it is decoded; nil: nothing
	exif   imagemeta.ImageFormat // zero: it has none
	drawn  bool                  // it is for what is drawn, and each point counts
	// bytes is the memory that a pixel takes at most while it is decoded, by the
	// colours that it has.
	bytes func(color.Model) int64
}

// formats are all those that we read. The list of the standard library (package
// image) is as long as what the program imports.
var formats = []format{
	{"\xff\xd8\xff", jpeg.DecodeConfig, jpeg.Decode, fewScans, imagemeta.JPEG, false, func(m color.Model) int64 {
		switch m { // a progressive one has 4 bytes for each sample, beside the image
		case color.GrayModel:
			return 5
		case color.CMYKModel:
			return 24
		}
		return 19
	}},
	{"\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode, nil, imagemeta.PNG, true, func(m color.Model) int64 {
		switch m { // an interlaced one is made of parts, which together are as large
		case color.RGBA64Model, color.NRGBA64Model:
			return 16
		}
		return 8
	}},
	{"RIFF????WEBPVP8", webp.DecodeConfig, webp.Decode, nil, imagemeta.WebP, false, func(color.Model) int64 { return 12 }},
	{"GIF8?a", gif.DecodeConfig, gif.Decode, nil, 0, true, func(color.Model) int64 { return 2 }},
}

func (f *format) begin(head []byte) bool {
	if len(head) < len(f.begins) {
		return false
	}
	for i := range len(f.begins) {
		if f.begins[i] != '?' && f.begins[i] != head[i] {
			return false
		}
	}
	return true
}

// takes is the memory, in bytes, of a picture while a photo is made of it.
func (f *format) takes(c image.Config) int64 {
	return int64(c.Width)*int64(c.Height)*f.bytes(c.ColorModel) + reducing(c.Width, c.Height)
}

// look finds what a file is, and how large, without decoding it. What it finds is what
// is decoded then, whatever the name or the sender says.
func look(from *source) (*format, image.Config, error) {
	var none image.Config
	head := make([]byte, 16)
	if err := from.rewind(); err != nil {
		return nil, none, err
	}
	n, err := io.ReadFull(from, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, none, err
	}
	head = head[:n]
	if isHEIC(head) {
		return nil, none, fail.New(fail.Invalid, "a photo in HEIC").Say("photo.heic")
	}
	i := slices.IndexFunc(formats, func(f format) bool { return f.begin(head) })
	if i < 0 {
		return nil, none, fail.New(fail.Invalid, "a photo of an unknown format").Say("photo.unknown")
	}
	f := &formats[i]
	if err := from.rewind(); err != nil {
		return nil, none, err
	}
	size, err := f.config(from)
	switch {
	case err != nil:
		return nil, none, damaged(err)
	case size.Width <= 0 || size.Height <= 0:
		return nil, none, damaged(errors.New("without points"))
	case int64(size.Width)*int64(size.Height) > Pixels*1_000_000:
		return nil, none, fail.New(fail.Invalid, "a photo of %d × %d pixels", size.Width, size.Height).Say("photo.too-large")
	case f.check == nil:
		return f, size, nil
	}
	if err := from.rewind(); err != nil {
		return nil, none, err
	}
	if err := f.check(from); err != nil {
		return nil, none, damaged(err)
	}
	return f, size, nil
}

// isHEIC tells the files of the HEVC family (ISO/IEC 23008-12 annex B; brands of
// ISO/IEC 14496-12 § 4.3).
func isHEIC(head []byte) bool {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return false
	}
	switch string(head[8:12]) {
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1":
		return true
	}
	return false
}

// orientation is how the camera was held: the value of EXIF's tag 0x0112 (CIPA
// DC-008 § 4.6.5), from 1 to 8; 1, upright, where a picture does not say.
func (s *source) orientation(f *format) int {
	if f.exif == 0 || s.rewind() != nil {
		return 1
	}
	turn := 1
	// What is wrong in there does not matter: the picture may be good all the same.
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: s, ImageFormat: f.exif, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool { return tag.Namespace == "IFD0" && tag.Tag == "Orientation" },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if n, ok := tag.Value.(uint16); ok && n >= 1 && n <= 8 {
				turn = int(n)
			}
			return imagemeta.ErrStopWalking
		},
	})
	return turn
}
