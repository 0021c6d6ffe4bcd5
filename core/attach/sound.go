package attach

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"preau/core/content"
)

// The elements of a WebM that lead to its tracks, and what is in one (RFC 9559 § 5.1).
const (
	ebmlHead    = 0x1a45dfa3
	ebmlSegment = 0x18538067
	ebmlCluster = 0x1f43b675
	ebmlTracks  = 0x1654ae6b
	ebmlTrack   = 0xae
	ebmlType    = 0x83
	ebmlCodec   = 0x86
	sounding    = 2 // a type of track
)

// isWebM checks that a file in EBML (RFC 8794) is a WebM with a voice and no picture, as each of
// its tracks says, wherever it stands between what is recorded.
func isWebM(r source, size int64) error {
	rest, err := whole(r, size)
	if err != nil {
		return err
	}
	webm, voice := false, false
	for len(rest) > 0 {
		id, content, after, open := element(rest)
		switch {
		case id == ebmlHead:
			webm = bytes.Contains(content, []byte("webm"))
		case !webm:
			return unknown("EBML that is no WebM")
		case id == 0:
			if len(rest) > 12 { // it is not cut in the head of an element
				return damaged("a WebM with bytes that are no element")
			}
			after = nil
		case id == ebmlSegment, id == ebmlCluster && open: // what is in it is next
			after = rest[len(rest)-len(content)-len(after):]
		case id == ebmlTracks:
			if err := hasVoice(content); err != nil {
				return err
			}
			voice = true
		}
		rest = after
	}
	if !voice {
		return damaged("a WebM without tracks")
	}
	return nil
}

// hasVoice tells whether tracks are of a voice alone.
func hasVoice(tracks []byte) error {
	voice := false
	for rest := tracks; len(rest) > 0; {
		id, track, after, _ := element(rest)
		if id == 0 {
			return damaged("a WebM whose tracks are cut")
		}
		if rest = after; id != ebmlTrack {
			continue
		}
		codec := false
		for len(track) > 0 {
			id, content, after, _ := element(track)
			switch {
			case id == 0:
				return damaged("a WebM whose track is cut")
			case id == ebmlType && (len(content) == 0 || content[len(content)-1] != sounding):
				return film("WebM")
			case id == ebmlCodec && !bytes.HasPrefix(content, []byte("A_OPUS")) && !bytes.HasPrefix(content, []byte("A_VORBIS")):
				return unknown("a WebM with a track of %.20q", content)
			case id == ebmlCodec:
				codec = true
			}
			track = after
		}
		if !codec {
			return unknown("a WebM with a track of nothing")
		}
		voice = true
	}
	if !voice {
		return unknown("a WebM without a voice")
	}
	return nil
}

// element reads an EBML element (RFC 8794 § 4 to 6): its identifier, its content, as much
// of it as there is, what follows, and whether its end is left open. 0 is no identifier.
func element(b []byte) (id uint64, content, after []byte, open bool) {
	width := bits.LeadingZeros8(b[0]) + 1
	if width > 4 || len(b) <= width {
		return 0, nil, nil, false
	}
	for _, c := range b[:width] {
		id = id<<8 | uint64(c)
	}
	b = b[width:]
	if width = bits.LeadingZeros8(b[0]) + 1; width > 8 || len(b) < width {
		return 0, nil, nil, false
	}
	length := uint64(b[0]) & (1<<(8-width) - 1)
	for _, c := range b[1:width] {
		length = length<<8 | uint64(c)
	}
	b = b[width:]
	n := min(length, uint64(len(b)))
	return id, b[:n], b[n:], length == 1<<(7*width)-1
}

// maxMovie is the largest description of what an MP4 holds.
const maxMovie = 2 << 20

// isM4A checks that a file in boxes (ISO/IEC 14496-12 § 4.2) has a track of sound
// (§ 8.4.3, handler "soun"), and none of pictures, in each of its descriptions.
func isM4A(r source, size int64) error {
	all, err := whole(r, size)
	if err != nil {
		return err
	}
	r = bytes.NewReader(all)
	described := false
	for at := int64(0); at+8 <= size; {
		kind, from, to, err := box(r, at, size)
		if err != nil {
			return err
		}
		if kind == "moov" {
			if err := hasSound(r, from, to); err != nil {
				return err
			}
			described = true
		}
		at = to
	}
	if !described {
		return damaged("an MP4 without a description")
	}
	return nil
}

// box gives the kind of the box that begins somewhere, and where its content is.
func box(r source, at, size int64) (kind string, from, to int64, err error) {
	head := make([]byte, 16)
	n, err := r.ReadAt(head, at)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", 0, 0, fmt.Errorf("reading a file: %w", err)
	}
	kind, from, to, ok := content.Box(head[:n], at, size)
	if !ok {
		return "", 0, 0, damaged("an MP4 with a box that is not in it")
	}
	return kind, from, to, nil
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

// isOgg checks that each stream of an Ogg is a voice (RFC 7845 § 5.1), wherever it begins: on a
// page that says so (RFC 3533 § 6, the second bit of its flags).
func isOgg(r source, size int64) error {
	all, err := whole(r, size)
	if err != nil {
		return err
	}
	const flags, segments = 5, 26
	voice := false
	for rest := all; ; rest = rest[1:] {
		i := bytes.Index(rest, []byte("OggS\x00"))
		if i < 0 {
			break
		}
		if rest = rest[i:]; len(rest) <= segments || rest[flags] > 7 || rest[flags]&2 == 0 {
			continue
		}
		packet := rest[min(len(rest), segments+1+int(rest[segments])):]
		if !bytes.HasPrefix(packet, []byte("OpusHead")) && !bytes.HasPrefix(packet, []byte("\x01vorbis")) {
			return unknown("an Ogg with a stream that is no voice")
		}
		voice = true
	}
	if !voice {
		return unknown("an Ogg without a voice")
	}
	return nil
}

// film refuses what has pictures that move.
func film(of string) error { return unknown("a %s with pictures", of) }
