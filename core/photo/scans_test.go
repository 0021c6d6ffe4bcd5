package photo

import (
	"bytes"
	"errors"
	"image"
	"slices"
	"testing"

	"preau/core/fail"
)

// drawn is a progressive JPEG file whose points, 64 in each direction, are all gone through again
// by as many scans as it has, each after some bytes: none of them changes anything (ITU T.81 G.1.2.2).
func drawn(scans int, before, data []byte) []byte {
	const side = 64
	b := slices.Concat([]byte{0xff, markerSOI},
		segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)),
		segment(0xc2, []byte{8, 0, side, 0, side, 1, 1, 0x11, 0}),
		segment(0xc4, append([]byte{0x10, 1}, make([]byte, 16)...))) // of AC: a zero bit ends a block
	for range scans {
		b = slices.Concat(b, before, segment(markerSOS, []byte{1, 1, 0x00, 1, 63, 0}), data)
	}
	return append(b, 0xff, markerEOI)
}

// A file that draws its picture again and again is refused before it is drawn, whatever is between
// its scans; what only looks like a scan counts for nothing.
func TestTheScansOfAPictureAreCounted(t *testing.T) {
	blocks := make([]byte, 64/8)
	restarted := slices.Concat(blocks[:4], []byte{0xff, markerRST0}, blocks[4:])
	interval := segment(0xdd, []byte{0, 32})
	for name, one := range map[string]struct{ before, data []byte }{
		"as they are":             {nil, blocks},
		"with filling":            {bytes.Repeat([]byte{0xff}, 5), blocks},
		"with restarts":           {interval, restarted},
		"with a restart too much": {nil, append(bytes.Clone(blocks), 0xff, markerRST0+7)},
		"with what looks like a scan": {segment(0xfe, bytes.Repeat([]byte{0xff, markerSOS}, 100)),
			slices.Concat(blocks, []byte{0xff, 0, markerSOS})},
		"with bytes too many": {nil, append(bytes.Clone(blocks), 1, 2, 3)},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := make1(t, drawn(maxScans, one.before, one.data)); err != nil {
				t.Errorf("%d scans: %v", maxScans, err)
			}
			many := drawn(maxScans+1, one.before, one.data)
			if _, err := formats[0].decode(bytes.NewReader(many)); err != nil {
				t.Errorf("nobody would draw it: %v", err)
			}
			var f *fail.Error
			if _, err := make1(t, many); !errors.As(err, &f) || f.Kind != fail.Invalid || f.Key != "photo.damaged" {
				t.Errorf("%d scans: %v", maxScans+1, err)
			}
		})
	}
	film := slices.Concat(jpegOf(t, image.NewGray(image.Rect(0, 0, 8, 8))), bytes.Repeat(segment(markerSOS, make([]byte, 6)), 100))
	if _, err := make1(t, film); err != nil {
		t.Errorf("what is after the picture counts: %v", err)
	}
}
