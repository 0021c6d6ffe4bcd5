package aaf

import "bytes"

// element is an element of the DTD ficAlimMENESR.
type element uint8

// The elements of the DTD.
const (
	unknownElement element = iota
	rootElement
	addRequest
	modifyRequest
	deleteRequest
	operationalAttributes
	identifier
	idElement
	attributesElement
	attrElement
	valueElement
	modificationsElement
	modificationElement
)

var elementNames = [...]string{
	"?", "ficAlimMENESR", "addRequest", "modifyRequest", "deleteRequest", "operationalAttributes",
	"identifier", "id", "attributes", "attr", "value", "modifications", "modification",
}

func (e element) String() string { return elementNames[e] }

func elementOf(name []byte) element {
	for e := rootElement; int(e) < len(elementNames); e++ {
		if string(name) == elementNames[e] {
			return e
		}
	}
	return unknownElement
}

// form tells the three forms of a tag apart.
type form uint8

const (
	opening form = iota // <value>
	closing             // </value>
	empty               // <value/>
)

// tag is one tag of the DTD.
type tag struct {
	element element
	form    form
	name    []byte // @name of attr and modification, alive until the next token
}

// tag reads a tag. The forms that generators write are compared whole; any
// other goes through the grammar of XML.
func (s *scanner) tag(b []byte) (tag, error) {
	switch string(b) {
	case "<value>":
		return tag{element: valueElement}, nil
	case "</value>":
		return tag{element: valueElement, form: closing}, nil
	case "<value/>":
		return tag{element: valueElement, form: empty}, nil
	case "</attr>":
		return tag{element: attrElement, form: closing}, nil
	case "</modification>":
		return tag{element: modificationElement, form: closing}, nil
	}
	if name, ok := quotedName(b, `<attr name="`, `">`); ok {
		return tag{element: attrElement, name: name}, nil
	}
	if name, ok := quotedName(b, `<modification name="`, `" operation="replace">`); ok {
		return tag{element: modificationElement, name: name}, nil
	}
	return s.anyTag(b)
}

// quotedName takes the letters and digits between a prefix and a suffix.
func quotedName(b []byte, prefix, suffix string) ([]byte, bool) {
	if len(b) <= len(prefix)+len(suffix) || string(b[:len(prefix)]) != prefix || string(b[len(b)-len(suffix):]) != suffix {
		return nil, false
	}
	name := b[len(prefix) : len(b)-len(suffix)]
	if len(name) > maxName {
		return nil, false
	}
	for _, c := range name {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') {
			return nil, false
		}
	}
	return name, true
}

// anyTag reads a tag as the productions STag, ETag and EmptyElemTag of XML
// 1.0 define it, with the attributes that the DTD declares.
func (s *scanner) anyTag(b []byte) (t tag, err error) {
	rest := b[1 : len(b)-1] // gosax delimits it by "<" and ">"
	switch {
	case bytes.HasPrefix(rest, []byte("/")):
		t.form, rest = closing, rest[1:]
	case bytes.HasSuffix(rest, []byte("/")):
		t.form, rest = empty, rest[:len(rest)-1]
	}
	end := 0
	for end < len(rest) && !space(rest[end]) {
		end++
	}
	t.element = elementOf(rest[:end])
	if t.element == unknownElement {
		if !letters(rest[:end]) {
			return t, s.refuse(Malformed, "a tag is not well formed")
		}
		return t, s.refuse(UnexpectedElement, "an element is not one of the DTD")
	}
	return t, s.xmlAttributes(&t, rest[end:])
}

// xmlAttributes reads the attributes of a tag: @name, obligatory on attr and
// modification, and @operation, which may only be "replace".
func (s *scanner) xmlAttributes(t *tag, rest []byte) error {
	var operation []byte
	for {
		trimmed := bytes.TrimLeft(rest, " \t\r\n")
		s.line += bytes.Count(rest[:len(rest)-len(trimmed)], []byte("\n"))
		if len(trimmed) == 0 {
			break
		}
		if len(trimmed) == len(rest) || t.form == closing {
			return s.refuse(Malformed, "a tag is not well formed")
		}
		key, value, after, err := s.xmlAttribute(trimmed)
		if err != nil {
			return err
		}
		switch {
		case string(key) == "name" && t.name == nil && (t.element == attrElement || t.element == modificationElement):
			t.name = value
		case string(key) == "operation" && operation == nil && t.element == modificationElement:
			operation = value
		default:
			return s.refuse(UndeclaredAttribute, "<%s> has an XML attribute that the DTD has not, or has it twice", t.element)
		}
		rest = after
	}
	if operation != nil && string(operation) != "replace" {
		return s.refuse(UnknownOperation, `the only operation of a modification is "replace"`)
	}
	if t.name == nil && t.form != closing && (t.element == attrElement || t.element == modificationElement) {
		return s.refuse(UndeclaredAttribute, "<%s> has no name", t.element)
	}
	return nil
}

// xmlAttribute reads one key="value"; the value is decoded and never nil.
func (s *scanner) xmlAttribute(b []byte) (key, value, rest []byte, err error) {
	malformed := func() ([]byte, []byte, []byte, error) {
		return nil, nil, nil, s.refuse(Malformed, "an XML attribute is not well formed")
	}
	key, rest, ok := bytes.Cut(b, []byte("="))
	key = bytes.TrimRight(key, " \t\r\n")
	rest = bytes.TrimLeft(rest, " \t\r\n")
	if !ok || !letters(key) || len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		return malformed()
	}
	s.line += bytes.Count(b[:len(b)-len(rest)], []byte("\n"))
	raw, rest, ok := bytes.Cut(rest[1:], rest[:1])
	if !ok || bytes.ContainsAny(raw, "<\t\r\n") {
		return malformed()
	}
	if len(raw) > maxName {
		return nil, nil, nil, s.refuse(TooLarge, "an XML attribute is longer than %d bytes", maxName)
	}
	value, err = s.unescape(make([]byte, 0, len(raw)), raw)
	return key, value, rest, err
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
