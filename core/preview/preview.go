package preview

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/semaphore"

	"preau/core/content"
	"preau/core/fail"
	"preau/core/photo"
	"preau/core/school"
)

// The largest files of which something is made, in bytes.
const (
	maxPDF    = 200 << 20
	maxOffice = 50 << 20
	filmHead  = 32 << 20 // of a film, the beginning and the end are enough
	filmTail  = 16 << 20
)

// MaxWords is how many bytes of words are given at most.
const MaxWords = 200_000

// Preview is what is shown and found of a file: any of it may be missing.
type Preview struct {
	Large, Small photo.Picture // JPEG, of photo.WholeSide and photo.PreviewSide pixels at most
	Pages        int           // 0: not known
	Words        string        // for a search: UTF-8, without what a database does not keep
	Why          string        // why there is no picture, for the log; empty where there is one
}

// Pictured tells whether there are pictures.
func (p Preview) Pictured() bool { return len(p.Large.JPEG) > 0 }

// Options are those of a maker.
type Options struct {
	Studio *photo.Studio
	// Folder is where files are written for as long as a program opens them, each in a folder of
	// its own that is removed; empty: that of the system. Nothing in it is sealed.
	Folder string
	// Unboxed has programs open what strangers sent without a box, where none can be made.
	Unboxed bool
}

// Maker makes previews.
type Maker struct {
	studio  *photo.Studio
	folder  string
	box     []string          // what runs a program in a box; nil: there is none
	runs    bool              // programs are run, boxed or not
	paths   map[string]string // of the programs that are there
	many    *semaphore.Weighted
	one     *semaphore.Weighted // an office
	largest map[string]limits
}

// New looks for the programs that are there, and whether a box can be made.
func New(ctx context.Context, o Options) *Maker {
	m := &Maker{studio: o.Studio, folder: o.Folder, paths: map[string]string{}, many: semaphore.NewWeighted(2), one: semaphore.NewWeighted(1), largest: limitsOf}
	for _, program := range []string{pdfinfo, pdftoppm, pdftotext, soffice, ffmpeg} {
		if path, err := find(program); err == nil {
			m.paths[program] = path
		}
	}
	m.box = m.findBox(ctx)
	m.runs = m.Boxed() || o.Unboxed
	m.sweep(time.Now())
	return m
}

// sweep removes the folders that a process which was killed left behind: no work takes an hour.
func (m *Maker) sweep(now time.Time) {
	left, _ := filepath.Glob(filepath.Join(cmp.Or(m.folder, os.TempDir()), prefix+"*"))
	for _, folder := range left {
		if is, err := os.Lstat(folder); err == nil && is.IsDir() && now.Sub(is.ModTime()) > time.Hour {
			_ = os.RemoveAll(folder)
		}
	}
}

// prefix is how the name of the folder of a work begins.
const prefix = "preau-preview-"

// Boxed tells whether programs are run in a box.
func (m *Maker) Boxed() bool { return m.box != nil }

// Makes tells whether there are pictures of the files of a family.
func (m *Maker) Makes(f content.Family) bool {
	switch {
	case f == content.Picture:
		return true
	case f == content.PDF:
		return m.has(pdftoppm)
	case f.Office():
		return m.has(soffice) && m.has(pdftoppm)
	case f == content.Film:
		return m.has(ffmpeg)
	}
	return false
}

// Told is what a log says at the start.
func (m *Maker) Told() []any {
	return []any{"boxed", m.Boxed(), "pdf", m.Makes(content.PDF), "office", m.Makes(content.Document), "film", m.Makes(content.Film)}
}

func (m *Maker) has(program string) bool { return m.runs && m.paths[program] != "" }

// errNothing is that there is nothing to show, and why.
type errNothing struct{ error }

func nothing(format string, args ...any) error { return errNothing{fmt.Errorf(format, args...)} }

