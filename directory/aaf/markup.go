package aaf

import "bytes"

// cdata appends the content of a CDATA section.
func (s *scanner) cdata(dst, b []byte) ([]byte, error) {
	inner, ok := bytes.CutPrefix(b, []byte("<![CDATA["))
	inner, end := bytes.CutSuffix(inner, []byte("]]>"))
	if !ok || !end {
		return dst, s.refuse(Malformed, `"<![" does not begin a CDATA section`)
	}
	if err := s.characters(inner); err != nil {
		return dst, err
	}
	return appendLines(dst, inner), nil
}

// comment checks a comment, and notes one that comes before the first record.
func (s *scanner) comment(b []byte) error {
	inner, ok := bytes.CutPrefix(b, []byte("<!--"))
	inner, end := bytes.CutSuffix(inner, []byte("-->"))
	if !ok || !end || bytes.Contains(inner, []byte("--")) || bytes.HasSuffix(inner, []byte("-")) {
		return s.refuse(Malformed, "a comment is not well formed")
	}
	if err := s.characters(inner); err != nil || s.number > 0 {
		return err
	}
	return s.note(inner)
}

// instruction checks a processing instruction, which says nothing to us.
func (s *scanner) instruction(b []byte) error {
	inner := bytes.TrimSuffix(bytes.TrimPrefix(b, []byte("<?")), []byte("?>"))
	target := inner
	if i := bytes.IndexAny(inner, " \t\r\n"); i >= 0 {
		target = inner[:i]
	}
	if len(b) < len("<?x?>") || !xmlName(target) || bytes.EqualFold(target, []byte("xml")) {
		return s.refuse(Malformed, "a processing instruction or XML declaration is misplaced or not well formed")
	}
	return s.characters(inner)
}

// doctype checks the document type declaration. Its internal subset is
// stepped over: no entity is taken from it, and no external one is fetched.
func (s *scanner) doctype(b []byte) error {
	rest, ok := bytes.CutPrefix(b, []byte("<!DOCTYPE"))
	after, named := bytes.CutPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(rootElement.String()))
	if !ok || !named || !space(rest[0]) || !space(after[0]) && after[0] != '[' && after[0] != '>' {
		return s.refuse(Malformed, "the DOCTYPE is not that of ficAlimMENESR")
	}
	if !wholeDoctype(b) {
		return s.refuse(Malformed, `the DOCTYPE is not well formed, or has ">" in a quote or a comment`)
	}
	return s.characters(b)
}

// wholeDoctype tells whether a document type declaration ends with b and not
// before or after, minding quotes and comments.
func wholeDoctype(b []byte) bool {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch c := b[i]; c {
		case '<':
			if comment, ok := bytes.CutPrefix(b[i:], []byte("<!--")); ok {
				end := bytes.Index(comment, []byte("-->"))
				if end < 0 {
					return false
				}
				i += len("<!--") + end + len("->") // the loop steps over ">"
				continue
			}
			depth++
		case '>':
			if depth--; depth == 0 {
				return i == len(b)-1
			}
		case '"', '\'':
			end := bytes.IndexByte(b[i+1:], c)
			if end < 0 {
				return false
			}
			i += end + 1
		}
	}
	return false
}

// xmlName tells whether b is a name, of the plain kind: ASCII, no colon.
func xmlName(b []byte) bool {
	for i, c := range b {
		if !letters(b[i:i+1]) && (i == 0 || !(c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.')) {
			return false
		}
	}
	return len(b) > 0
}

func letters(b []byte) bool {
	for _, c := range b {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return false
		}
	}
	return len(b) > 0
}
