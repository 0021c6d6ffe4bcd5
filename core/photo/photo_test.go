package photo

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
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
	"preau/core/school"
)

// memory is enough for what the tests make.
const memory = 1 << 30

// somebody sends what the tests make.
const somebody = school.ID(100)

var (
	red   = color.RGBA{255, 0, 0, 255}
	green = color.RGBA{0, 255, 0, 255}
	blue  = color.RGBA{0, 0, 255, 255}
	white = color.RGBA{255, 255, 255, 255}
	seen  = corners{red, green, blue, white}
)

func make1(t testing.TB, b []byte) (*Photo, error) {
	t.Helper()
	return NewStudio(memory).Make(t.Context(), somebody, bytes.NewReader(b))
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

// What cannot be read is no fault of whoever sent it.
func TestTheDiskFails(t *testing.T) {
	broken := errors.New("the disk is gone")
	good := jpegOf(t, quarters(300, 200, seen))
	for _, n := range []int{0, 10, 100, len(good) / 2} {
		_, err := NewStudio(memory).Make(t.Context(), somebody, &failing{bytes.NewReader(good), int64(n), broken})
		if !errors.Is(err, broken) || fail.KindOf(err) != fail.Fault {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := NewStudio(memory).Make(ctx, somebody, bytes.NewReader(good)); !errors.Is(err, context.Canceled) {
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
	photo, err := NewStudio(memory).Make(t.Context(), somebody, struct {
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
			for by := range school.ID(20) {
				all.Go(func() {
					r := &watched{Reader: bytes.NewReader(sent), begin: func() {
						if now.Add(1) > c.together {
							t.Errorf("more than %d are made at once", c.together)
						}
						<-going
						now.Add(-1)
					}}
					if _, err := studio.Make(t.Context(), by, r); err != nil {
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
			if _, err := studio.Make(impatient, somebody, bytes.NewReader(sent)); !errors.Is(err, context.DeadlineExceeded) {
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

// Of one person one picture is drawn at a time, whatever memory there is: who sends two has the
// second drawn after those of others who waited, and who leaves before their turn keeps none.
func TestOneAtATimeOfEachPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, memory := range []int64{1, memory} {
			studio := NewStudio(memory)
			sent := pngOf(t, quarters(50, 50, seen))
			var mutex sync.Mutex
			var order []string
			going := make(chan struct{})
			var all sync.WaitGroup
			for _, one := range []struct {
				name string
				by   school.ID
			}{{"first", 1}, {"second", 1}, {"other", 2}} {
				all.Go(func() {
					r := &watched{Reader: bytes.NewReader(sent), begin: func() {
						mutex.Lock()
						order = append(order, one.name)
						mutex.Unlock()
						<-going
					}}
					if _, err := studio.Make(t.Context(), one.by, r); err != nil {
						t.Error(err)
					}
				})
				synctest.Wait()
			}
			impatient, leave := context.WithTimeout(t.Context(), time.Second)
			_, err := studio.Make(impatient, 1, bytes.NewReader(sent))
			leave()
			if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrGivenUp) {
				t.Errorf("who does not wait for their turn: %v", err)
			}
			close(going)
			all.Wait()
			if !slices.Equal(order, []string{"first", "other", "second"}) {
				t.Errorf("with %d bytes of memory they are drawn in the order %v", memory, order)
			}
			if len(studio.turns.of) > 0 {
				t.Errorf("the turns of %d people are kept", len(studio.turns.of))
			}
		}
	})
}

// What takes for ever is refused and given up, and so is what was begun when its sender left: it
// leaves its place.
func TestTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		studio := NewStudio(1)
		sent := pngOf(t, quarters(200, 200, seen))
		late := func() io.ReadSeeker {
			return &watched{Reader: bytes.NewReader(sent), begin: func() { time.Sleep(longest + time.Second) }}
		}
		var f *fail.Error
		if _, err := studio.Make(t.Context(), somebody, late()); !errors.As(err, &f) || f.Key != "photo.damaged" || !errors.Is(err, ErrGivenUp) {
			t.Errorf("%v", err)
		}
		err := studio.Gray(t.Context(), somebody, bytes.NewReader(sent), func(ctx context.Context, _ *image.Gray) { <-ctx.Done() })
		if !errors.As(err, &f) || f.Key != "photo.damaged" || !errors.Is(err, ErrGivenUp) {
			t.Errorf("of which the light is read: %v", err)
		}
		ctx, leave := context.WithTimeout(t.Context(), longest/2)
		defer leave()
		if _, err := studio.Make(ctx, somebody, late()); !errors.Is(err, context.DeadlineExceeded) || fail.KindOf(err) != fail.Fault || !errors.Is(err, ErrGivenUp) {
			t.Errorf("whose sender left: %v", err)
		}
		if _, err := studio.Make(t.Context(), somebody, bytes.NewReader(sent[:len(sent)/2])); errors.Is(err, ErrGivenUp) {
			t.Errorf("what is cut is given up: %v", err)
		}
		if _, err := studio.Make(t.Context(), somebody, bytes.NewReader(sent)); err != nil {
			t.Errorf("the next: %v", err)
		}
	})
}

func FuzzMake(f *testing.F) {
	m := quarters(64, 32, seen)
	for _, seed := range [][]byte{
		jpegOf(f, m), taken(jpegOf(f, m), 6), pngOf(f, m), withEXIF(pngOf(f, m), 8), gifOf(f, m), webpOf(f),
		extended(webpOf(f), 64, 32, 6), drawn(2, []byte{0xff}, make([]byte, 8)),
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
