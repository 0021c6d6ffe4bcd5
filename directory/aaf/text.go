package aaf

import (
	"bytes"
	"encoding/xml"
	"unicode"
	"unicode/utf8"
)

// plain marks the bytes of a text that stand for themselves, whatever follows.
var plain = func() (table [256]bool) {
	for c := ' '; c < 0x7F; c++ {
		table[c] = c != '&' && c != ']'
	}
	table['\t'], table[0x7F] = true, true
	return table
}()

// unescape appends character data with its references resolved and its line
// ends made "\n", as XML 1.0 sections 2.2, 2.4, 2.11 and 4.1 want.
func (s *scanner) unescape(dst, b []byte) ([]byte, error) {
	for i := 0; i < len(b); {
		run := i
		for i < len(b) && plain[b[i]] {
			i++
		}
		dst = append(dst, b[run:i]...)
		if i == len(b) {
			break
		}
		switch c := b[i]; {
		case c == '&':
			r, size, err := s.reference(b[i:])
			if err != nil {
				return dst, err
			}
			dst = utf8.AppendRune(dst, r)
			i += size
		case c == '\n':
			s.line++
			dst = append(dst, '\n')
			i++
		case c == '\r':
			if i++; i == len(b) || b[i] != '\n' {
				dst = append(dst, '\n')
			}
		case c == ']':
			if bytes.HasPrefix(b[i:], []byte("]]>")) {
				return dst, s.refuse(Malformed, `"]]>" stands in a text`)
			}
			dst = append(dst, c)
			i++
		default:
			size, err := s.character(b[i:])
			if err != nil {
				return dst, err
			}
			dst = append(dst, b[i:i+size]...)
			i += size
		}
	}
	return dst, nil
}

// unmarked removes the marks of Unicode that turn the direction of what
// follows them, on a whole page: no name of the field has any.
func unmarked(b []byte) []byte {
	if bytes.IndexByte(b, 0xE2) < 0 && bytes.IndexByte(b, 0xD8) < 0 { // the first bytes of theirs
		return b
	}
	return bytes.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, b)
}

// characters checks that all of b is legal, and counts its lines.
func (s *scanner) characters(b []byte) error {
	for i := 0; i < len(b); {
		switch c := b[i]; {
		case c == '\n':
			s.line++
			i++
		case c >= ' ' && c < utf8.RuneSelf, c == '\t', c == '\r':
			i++
		default:
			size, err := s.character(b[i:])
			if err != nil {
				return err
			}
			i += size
		}
	}
	return nil
}

// character checks the character that b starts with and gives its size.
func (s *scanner) character(b []byte) (int, error) {
	r, size := utf8.DecodeRune(b)
	if r == utf8.RuneError && size == 1 {
		return 0, s.refuse(InvalidUTF8, "the text is not UTF-8, and no other encoding is declared")
	}
	if !legal(r) {
		return 0, s.refuse(InvalidCharacter, "the character %U is not allowed in XML", r)
	}
	return size, nil
}

// legal is the production Char of XML 1.0.
func legal(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

// maxReference is longer than "&thetasym;", the longest entity of HTML 4, and
// than any useful numeric reference.
const maxReference = 16

// reference reads the entity or character reference that b starts with. The
// name of an unknown entity is not repeated: it may be a piece of a value.
func (s *scanner) reference(b []byte) (r rune, size int, err error) {
	end := bytes.IndexByte(b[:min(len(b), maxReference)], ';')
	if end < 0 {
		return 0, 0, s.refuse(UndeclaredEntity, `"&" does not begin a reference that ends with ";"`)
	}
	name := b[1:end]
	if len(name) > 0 && name[0] == '#' {
		r, ok := number(name[1:])
		if !ok {
			return 0, 0, s.refuse(InvalidCharacter, "a numeric reference is not a character allowed in XML")
		}
		return r, end + 1, nil
	}
	if text, ok := entity(name); ok {
		r, _ := utf8.DecodeRuneInString(text)
		return r, end + 1, nil
	}
	return 0, 0, s.refuse(UndeclaredEntity, "an entity is neither one of XML's five nor one of HTML 4's")
}

// entity gives the character that a named entity stands for: xml.HTMLEntity
// lists those of HTML 4, which have "apos" not. All are one character long.
func entity(name []byte) (string, bool) {
	if string(name) == "apos" {
		return "'", true
	}
	text, ok := xml.HTMLEntity[string(name)]
	return text, ok
}

// number reads the digits of "&#233;" or "&#xE9;".
func number(digits []byte) (rune, bool) {
	base := rune(10)
	if len(digits) > 0 && digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	var n rune
	for _, c := range digits {
		d := rune(c) - '0'
		if base == 16 && c|0x20 >= 'a' && c|0x20 <= 'f' {
			d = rune(c|0x20) - 'a' + 10
		} else if c < '0' || c > '9' {
			return 0, false
		}
		if n = n*base + d; n > utf8.MaxRune {
			return 0, false
		}
	}
	return n, len(digits) > 0 && legal(n)
}

// appendLines appends b with its line ends made "\n".
func appendLines(dst, b []byte) []byte {
	for i, c := range b {
		switch {
		case c != '\r':
			dst = append(dst, c)
		case i+1 == len(b) || b[i+1] != '\n':
			dst = append(dst, '\n')
		}
	}
	return dst
}