// Make makes the preview of a file that somebody sent and of which content has said what it is. A
// file of which nothing can be shown is no error. An error is of r, of our disk, or of a context
// that ends: to be tried again.
func (m *Maker) Make(ctx context.Context, by school.ID, r io.ReaderAt, size int64, is content.Look) (Preview, error) {
	from := &source{ctx: ctx, ReaderAt: r}
	var p Preview
	err := m.make(ctx, &p, by, from, size, is)
	switch no := (errNothing{}); {
	case from.failed != nil:
		return Preview{}, fmt.Errorf("reading a file: %w", from.failed)
	case ctx.Err() != nil:
		return Preview{}, fmt.Errorf("making a preview: %w", ctx.Err())
	case errors.As(err, &no):
		p.Why = no.Error()
	case err != nil:
		return Preview{}, err
	}
	return p, nil
}

func (m *Maker) make(ctx context.Context, p *Preview, by school.ID, from *source, size int64, is content.Look) error {
	if is.Family.Office() && !is.Closed {
		p.Words = officeWords(from, size, is)
	}
	switch {
	case is.Closed && is.Family != content.PDF: // of which many are encrypted that everybody opens
		return nothing("it cannot be looked into")
	case is.Family == content.Text:
		p.Words = textWords(from, size)
		return nothing("a text")
	case is.Shown == content.Remade:
		return m.picture(ctx, p, by, io.NewSectionReader(from, 0, size))
	case is.Family == content.PDF:
		return m.pdf(ctx, p, by, from, size)
	case is.Macros:
		return nothing("it holds programs")
	case is.Family.Office():
		return m.office(ctx, p, by, from, size, is)
	case is.Family == content.Film:
		return m.film(ctx, p, by, from, size, is)
	}
	return nothing("nothing of %s is shown", is.Type)
}

// picture makes the pictures of one.
func (m *Maker) picture(ctx context.Context, p *Preview, by school.ID, r io.ReadSeeker) error {
	made, err := m.studio.Make(ctx, by, r)
	if fail.Is(err, fail.Invalid) {
		return nothing("%w", err)
	}
	if err == nil {
		p.Large, p.Small = made.Whole, made.Preview
	}
	return err
}

// drawn makes the pictures of one that a program wrote.
func (m *Maker) drawn(ctx context.Context, p *Preview, by school.ID, w *work, name string) error {
	f, err := w.open(name)
	if err != nil {
		return nothing("no picture was drawn: %w", err)
	}
	defer f.Close()
	return m.picture(ctx, p, by, f)
}

// work is a folder in which a program opens a file.
type work struct{ folder string }

// newWork makes one.
func (m *Maker) newWork() (*work, error) {
	folder, err := os.MkdirTemp(m.folder, prefix)
	if err != nil {
		return nil, fmt.Errorf("a folder for a preview: %w", err)
	}
	w := &work{folder}
	if err := os.Mkdir(filepath.Join(folder, home), 0o700); err != nil {
		w.remove()
		return nil, fmt.Errorf("a folder for a preview: %w", err)
	}
	return w, nil
}

func (w *work) remove() { _ = os.RemoveAll(w.folder) }

// open opens what a program wrote: a file, and no link to one of ours.
func (w *work) open(name string) (*os.File, error) {
	root, err := os.OpenRoot(w.folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if is, err := root.Lstat(name); err != nil {
		return nil, err
	} else if !is.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file", name)
	}
	return root.Open(name)
}

// put writes parts of a file, each at its place.
func (w *work) put(name string, from *source, size int64, parts ...[2]int64) error {
	f, err := os.OpenFile(filepath.Join(w.folder, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("a file for a preview: %w", err)
	}
	defer f.Close()
	for _, p := range parts {
		_, err = io.Copy(io.NewOffsetWriter(f, p[0]), io.NewSectionReader(from, p[0], p[1]-p[0]))
		if err != nil {
			return fmt.Errorf("a file for a preview: %w", err)
		}
	}
	if err = f.Truncate(size); err == nil {
		err = f.Close()
	}
	if err != nil {
		return fmt.Errorf("a file for a preview: %w", err)
	}
	return nil
}

// source is a file, until its context ends.
type source struct {
	io.ReaderAt
	ctx    context.Context
	failed error
}

// ReadAt implements io.ReaderAt.
func (s *source) ReadAt(into []byte, at int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		s.failed = err
		return 0, err
	}
	n, err := s.ReaderAt.ReadAt(into, at)
	if err != nil && !errors.Is(err, io.EOF) {
		s.failed = err
	}
	return n, err
}
