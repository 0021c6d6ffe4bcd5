package content

import (
	"bytes"
	"encoding/binary"
)

// What of a film says what it holds.
const (
	maxBoxes = 256
	maxMovie = 8 << 20
)

// webm tells a sound from a film: a track of pictures is among the first bytes (RFC 9559 § 5.1.4.1.20,
// CodecID).
func (s *source) webm(look Look, head []byte) Look {
	if bytes.Contains(head, []byte("A_")) && !bytes.Contains(head, []byte("V_")) {
		look.Type, look.Ending, look.Family, look.Shown = "audio/webm", ".webm", Sound, Heard
	}
	return look
}

// mp4 tells a sound from a film (ISO/IEC 14496-12 § 8.4.3, handlers "soun" and "vide"), wherever its
// description is: what comes before is passed over.
func (s *source) mp4(look Look) Look {
	for at, n := int64(0), 0; n < maxBoxes; n++ {
		kind, from, to, ok := Box(s.part(at, 16), at, s.size)
		if !ok {
			return look
		}
		if kind == "moov" {
			movie := s.part(from, min(to-from, maxMovie))
			if bytes.Contains(movie, []byte("soun")) && !bytes.Contains(movie, []byte("vide")) && to-from <= maxMovie {
				look.Type, look.Ending, look.Family, look.Shown = "audio/mp4", ".m4a", Sound, Heard
			}
			return look
		}
		at = to
	}
	return look
}

// Box gives the kind of the box that begins at a place of a file of boxes (ISO/IEC 14496-12 § 4.2), of
// which up to 16 bytes are given, and where its content is. It is false of one that is not within
// the file.
func Box(head []byte, at, size int64) (kind string, from, to int64, ok bool) {
	if len(head) < 8 {
		return "", 0, 0, false
	}
	from, length := at+8, int64(binary.BigEndian.Uint32(head))
	switch {
	case length == 0: // to the end
		length = size - at
	case length == 1 && len(head) >= 16:
		from, length = at+16, int64(binary.BigEndian.Uint64(head[8:])&(1<<62-1))
	}
	if to = at + length; to < from || to > size {
		return "", 0, 0, false
	}
	return string(head[4:8]), from, to, true
}
