package aaf

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// declaration is the XML declaration of XML 1.0 section 2.8.
var declaration = regexp.MustCompile(`^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')` +
	`(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][A-Za-z0-9._-]*)"|'([A-Za-z][A-Za-z0-9._-]*)'))?` +
	`(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>`)

// maxDeclaration bounds the XML declaration, white space included.
const maxDeclaration = 1 << 10

var byteOrderMark = []byte("\xEF\xBB\xBF")

// undeclare reads the byte order mark and the XML declaration, and gives the
// rest as UTF-8 with the number of the line where it starts.
func undeclare(file string, r io.Reader) (io.Reader, int, error) {
	buffered := bufio.NewReaderSize(r, 4<<10)
	head, err := buffered.Peek(maxDeclaration)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, damage(file, err)
	}
	if wide(head) {
		return nil, 0, refuse(UnsupportedEncoding, file, "the file is in UTF-16 or UTF-32: deliver it in UTF-8")
	}
	if bytes.HasPrefix(head, []byte("+ADw-")) {
		return nil, 0, refuse(UnsupportedEncoding, file, "the file is in UTF-7: deliver it in UTF-8")
	}
	marked := bytes.HasPrefix(head, byteOrderMark)
	if marked {
		head = head[len(byteOrderMark):]
		buffered.Discard(len(byteOrderMark)) // peeked: it cannot fail
	}
	if !bytes.HasPrefix(head, []byte("<?xml")) || len(head) > 5 && !space(head[5]) {
		return buffered, 1, nil // XML 1.0 section 4.3.3: UTF-8 when nothing is said
	}
	m := declaration.FindSubmatch(head)
	if m == nil {
		return nil, 0, refuse(Malformed, file, "the XML declaration is not one of XML 1.0")
	}
	buffered.Discard(len(m[0]))
	line := 1 + bytes.Count(m[0], []byte("\n"))
	name := strings.ToUpper(string(m[1]) + string(m[2]))
	switch {
	case name == "", name == "UTF-8", name == "US-ASCII":
		return buffered, line, nil
	case name == "ISO-8859-1" && !marked:
		return charmap.ISO8859_1.NewDecoder().Reader(buffered), line, nil
	case name == "ISO-8859-15" && !marked:
		return charmap.ISO8859_15.NewDecoder().Reader(buffered), line, nil
	case marked:
		return nil, 0, refuse(UnsupportedEncoding, file, "the file starts with the mark of UTF-8 and declares %.40s", name)
	}
	return nil, 0, refuse(UnsupportedEncoding, file, "the encoding %.40s is neither UTF-8, ISO-8859-1 nor ISO-8859-15", name)
}

// wide recognises UTF-16 and UTF-32, with a mark or without.
func wide(head []byte) bool {
	for _, start := range []string{"\xFE\xFF", "\xFF\xFE", "\x00<", "<\x00", "\x00\x00"} {
		if bytes.HasPrefix(head, []byte(start)) {
			return true
		}
	}
	return false
}
