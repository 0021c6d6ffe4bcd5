package photo

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"slices"
	"testing"
)

// corners are those of a picture: top left, top right, bottom left, bottom right.
type corners [4]color.RGBA

// quarters draws a picture of four quarters.
func quarters(width, height int, c corners) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for i, colour := range c {
		x, y := width/2*(i%2), height/2*(i/2)
		draw.Draw(m, image.Rect(x, y, x+width/2, y+height/2), image.NewUniform(colour), image.Point{}, draw.Src)
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func webpOf(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/quarters.webp")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// exif is what a camera writes (a TIFF, CIPA DC-008 § 4.6): how it was held, and that
// it was at 48° 51′ north and 2° 21′ east.
func exif(orientation uint16) []byte {
	const entry, gps = 12, 8 + 2 + 2*12 + 4
	order := binary.BigEndian
	b := append([]byte("MM\x00*"), 0, 0, 0, 8)
	field := func(tag, kind uint16, count uint32, value ...byte) {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, kind)
		b = order.AppendUint32(b, count)
		b = append(b, append(value, make([]byte, 4-len(value))...)...)
	}
	short := func(n uint16) []byte { return order.AppendUint16(nil, n) }
	long := func(n uint32) []byte { return order.AppendUint32(nil, n) }
	b = order.AppendUint16(b, 2)
	field(0x0112, 3, 1, short(orientation)...)
	field(0x8825, 4, 1, long(gps)...)
	b = order.AppendUint32(b, 0)
	values := uint32(gps + 2 + 4*entry + 4)
	b = order.AppendUint16(b, 4)
	field(1, 2, 2, 'N')
	field(2, 5, 3, long(values)...)
	field(3, 2, 2, 'E')
	field(4, 5, 3, long(values+24)...)
	b = order.AppendUint32(b, 0)
	for _, n := range []uint32{48, 51, 0, 2, 21, 0} {
		b = order.AppendUint32(order.AppendUint32(b, n), 1)
	}
	return b
}

// segment is one of a JPEG file (ITU T.81 B.1.1.4).
func segment(marker byte, content []byte) []byte {
	b := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(content)))
	return append(b, content...)
}

// taken is the JPEG file of a camera: EXIF, a comment, and after it a film.
func taken(picture []byte, orientation uint16) []byte {
	return slices.Concat(picture[:2], segment(0xe1, append([]byte("Exif\x00\x00"), exif(orientation)...)),
		segment(0xfe, []byte("a secret comment")), picture[2:], []byte("a film that moves"))
}

// chunk is one of a PNG file.
func chunk(name string, content []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	b = append(append(b, name...), content...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// withEXIF puts EXIF in a PNG file.
func withEXIF(picture []byte, orientation uint16) []byte {
	const header = 8 + 8 + 13 + 4 // the signature and IHDR
	return slices.Concat(picture[:header], chunk("eXIf", exif(orientation)), picture[header:])
}

// part is one of a WebP file (RFC 9649 § 2.3).
func part(name string, content []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content)))
	b = append(b, content...)
	return append(b, make([]byte, len(content)%2)...)
}

// extended makes an extended WebP file of a simple one, with EXIF, that says it is so
// large.
func extended(picture []byte, width, height uint32, orientation uint16) []byte {
	head := []byte{1 << 3, 0, 0, 0, byte(width - 1), byte((width - 1) >> 8), byte((width - 1) >> 16),
		byte(height - 1), byte((height - 1) >> 8), byte((height - 1) >> 16)}
	return part("RIFF", slices.Concat([]byte("WEBP"), part("VP8X", head), picture[12:], part("EXIF", exif(orientation))))
}

// huge are files of a few bytes that say they have 400 million points.
func huge(t testing.TB) map[string][]byte {
	const side = 20_000
	small := jpegOf(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	frame := bytes.Index(small, []byte{0xff, 0xc0})
	big := bytes.Clone(small)
	binary.BigEndian.PutUint16(big[frame+5:], side)
	binary.BigEndian.PutUint16(big[frame+7:], side)
	ihdr := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, side), side)
	return map[string][]byte{
		"JPEG": big,
		"PNG":  slices.Concat([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(ihdr, 1, 0, 0, 0, 0)), chunk("IDAT", nil), chunk("IEND", nil)),
		"GIF":  append(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16([]byte("GIF89a"), side), side), 0, 0, 0),
		"WebP": extended(webpOf(t), side, side, 1),
	}
}

func pngHead(width, height uint32) []byte {
	ihdr := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	return slices.Concat([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(ihdr, 1, 0, 0, 0, 0)), chunk("IDAT", nil))
}

func withoutPoints() []byte {
	return []byte("GIF89a\x00\x00\x00\x00\x00\x00\x00")
}
