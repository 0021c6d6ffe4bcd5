package photo

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"preau/core/fail"
	"preau/core/i18n"
)

// memory is enough for what the tests make.
const memory = 1 << 30

// corners are those of a picture: top left, top right, bottom left, bottom right.
type corners [4]color.RGBA

var (
	red   = color.RGBA{255, 0, 0, 255}
	green = color.RGBA{0, 255, 0, 255}
	blue  = color.RGBA{0, 0, 255, 255}
	white = color.RGBA{255, 255, 255, 255}
	seen  = corners{red, green, blue, white}
)

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

func make1(t testing.TB, b []byte) (*Photo, error) {
	t.Helper()
	return NewStudio(memory).Make(t.Context(), bytes.NewReader(b))
}

// check opens a file that was made, which has nothing but a picture, of its size.
func check(t testing.TB, p Picture, width, height int) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Bounds().Size(); got != image.Pt(width, height) || p.Width != width || p.Height != height {
		t.Errorf("it is of %v, %d × %d, not %d × %d", got, p.Width, p.Height, width, height)
	}
	// quantization, frame, Huffman, scan: what draws it (ITU T.81 table B.1)
	b := p.JPEG[2:]
	for b[1] != 0xda {
		if b[0] != 0xff || !slices.Contains([]byte{0xdb, 0xc0, 0xc4}, b[1]) {
			t.Fatalf("it has a segment %#x", b[1])
		}
		b = b[2+binary.BigEndian.Uint16(b[2:]):]
	}
	for _, word := range []string{"Exif", "comment", "film"} {
		if bytes.Contains(p.JPEG, []byte(word)) {
			t.Errorf("it says %s", word)
		}
	}
	return m
}

// checkCorners looks at the middle of each quarter.
func checkCorners(t testing.TB, m image.Image, want corners) {
	t.Helper()
	b := m.Bounds()
	for i, colour := range want {
		x, y := b.Dx()/4+b.Dx()/2*(i%2), b.Dy()/4+b.Dy()/2*(i/2)
		r, g, bl, _ := m.At(x, y).RGBA()
		for j, got := range []uint32{r, g, bl} {
			if d := int(got>>8) - int([]uint8{colour.R, colour.G, colour.B}[j]); d < -12 || d > 12 {
				t.Fatalf("corner %d is %v, not %v", i, m.At(x, y), colour)
			}
		}
	}
}

// held are the corners of what a camera writes when it sees red, green, blue and white,
// by its orientation (CIPA DC-008 § 4.6.5, tag 0x0112: where the first row and the
// first column are).
var held = map[uint16]corners{
	1: {red, green, blue, white},
	2: {green, red, white, blue},
	3: {white, blue, green, red},
	4: {blue, white, red, green},
	5: {red, blue, green, white},
	6: {green, white, red, blue},
	7: {white, green, blue, red},
	8: {blue, red, white, green},
}

func TestUprightAndNothingElse(t *testing.T) {
	for orientation, stored := range held {
		width, height := 128, 64
		if orientation >= 5 {
			width, height = height, width
		}
		m := quarters(width, height, stored)
		for name, sent := range map[string][]byte{
			"JPEG": taken(jpegOf(t, m), orientation),
			"PNG":  withEXIF(pngOf(t, m), orientation),
		} {
			t.Run(fmt.Sprint(name, " held ", orientation), func(t *testing.T) {
				photo, err := make1(t, sent)
				if err != nil {
					t.Fatal(err)
				}
				checkCorners(t, check(t, photo.Whole, 128, 64), seen)
				checkCorners(t, check(t, photo.Preview, 128, 64), seen)
			})
		}
	}
	t.Run("WebP held 6", func(t *testing.T) {
		photo, err := make1(t, extended(webpOf(t), 64, 32, 6))
		if err != nil {
			t.Fatal(err)
		}
		// what was seen when held[1] is stored: its top is what is on the left
		checkCorners(t, check(t, photo.Whole, 32, 64), corners{blue, red, white, green})
	})
}

func TestWhateverIsSent(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 10, 10))
	deep := image.NewNRGBA64(image.Rect(0, 0, 10, 10))
	clear := image.NewNRGBA(image.Rect(0, 0, 10, 10)) // transparent
	draw.Draw(grey, grey.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(deep, deep.Rect, image.White, image.Point{}, draw.Src)
	allWhite := corners{white, white, white, white}
	shifted := quarters(64, 32, seen)
	for name, c := range map[string]struct {
		sent          []byte
		width, height int
		corners       corners
	}{
		"JPEG":             {jpegOf(t, quarters(64, 32, seen)), 64, 32, seen},
		"PNG":              {pngOf(t, quarters(64, 32, seen)), 64, 32, seen},
		"GIF":              {gifOf(t, quarters(64, 32, seen)), 64, 32, seen},
		"WebP":             {webpOf(t), 64, 32, seen},
		"grey JPEG":        {jpegOf(t, grey), 10, 10, allWhite},
		"grey PNG":         {pngOf(t, grey), 10, 10, allWhite},
		"PNG of 16 bits":   {pngOf(t, deep), 10, 10, allWhite},
		"transparent PNG":  {pngOf(t, clear), 10, 10, allWhite},
		"one pixel":        {pngOf(t, shifted.SubImage(image.Rect(40, 20, 41, 21))), 1, 1, allWhite},
		"a part of an old": {pngOf(t, shifted.SubImage(image.Rect(33, 17, 63, 31))), 30, 14, allWhite},
	} {
		t.Run(name, func(t *testing.T) {
			photo, err := make1(t, c.sent)
			if err != nil {
				t.Fatal(err)
			}
			checkCorners(t, check(t, photo.Whole, c.width, c.height), c.corners)
		})
	}
}

