package content

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/sync/semaphore"

	"preau/core/fail"
)

const (
	headSize = 3072     // that mimetype reads
	edge     = 64 << 10 // of either end, in which is looked for what deceives
	sniffed  = 1500     // in which a browser looks for a page (WHATWG MIME Sniffing § 5.2 reads 1445)
)

// looks are how many files are looked at at once.
var looks = semaphore.NewWeighted(2)

// Inspect tells what a file is. What is made to deceive or to overwhelm whoever opens it is
// fail.Invalid, with a text for people: an archive that is a bomb, or that writes outside of its
// folder; a file that is two things at once. An error of r, or of a context that ends, is
// wrapped. A name, which may be empty, only tells apart what is written alike: a table, what a
// program of school writes.
func Inspect(ctx context.Context, r io.ReaderAt, size int64, name string) (Look, error) {
	if err := looks.Acquire(ctx, 1); err != nil {
		return Look{}, fmt.Errorf("waiting to look at a file: %w", err)
	}
	defer looks.Release(1)
	from := &source{ctx: ctx, r: r, size: size}
	look, err := from.inspect(name)
	if from.failed != nil {
		return Look{}, fmt.Errorf("reading a file: %w", from.failed)
	}
	if err != nil {
		return Look{}, err
	}
	return look, nil
}

// source is a file, until its context ends.
type source struct {
	ctx    context.Context
	r      io.ReaderAt
	size   int64
	failed error // why it could not be read
}

// ReadAt implements io.ReaderAt. A place that is not in the file is the fault of whoever asks.
func (s *source) ReadAt(into []byte, at int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		s.failed = err
		return 0, err
	}
	if at < 0 || at >= s.size {
		return 0, io.EOF
	}
	short := int64(len(into)) > s.size-at
	if short {
		into = into[:s.size-at]
	}
	n, err := s.r.ReadAt(into, at)
	if n == len(into) { // a reader may say its end with its last bytes
		err = nil
	}
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF // it is shorter than was said
		}
		s.failed = err
		return n, err
	}
	if short {
		err = io.EOF
	}
	return n, err
}

// part reads some bytes, as many as there are.
func (s *source) part(at, n int64) []byte {
	if at = max(0, at); at >= s.size {
		return nil
	}
	b := make([]byte, min(n, s.size-at))
	got, _ := s.ReadAt(b, at)
	return b[:got]
}

func (s *source) inspect(name string) (Look, error) {
	head := s.part(0, edge)
	if len(head) == 0 { // an empty file is a file: programs make one before they write it
		return Look{Type: "text/plain", Family: Text, Shown: Plain}, s.failed
	}
	look := seen(mimetype.Detect(head[:min(len(head), headSize)]))
	ending := strings.ToLower(path.Ext(name))
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		return s.zipped(look, ending)
	}
	var err error
	switch {
	case bytes.HasPrefix(head, []byte(compound)):
		look = s.old(look, ending)
	case look.Type == "application/gzip":
		look, err = s.gzipped(look)
	case look.Type == "application/x-tar":
		err = tarred(io.NewSectionReader(s, 0, s.size))
	case look.Type == "video/webm":
		look = s.webm(look, head)
	case look.Type == "video/mp4", look.Type == "audio/mp4", look.Type == "video/quicktime":
		look = s.mp4(look)
	case look.Type == "text/plain":
		look = named(look, ending)
	case look.Family == PDF && bytes.Contains(s.part(s.size-2048, 2048), []byte("/Encrypt")):
		look.Closed = true
	}
	if err == nil && s.failed == nil {
		err = s.double(look, head)
	}
	return look, err
}

// seen is what mimetype says: of what it knows and we do not, what it descends from.
func seen(m *mimetype.MIME) Look {
	of, _, _ := strings.Cut(m.String(), ";")
	if other, known := aliases[of]; known {
		of = other
	}
	look := Look{Type: of, Ending: m.Extension(), Family: Other}
	if k, known := kinds[of]; known {
		look.Family, look.Shown = k.family, k.shown
		return look
	}
	switch of, _, _ := strings.Cut(of, "/"); of {
	case "image":
		look.Family = Picture
	case "audio":
		look.Family = Sound
	case "video":
		look.Family = Film
	default:
		for up := m; up != nil; up = up.Parent() {
			if up.Is("text/plain") { // a page, or a program that is read
				look.Family = Text
			}
		}
	}
	return look
}

// named tells texts apart by their name.
func named(look Look, ending string) Look {
	switch ending {
	case ".csv":
		look.Type, look.Ending = "text/csv", ending
	case ".md":
		look.Type, look.Ending = "text/markdown", ending
	case ".html", ".htm", ".xhtml", ".svg", ".xml", ".js", ".mjs": // one that is not seen to be what it is called
		look.Shown, look.Ending = Never, ""
	}
	return look
}

// double refuses what is two things at once: a picture, a sound, a film or a PDF that is a page, a
// program in PHP or an archive as well. A page is looked for where browsers do, PHP in either end,
// an archive where programs look for one, at the end.
func (s *source) double(look Look, head []byte) error {
	switch look.Family {
	case Picture, Sound, Film, PDF:
	default:
		return nil
	}
	if look.Type == "image/svg+xml" {
		return nil
	}
	begins := bytes.ToLower(head[:min(len(head), sniffed)])
	for _, page := range []string{"<!doctype html", "<html", "<script", "<iframe", "<svg"} {
		if bytes.Contains(begins, []byte(page)) {
			return deceives("%s that is a page", look.Type)
		}
	}
	end := s.part(s.size-edge, edge)
	for _, either := range [][]byte{head, end} {
		if bytes.Contains(either, []byte("<?php")) || bytes.Contains(bytes.ToUpper(either), []byte("__HALT_COMPILER")) {
			return deceives("%s that is a program", look.Type)
		}
	}
	// A PDF that LibreOffice writes to be edited again has the document in it, and its end after that.
	if d, found := s.directory(); found && (d.last || look.Family != PDF) {
		if archive, err := s.open(); err == nil && len(archive.File) > 0 {
			return deceives("%s that is an archive", look.Type)
		}
	}
	return nil
}

func deceives(format string, args ...any) error {
	return fail.New(fail.Invalid, "a file that is two things: "+format, args...).Say("content.double")
}

func bomb(format string, args ...any) error {
	return fail.New(fail.Invalid, "a bomb: "+format, args...).Say("content.bomb")
}

func climbs(name string) error {
	return fail.New(fail.Invalid, "an archive that leaves its folder: %.80q", name).Say("content.climbs")
}
