package web

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// File is a file to keep. It is always sent as an attachment and never
// rendered as a page of ours, whoever made it and whatever it holds; an image
// of a page shows all the same.
type File struct {
	Name     string        // as people named it
	Type     string        // as we found it to be, not as the sender said
	Modified time.Time     // lets the browser of somebody signed out keep it; optional
	Content  io.ReadSeeker // closed after sending when it is an io.Closer
	// Notice is the key of the text, without places, that the page which is shown
	// next says was done; optional.
	Notice string
}

// CSV is a table for spreadsheets, to keep under a name to which its ending is
// added.
func CSV(name string, table []byte) File {
	return File{Name: name + ".csv", Type: "text/csv; charset=utf-8", Content: bytes.NewReader(table)}
}

// PDF is a document that was drawn, to keep under a name to which its ending is
// added; notice is for [File.Notice].
func PDF(name string, document []byte, notice string) File {
	return File{Name: name + ".pdf", Type: "application/pdf", Content: bytes.NewReader(document), Notice: notice}
}

func (f File) ready(r *Request) (http.Handler, error) {
	if err := r.leaveNotice(f.Notice, false); err != nil {
		return nil, fmt.Errorf("file %q: %w", f.Name, err)
	}
	if f.Type == "" {
		f.Type = "application/octet-stream"
	}
	return &sending{f, !f.Modified.IsZero() && !r.SignedIn()}, nil
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
