package attach

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/sync/semaphore"

	"preau/core/fail"
)

// source is a file that was received.
type source interface {
	io.Reader
	io.ReaderAt
	io.Seeker
}

// headSize is how much of a file tells what it seems to be.
const headSize = 3072

// looks are how many files are looked at at once: each may unpack maxUnpacked.
var looks = semaphore.NewWeighted(2)

// inspect tells what a file is, and refuses what is not accepted, damaged or dangerous:
// it is fail.Invalid, with a text for people. It looks at the whole file before any of
// it is kept. What else is to be looked for, a virus say, is looked for here.
func inspect(ctx context.Context, r source, size int64, name string) (Kind, error) {
	if err := looks.Acquire(ctx, 1); err != nil {
		return "", fmt.Errorf("waiting to look at a file: %w", err)
	}
	defer looks.Release(1)
	head := make([]byte, min(size, headSize))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("reading a file: %w", err)
	}
	seems := mimetype.Detect(head)
	kind, err := Kind(""), error(nil)
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		kind, err = PDF, isPDF(r, size)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		kind, err = office(ctx, r, size)
	case bytes.HasPrefix(head, []byte("\x1aE\xdf\xa3")):
		kind, err = WebM, isWebM(r, size)
	case len(head) > 8 && string(head[4:8]) == "ftyp":
		kind, err = M4A, isM4A(r, size)
	case bytes.HasPrefix(head, []byte("OggS")):
		kind, err = Ogg, isOgg(r, size)
	case seems.Is("audio/mpeg") && (bytes.HasPrefix(head, []byte("ID3")) || head[0] == 0xff): // and not further on
		kind = MP3
	case seems.Is("audio/wav"):
		kind = WAV
	case seems.Is("text/plain"), seems.Is("text/csv"), seems.Is("text/tab-separated-values"):
		kind, err = text(r, size, name)
	default:
		err = unlike(seems)
	}
	if err == nil && !kind.packed() && opensAsZip(ctx, r, size) {
		err = unknown("a %s that is an archive too", kind)
	}
	if err == nil && size > kind.most() {
		err = tooLarge(kind.most())
	}
	return kind, err
}

// unlike refuses a file of another kind, and says what to do where there is something.
func unlike(seems *mimetype.MIME) error {
	err := fail.New(fail.Invalid, "a file that seems to be %s", seems)
	for m := seems; m != nil; m = m.Parent() {
		switch {
		case m.Is("application/x-ole-storage"): // .doc, .xls, .ppt
			return err.Say("attach.old-office")
		case m.Is("image/jpeg"), m.Is("image/png"), m.Is("image/webp"), m.Is("image/gif"), m.Is("image/heic"), m.Is("image/heif"):
			return err.Say("attach.is-photo")
		}
	}
	return err.Say("attach.unknown")
}

// tooLarge refuses a file of more than some bytes.
func tooLarge(most int64) error {
	return fail.New(fail.Invalid, "a file of more than %d bytes", most).Say("attach.too-large", most>>20)
}

// damaged refuses a file that cannot be read to its end.
func damaged(format string, args ...any) error {
	return fail.New(fail.Invalid, format, args...).Say("attach.damaged")
}

// unknown refuses a file that is like one of ours, and is something else.
func unknown(format string, args ...any) error {
	return fail.New(fail.Invalid, format, args...).Say("attach.unknown")
}

// isPDF checks that a file that begins as a PDF ends as one (ISO 32000-2 § 7.5.5).
func isPDF(r source, size int64) error {
	const tail = 2048
	end := make([]byte, min(size, tail))
	if _, err := r.ReadAt(end, size-int64(len(end))); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading a file: %w", err)
	}
	if !bytes.Contains(end, []byte("%%EOF")) {
		return damaged("a PDF without its end")
	}
	return nil
}

// whole reads a file to its end.
func whole(r source, size int64) ([]byte, error) {
	if size > MaxFile {
		return nil, tooLarge(MaxFile)
	}
	all, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, fmt.Errorf("reading a file: %w", err)
	}
	return all, nil
}

// unassigned are the bytes that are no letters of Windows-1252.
var unassigned = []byte{0x81, 0x8d, 0x8f, 0x90, 0x9d}

// text checks that a file is nothing but text, in UTF-8 or in the letters of an old
// Windows, and tells whether its sender calls it a table.
func text(r source, size int64, name string) (Kind, error) {
	if size > Text.most() {
		return "", tooLarge(Text.most())
	}
	all, err := whole(r, size)
	if err != nil {
		return "", err
	}
	for _, c := range all {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' || c == 0x7f {
			return "", unknown("a text with the byte %#x", c)
		}
	}
	if !utf8.Valid(all) && slices.ContainsFunc(all, func(c byte) bool { return slices.Contains(unassigned, c) }) {
		return "", unknown("a text in no known letters")
	}
	if ends(name, ".csv") {
		return CSV, nil
	}
	return Text, nil
}