func TestSizes(t *testing.T) {
	for _, c := range []struct{ width, height, wholeW, wholeH, previewW, previewH int }{
		{1600, 400, 1600, 400, 480, 120},
		{1602, 402, 1600, 401, 480, 120},
		{3198, 400, 1600, 200, 480, 60},
		{400, 3200, 200, 1600, 60, 480},
		{4000, 300, 1600, 120, 480, 36},
		{1300, 975, 1300, 975, 480, 360},
		{480, 100, 480, 100, 480, 100},
		{20_000, 10, 1600, 1, 480, 1},
		{10, 20_000, 1, 1600, 1, 480},
		{2, 100_000, 1, 1600, 1, 480},
	} {
		t.Run(fmt.Sprintf("%d × %d", c.width, c.height), func(t *testing.T) {
			photo, err := make1(t, pngOf(t, quarters(c.width, c.height, seen)))
			if err != nil {
				t.Fatal(err)
			}
			whole, preview := check(t, photo.Whole, c.wholeW, c.wholeH), check(t, photo.Preview, c.previewW, c.previewH)
			if min(c.wholeW, c.wholeH) > 1 {
				checkCorners(t, whole, seen)
				checkCorners(t, preview, seen)
			}
		})
	}
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

func TestRefused(t *testing.T) {
	words, err := i18n.Load(Words)
	if err != nil {
		t.Fatal(err)
	}
	type refused struct {
		sent []byte
		key  string
	}
	cases := map[string]refused{
		"a text":                         {[]byte("Bonjour, voici la photo de la sortie."), "photo.unknown"},
		"nothing":                        {nil, "photo.unknown"},
		"two bytes":                      {[]byte{0xff, 0xd8}, "photo.unknown"},
		"a film":                         {[]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), "photo.unknown"},
		"HEIC":                           {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "photo.heic"},
		"HEIC under its general name":    {[]byte("\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic"), "photo.heic"},
		"HEIC cut":                       {[]byte("\x00\x00\x00\x18ftyphei"), "photo.unknown"},
		"a bitmap":                       {append([]byte("BM"), make([]byte, 100)...), "photo.unknown"},
		"WebP, larger than it says":      {extended(webpOf(t), 8, 8, 1), "photo.damaged"},
		"JPEG that begins well":          {append([]byte("\xff\xd8\xff"), strings.Repeat("a text", 50)...), "photo.damaged"},
		"without a point":                {withoutPoints(), "photo.damaged"},
		"an SVG":                         {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "photo.unknown"},
		"more than 40 million, in width": {pngHead(40_000_001, 1), "photo.too-large"},
	}
	for name, sent := range huge(t) {
		if len(sent) > 2000 {
			t.Errorf("%s has %d bytes", name, len(sent))
		}
		cases["huge "+name] = refused{sent, "photo.too-large"}
	}
	m := quarters(300, 200, seen)
	for name, whole := range map[string][]byte{"JPEG": jpegOf(t, m), "PNG": pngOf(t, m), "GIF": gifOf(t, m), "WebP": webpOf(t)} {
		for _, n := range []int{20, len(whole) / 2, len(whole) - 20} {
			cases[fmt.Sprintf("%s, %d bytes of %d", name, n, len(whole))] = refused{whole[:n], "photo.damaged"}
		}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			photo, err := make1(t, c.sent)
			var f *fail.Error
			if photo != nil || !errors.As(err, &f) || f.Kind != fail.Invalid || f.Key != c.key {
				t.Fatalf("%+v, %v", photo, err)
			}
			if text := words.Say(i18n.French, f.Key, f.Args...); text == "" || strings.Contains(text, "%") {
				t.Errorf("it says %q", text)
			}
		})
	}
}

func pngHead(width, height uint32) []byte {
	ihdr := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	return slices.Concat([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(ihdr, 1, 0, 0, 0, 0)), chunk("IDAT", nil))
}

func withoutPoints() []byte {
	return []byte("GIF89a\x00\x00\x00\x00\x00\x00\x00")
}

