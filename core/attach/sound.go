package attach

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// begins is how much of a sound says what is in it.
const begins = 64 << 10

// isWebM checks that a file in EBML (RFC 8794) is a WebM with a voice and no picture: the
// names of its tracks' codecs stand before their content.
func isWebM(r source, size int64) error {
	head := make([]byte, min(size, begins))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading a file: %w", err)
	}
	if tracks := bytes.Index(head, []byte("\x1fC\xb6u")); tracks >= 0 { // the first cluster
		head = head[:tracks]
	}
	if !bytes.Contains(head, []byte("webm")) {
		return unknown("EBML that is no WebM")
	}
	if bytes.Contains(head, []byte("V_")) || !bytes.Contains(head, []byte("A_OPUS")) && !bytes.Contains(head, []byte("A_VORBIS")) {
		return film("WebM")
	}
	return nil
}

// maxMovie is the largest description of what an MP4 holds.
const maxMovie = 2 << 20

// isM4A checks that a file in boxes (ISO/IEC 14496-12 § 4.2) has a track of sound
// (§ 8.4.3, handler "soun"), and none of pictures.
func isM4A(r source, size int64) error {
	for at := int64(0); at+8 <= size; {
		kind, from, to, err := box(r, at, size)
		if err != nil {
			return err
		}
		if kind == "moov" {
			return hasSound(r, from, to)
		}
		at = to
	}
	return damaged("an MP4 without a description")
}

// box gives the kind of the box that begins somewhere, and where its content is.
func box(r source, at, size int64) (kind string, from, to int64, err error) {
	head := make([]byte, 16)
	n, err := r.ReadAt(head, at)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", 0, 0, fmt.Errorf("reading a file: %w", err)
	}
	from, length := at+8, int64(binary.BigEndian.Uint32(head))
	switch {
	case length == 0: // to the end
		length = size - at
	case length == 1 && n == len(head):
		from, length = at+16, int64(binary.BigEndian.Uint64(head[8:])&(1<<62-1))
	}
	if to = at + length; to < from || to > size {
		return "", 0, 0, damaged("an MP4 with a box of %d bytes", length)
	}
	return string(head[4:8]), from, to, nil
}

func hasSound(r source, from, to int64) error {
	if to-from > maxMovie {
		return unknown("an MP4 with a description of %d bytes", to-from)
	}
	movie := make([]byte, to-from)
	if _, err := r.ReadAt(movie, from); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading a file: %w", err)
	}
	sound := false
	for rest := movie; ; {
		i := bytes.Index(rest, []byte("hdlr"))
		if i < 0 {
			break
		}
		const handler = 4 + 8 // after the name of the box: version, flags and a zero
		if rest = rest[i:]; len(rest) < handler+4 {
			break
		}
		switch string(rest[handler : handler+4]) {
		case "vide":
			return film("MP4")
		case "soun":
			sound = true
		}
		rest = rest[4:]
	}
	if !sound {
		return unknown("an MP4 without sound")
	}
	return nil
}

// isOgg checks that the first stream of an Ogg (RFC 3533) is a voice (RFC 7845 § 5.1).
func isOgg(head []byte) error {
	if !bytes.Contains(head[:min(len(head), 128)], []byte("OpusHead")) && !bytes.Contains(head[:min(len(head), 128)], []byte("\x01vorbis")) {
		return unknown("an Ogg without a voice")
	}
	if bytes.Contains(head, []byte("theora")) {
		return film("Ogg")
	}
	return nil
}

// film refuses what has pictures that move.
func film(of string) error { return unknown("a %s with pictures", of) }
