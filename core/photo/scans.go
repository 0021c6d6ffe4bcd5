package photo

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// maxScans is how many scans a JPEG file may have: its points are gone through once for
// each, and an empty one is 60 bytes. libjpeg, which most programs write with, makes 10 of
// a picture in colour, and 18 of one of four inks (jpeg_simple_progression, jcparam.c).
const maxScans = 30

// The markers of a JPEG file that have no length after them, and the beginning of a scan
// (ITU T.81 table B.1).
const (
	markerTEM  = 0x01
	markerRST0 = 0xd0
	markerSOI  = 0xd8 // those from RST0 to here are alone
	markerEOI  = 0xd9
	markerSOS  = 0xda
)

// fewScans goes through the segments of a JPEG file (ITU T.81 B.1.1), and refuses one of
// more than [maxScans]. What is no such file is left to what decodes it.
func fewScans(r io.Reader) error {
	b := bufio.NewReaderSize(r, 32<<10)
	for scans := 0; scans <= maxScans; {
		marker, err := nextMarker(b)
		if marker == markerEOI || errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if marker == markerTEM || markerRST0 <= marker && marker <= markerSOI {
			continue
		}
		if marker == markerSOS {
			scans++
		}
		var length [2]byte
		if _, err = io.ReadFull(b, length[:]); err == nil {
			_, err = b.Discard(max(0, int(binary.BigEndian.Uint16(length[:]))-len(length)))
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return fmt.Errorf("more than %d scans", maxScans)
}

// nextMarker is the next marker, after what a scan holds, where 0xFF is followed by zero
// (ITU T.81 B.1.1.2 and B.1.1.5).
func nextMarker(b *bufio.Reader) (byte, error) {
	for {
		one, err := b.ReadByte()
		if err != nil {
			return 0, err
		}
		if one != 0xff {
			continue
		}
		for one == 0xff && err == nil {
			one, err = b.ReadByte()
		}
		if err != nil || one != 0 {
			return one, err
		}
	}
}