// What cannot be read is no fault of who sent it.
func TestTheDiskFails(t *testing.T) {
	broken := errors.New("the disk is gone")
	good := jpegOf(t, quarters(300, 200, seen))
	for _, n := range []int{0, 10, 100, len(good) / 2} {
		_, err := NewStudio(memory).Make(t.Context(), &failing{bytes.NewReader(good), int64(n), broken})
		if !errors.Is(err, broken) || fail.KindOf(err) != fail.Fault {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := NewStudio(memory).Make(ctx, bytes.NewReader(good)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// failing cannot be read beyond some bytes.
type failing struct {
	*bytes.Reader
	until int64
	err   error
}

func (f *failing) Read(b []byte) (int, error) {
	at, _ := f.Seek(0, io.SeekCurrent)
	if at >= f.until {
		return 0, f.err
	}
	return f.Reader.Read(b[:min(int64(len(b)), f.until-at)])
}

// The reader is anywhere when it is given, and gives a byte at a time.
func TestTheReaderIsAnywhere(t *testing.T) {
	r := bytes.NewReader(taken(jpegOf(t, quarters(64, 128, held[6])), 6))
	if _, err := r.Seek(50, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	photo, err := NewStudio(memory).Make(t.Context(), struct {
		io.Reader
		io.Seeker
	}{iotest.OneByteReader(r), r})
	if err != nil {
		t.Fatal(err)
	}
	checkCorners(t, check(t, photo.Whole, 128, 64), seen)
}

// watched tells when a photo begins to be made, and lets it go on when it may.
type watched struct {
	*bytes.Reader
	rewinds atomic.Int32
	begin   func()
}

func (w *watched) Seek(offset int64, whence int) (int64, error) {
	// it is looked at twice, then made
	if offset == 0 && whence == io.SeekStart && w.rewinds.Add(1) == 3 {
		w.begin()
	}
	return w.Reader.Seek(offset, whence)
}

func TestAFewAtATime(t *testing.T) {
	sent := pngOf(t, quarters(50, 50, seen))
	f, size, err := look(&source{ctx: t.Context(), r: bytes.NewReader(sent)})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ memory, together int64 }{
		{3*f.takes(size) - 1, 2},
		{1, 1}, // less than one takes
	} {
		synctest.Test(t, func(t *testing.T) {
			studio := NewStudio(c.memory)
			going := make(chan struct{})
			var now, made atomic.Int64
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					r := &watched{Reader: bytes.NewReader(sent), begin: func() {
						if now.Add(1) > c.together {
							t.Errorf("more than %d are made at once", c.together)
						}
						<-going
						now.Add(-1)
					}}
					if _, err := studio.Make(t.Context(), r); err != nil {
						t.Error(err)
					}
					made.Add(1)
				})
			}
			synctest.Wait()
			if now.Load() != c.together || made.Load() != 0 {
				t.Errorf("%d are made at once, %d are made", now.Load(), made.Load())
			}
			impatient, leave := context.WithTimeout(t.Context(), time.Second)
			defer leave()
			if _, err := studio.Make(impatient, bytes.NewReader(sent)); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("who does not wait: %v", err)
			}
			close(going)
			all.Wait()
			if made.Load() != 20 {
				t.Errorf("%d are made", made.Load())
			}
		})
	}
}

// What takes for ever is refused, and leaves its place.
func TestTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		studio := NewStudio(1)
		sent := jpegOf(t, quarters(200, 200, seen))
		r := &watched{Reader: bytes.NewReader(sent), begin: func() { time.Sleep(longest + time.Second) }}
		var f *fail.Error
		if _, err := studio.Make(t.Context(), r); !errors.As(err, &f) || f.Key != "photo.damaged" {
			t.Errorf("%v", err)
		}
		if _, err := studio.Make(t.Context(), bytes.NewReader(sent)); err != nil {
			t.Errorf("the next: %v", err)
		}
	})
}

func FuzzMake(f *testing.F) {
	m := quarters(64, 32, seen)
	for _, seed := range [][]byte{
		jpegOf(f, m), taken(jpegOf(f, m), 6), pngOf(f, m), withEXIF(pngOf(f, m), 8), gifOf(f, m), webpOf(f),
		extended(webpOf(f), 64, 32, 6),
	} {
		f.Add(seed)
		f.Add(seed[:len(seed)/2])
	}
	for _, seed := range huge(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		if _, size, err := look(&source{ctx: t.Context(), r: bytes.NewReader(sent)}); err == nil && size.Width*size.Height > 1_000_000 {
			return // drawing it takes too long for so many tries
		}
		photo, err := make1(t, sent)
		if err != nil {
			if !fail.Is(err, fail.Invalid) {
				t.Errorf("%v", err)
			}
			return
		}
		check(t, photo.Whole, photo.Whole.Width, photo.Whole.Height)
		check(t, photo.Preview, photo.Preview.Width, photo.Preview.Height)
		if max(photo.Whole.Width, photo.Whole.Height) > WholeSide || max(photo.Preview.Width, photo.Preview.Height) > PreviewSide {
			t.Errorf("%+v", photo)
		}
	})
}
