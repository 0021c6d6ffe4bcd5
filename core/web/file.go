package web

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"preau/core/fail"
	"preau/core/i18n"
)

// File is a file to keep. It is always sent as an attachment and never
// rendered as a page of ours, whoever made it and whatever it holds; an image
// of a page shows all the same.
type File struct {
	Name     string        // as people named it
	Type     string        // as we found it to be, not as the sender said
	Modified time.Time     // lets the browser of somebody signed out keep it; optional
	Tag      string        // another one where the content is another: who was cut goes on from there; optional
	Content  io.ReadSeeker // closed after sending when it is an io.Closer
}

// CSV is a table for spreadsheets, to keep under a name to which its ending is
// added.
func CSV(name string, table []byte) File {
	return File{Name: name + ".csv", Type: "text/csv; charset=utf-8", Content: bytes.NewReader(table)}
}

func (f File) ready(r *Request) (http.Handler, error) {
	if f.Type == "" {
		f.Type = "application/octet-stream"
	}
	return &sending{f, !f.Modified.IsZero() && !r.SignedIn()}, nil
}

// PDF is a document that takes long to draw. It is drawn once the transaction is
// over: nobody waits for the only writer meanwhile. The handler issues what the
// document says and gathers the rest; that stays done when the drawing fails.
type PDF struct {
	Name string // to which its ending is added
	// Draw has no transaction any more: what it draws was gathered before.
	Draw func() ([]byte, error)
	// Notice is the key of the text, without places, that the page which is shown
	// next says was done; optional.
	Notice string
	// Undrawn is the key of the text, without places, that says when Draw fails what
	// was done all the same, and how to have the document.
	Undrawn string
}

func (p PDF) ready(r *Request) (http.Handler, error) {
	if err := r.leaveNotice(p.Notice, false); err != nil {
		return nil, fmt.Errorf("a document: %w", err)
	}
	if !r.site.Words.Has(p.Undrawn) {
		return nil, fmt.Errorf("a document that is not drawn is told by %q, which is no text", p.Undrawn)
	}
	return &drawing{sending{file: File{Name: p.Name + ".pdf", Type: "application/pdf"}}, p}, nil
}

// drawing is a document on its way, once it is drawn.
type drawing struct {
	sending
	PDF
}

// draw makes the content. A failure, whose text says what stays done, is a fault of
// ours.
func (d *drawing) draw() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicked{value: p, stack: debug.Stack()}
		}
		if err != nil {
			err = fail.New(fail.Fault, "drawing a document: %w", err).Say(d.Undrawn)
		}
	}()
	document, err := d.Draw()
	d.file.Content = bytes.NewReader(document)
	return err
}

// sending is a file on its way.
type sending struct {
	file File
	kept bool
}

func (s *sending) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer s.Close()
	h := w.Header()
	h.Set("Content-Type", s.file.Type)
	h.Set("Content-Disposition", attachment(s.file.Name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if s.file.Tag != "" {
		h.Set("ETag", `"`+s.file.Tag+`"`)
	}
	if s.kept {
		h.Set("Cache-Control", "private, no-cache")
		h.Add("Vary", "Cookie")
	}
	http.ServeContent(&patient{w, http.NewResponseController(w)}, r, "", s.file.Modified, s.file.Content)
}

// Close lets the content go.
func (s *sending) Close() error {
	if c, ok := s.file.Content.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// Streamed is a file to keep that is made as it leaves: nobody knows how large it is. Write has no transaction any
// more; where it fails the connection is cut, so that nobody takes a part for the whole.
type Streamed struct {
	Name, Type string
	Write      func(w io.Writer) error
}

func (f Streamed) ready(r *Request) (http.Handler, error) { return &streaming{f, r}, nil }

// streaming is such a file on its way.
type streaming struct {
	file Streamed
	r    *Request
}

func (s *streaming) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", s.file.Type)
	h.Set("Content-Disposition", attachment(s.file.Name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if err := s.file.Write(&patient{w, http.NewResponseController(w)}); err != nil {
		s.r.site.Log.Warn("a file was cut", "id", s.r.ID, "err", err)
		panic(http.ErrAbortHandler)
	}
}

// Size says a number of bytes as people do.
func Size(say i18n.Printer, bytes int64) string {
	switch {
	case bytes >= 1_000_000_000:
		tenths := (bytes + 50_000_000) / 100_000_000
		if tenths%10 == 0 {
			return say.Say("web.gigabytes", tenths/10)
		}
		return say.Say("web.gigabytes-tenths", tenths/10, tenths%10)
	case bytes >= 1_000_000:
		return say.Say("web.megabytes", (bytes+500_000)/1_000_000)
	case bytes == 0:
		return say.Say("web.kilobytes", 0)
	}
	return say.Say("web.kilobytes", max(1, (bytes+500)/1000))
}

// attachment is the header that makes a browser keep a file under its name
// (RFC 6266), reduced to its last element and without control characters.
func attachment(name string) string {
	name = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c == '\\' || c == '"' {
			return -1
		}
		return c
	}, path.Base(strings.ReplaceAll(name, "\\", "/")))
	if header := mime.FormatMediaType("attachment", map[string]string{"filename": name}); header != "" {
		return header
	}
	return "attachment"
}

// sendingTime is how long one piece of an answer may take to be sent.
const sendingTime = 15 * time.Second

// patient is a writer that gives each piece its own time: a slow line gets a
// large file whole, one that takes nothing is cut.
type patient struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (p *patient) Write(b []byte) (int, error) {
	_ = p.control.SetWriteDeadline(time.Now().Add(sendingTime)) // without deadlines, it waits
	return p.ResponseWriter.Write(b)
}
