package attach

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"strings"
)

// begins is how much of a sound says what is in it.
const begins = 64 << 10

// The elements of a WebM that lead to its tracks (RFC 9559 § 5.1), and that of a codec.
const (
	ebmlHead    = 0x1a45dfa3
	ebmlSegment = 0x18538067
	ebmlTracks  = 0x1654ae6b
	ebmlCodec   = "\x86"
)

// isWebM checks that a file in EBML (RFC 8794) is a WebM with a voice and no picture, as the
// codecs of its tracks say, which stand before its content.
func isWebM(r source, size int64) error {
	head := make([]byte, min(size, begins))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading a file: %w", err)
	}
	for rest, webm := head, false; len(rest) > 0; {
		id, content, after := element(rest)
		switch {
		case id == ebmlHead:
			webm = bytes.Contains(content, []byte("webm"))
		case !webm || id == 0:
			return unknown("EBML that is no WebM")
		case id == ebmlSegment: // and what is in it
			after = content
		case id == ebmlTracks:
			return hasVoice(content)
		}
		rest = after
	}
	return damaged("a WebM without tracks")
}

// hasVoice tells whether tracks are of a voice alone. A codec is its element, the length of
// its name in a byte, and its name.
func hasVoice(tracks []byte) error {
	voice := false
	for rest := tracks; ; {
		i := bytes.Index(rest, []byte(ebmlCodec))
		if i < 0 || len(rest) < i+4 {
			break
		}
		switch name := string(rest[i+2:]); {
		case strings.HasPrefix(name, "V_"):
			return film("WebM")
		case strings.HasPrefix(name, "A_OPUS"), strings.HasPrefix(name, "A_VORBIS"):
			voice = true
		}
		rest = rest[i+1:]
	}
	if !voice {
		return unknown("a WebM without a voice")
	}
	return nil
}

// element reads an EBML element (RFC 8794 § 4 to 6): its identifier, its content, as much
// of it as there is, and what follows. 0 is no identifier.
func element(b []byte) (id uint64, content, after []byte) {
	width := bits.LeadingZeros8(b[0]) + 1
	if width > 4 || len(b) <= width {
		return 0, nil, nil
	}
	for _, c := range b[:width] {
		id = id<<8 | uint64(c)
	}
	b = b[width:]
	if width = bits.LeadingZeros8(b[0]) + 1; width > 8 || len(b) < width {
		return 0, nil, nil
	}
	length := uint64(b[0]) & (1<<(8-width) - 1)
	for _, c := range b[1:width] {
		length = length<<8 | uint64(c)
	}
	b = b[width:]
	n := min(length, uint64(len(b))) // an unknown length is a very large one
	return id, b[:n], b[n:]
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
