package aaf

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/orisano/gosax"
)

// Bounds on what one file may hold. The longest value met in true deliveries
// is under 200 bytes, the largest record under 4 kB.
const (
	maxToken  = 1 << 20  // bytes of a tag, a comment, a text or white space
	maxValue  = 64 << 10 // bytes of a value, decoded
	maxValues = 4096     // values of a record
	maxName   = 128      // bytes of an AAF attribute's name
)

// scanner reads the tags and texts of one file. gosax finds where each token
// ends, fast, and nothing more: it accepts lost and mismatched tags, bad
// UTF-8, any attribute syntax. Everything that makes the text XML 1.0 is
// checked here, and the nesting by whoever asks for tags in the order of the
// DTD: as no element of ficAlimMENESR holds itself, the grammar bounds the
// depth.
//
// gosax's own weak points, and what covers them: its buffer grows with the
// token (tokenReader bounds it); a read of zero bytes passes for an event
// (tokenReader fills what it is given); it looks for the end of a DOCTYPE
// without minding quotes, comments nor what it read before (doctype checks
// that it was the true end, and refuses a subset where it was not); it takes
// "<!--->" and "<![x]]>" for a comment and a CDATA section (both are checked
// whole).
type scanner struct {
	sax    *gosax.Reader
	in     tokenReader
	file   string
	line   int  // where the token being read starts, from 1
	number int  // rank of the record being read, 0 before the first
	ended  bool // the root element has been closed

	note func(comment []byte) error // takes the comments that come before the first record
}

func newScanner() *scanner {
	s := &scanner{}
	s.sax = gosax.NewReaderBuf(&s.in, make([]byte, 0, 256<<10))
	return s
}

// tokenReader feeds gosax, and fails when one token asks for too much.
type tokenReader struct {
	r     io.Reader
	check func() error // tells whether to go on
	fed   int          // bytes since the last token
}

var errTokenTooLarge = errors.New("token too large")

func (t *tokenReader) Read(p []byte) (n int, err error) {
	if err := t.check(); err != nil {
		return 0, err
	}
	if t.fed > maxToken {
		return 0, errTokenTooLarge
	}
	for idle := 0; n < len(p) && err == nil; {
		var more int
		if more, err = t.r.Read(p[n:]); more > 0 {
			n, idle = n+more, 0
		} else if idle++; err == nil && idle > 100 {
			err = io.ErrNoProgress
		}
	}
	t.fed += n
	return n, err
}

// start begins a file whose XML declaration has been read.
func (s *scanner) start(file string, r io.Reader, line int, check func() error) {
	s.file, s.line, s.number, s.ended = file, line, 0, false
	s.in = tokenReader{r: r, check: check}
	s.sax.Reset(&s.in)
}

// refuse makes a refusal at the present place.
func (s *scanner) refuse(kind RefusalKind, format string, args ...any) error {
	return &Refusal{Kind: kind, File: s.file, Line: s.line, Record: s.number, Reason: fmt.Sprintf(format, args...)}
}

// event gives the next token, whose bytes live until the next one is asked.
func (s *scanner) event() (gosax.Event, error) {
	s.in.fed = 0
	e, err := s.sax.Event()
	if err == nil && (e.Type() != gosax.EventEOF || s.ended) {
		return e, nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		return e, s.refuse(Truncated, "the file ends before its root element does")
	}
	if errors.Is(err, errTokenTooLarge) {
		return e, s.refuse(TooLarge, "a tag, text or comment is longer than %d bytes", maxToken)
	}
	return e, s.readError(err)
}

// readError says why the file could not be read further.
func (s *scanner) readError(err error) error {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return err
	}
	if strings.HasPrefix(err.Error(), "unknown bang type") { // gosax on "<!x"
		return s.refuse(Malformed, `neither a comment nor a CDATA section follows "<!"`)
	}
	if err := damage(s.file, err); errors.As(err, &refusal) {
		return err
	}
	return fmt.Errorf("aaf: read %s at line %d: %w", s.file, s.line, err)
}

// next gives the next tag where the DTD has elements only: white space,
// comments and processing instructions are stepped over.
func (s *scanner) next() (tag, error) {
	for {
		e, err := s.event()
		if err != nil {
			return tag{}, err
		}
		switch e.Type() {
		case gosax.EventStart, gosax.EventEnd:
			return s.tag(e.Bytes)
		case gosax.EventText:
			err = s.blank(e.Bytes)
		case gosax.EventComment:
			err = s.comment(e.Bytes)
		case gosax.EventProcessingInstruction:
			err = s.instruction(e.Bytes)
		case gosax.EventDocType:
			err = s.refuse(Malformed, "a DOCTYPE is allowed once, before the root element")
		default:
			err = s.refuse(UnexpectedText, "a CDATA section stands where the DTD has elements only")
		}
		if err != nil {
			return tag{}, err
		}
	}
}

// open reads the start tag of an element.
func (s *scanner) open(want element) (tag, error) {
	t, err := s.next()
	if err != nil {
		return t, err
	}
	if t.element != want || t.form == closing {
		return t, s.unexpected(t, "<"+want.String()+">")
	}
	return t, nil
}

// close reads the end tag of an element.
func (s *scanner) close(want element) error {
	t, err := s.next()
	if err != nil {
		return err
	}
	if t.element != want || t.form != closing {
		return s.unexpected(t, "</"+want.String()+">")
	}
	return nil
}

// unexpected refuses a tag that the grammar does not allow here.
func (s *scanner) unexpected(t tag, want string) error {
	if t.form == closing {
		return s.refuse(MismatchedTag, "the end tag </%s> stands where %s is expected", t.element, want)
	}
	return s.refuse(UnexpectedElement, "the element <%s> stands where %s is expected", t.element, want)
}

// blank accepts white space.
func (s *scanner) blank(b []byte) error {
	for _, c := range b {
		switch c {
		case '\n':
			s.line++
		case ' ', '\t', '\r':
		default:
			return s.refuse(UnexpectedText, "text stands where the DTD has elements only")
		}
	}
	return nil
}

// text reads the content of an element that holds text, up to and with its
// end tag, and appends it decoded to dst.
func (s *scanner) text(dst []byte, t tag) ([]byte, error) {
	if t.form == empty {
		return dst, nil
	}
	start := len(dst)
	for {
		e, err := s.event()
		if err != nil {
			return dst, err
		}
		switch e.Type() {
		case gosax.EventText:
			dst, err = s.unescape(dst, e.Bytes)
		case gosax.EventCData:
			dst, err = s.cdata(dst, e.Bytes)
		case gosax.EventEnd, gosax.EventStart:
			end, err := s.tag(e.Bytes)
			if err == nil && (end.element != t.element || end.form != closing) {
				err = s.unexpected(end, "</"+t.element.String()+">")
			}
			return dst, err
		case gosax.EventComment:
			err = s.comment(e.Bytes)
		case gosax.EventProcessingInstruction:
			err = s.instruction(e.Bytes)
		default:
			err = s.refuse(Malformed, "a DOCTYPE is allowed once, before the root element")
		}
		if err != nil {
			return dst, err
		}
		if len(dst)-start > maxValue {
			return dst, s.refuse(TooLarge, "a value is longer than %d bytes", maxValue)
		}
	}
}
