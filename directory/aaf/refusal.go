package aaf

import (
	"archive/tar"
	"archive/zip"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
)

// RefusalKind names why a whole delivery is refused. It is a stable string.
type RefusalKind string

// What refuses the XML of a file.
const (
	Truncated           RefusalKind = "truncated"            // the file ends before its root element does
	Malformed           RefusalKind = "malformed"            // not well-formed XML 1.0
	MismatchedTag       RefusalKind = "mismatched-tag"       // an end tag that closes something else
	UnexpectedElement   RefusalKind = "unexpected-element"   // not the element that the DTD wants here
	UnexpectedText      RefusalKind = "unexpected-text"      // text where the DTD has elements only
	UndeclaredAttribute RefusalKind = "undeclared-attribute" // an XML attribute that the DTD has not, or lacks
	UndeclaredEntity    RefusalKind = "undeclared-entity"    // neither of XML's five, numeric nor of HTML 4
	InvalidCharacter    RefusalKind = "invalid-character"    // NUL and other control characters
	InvalidUTF8         RefusalKind = "invalid-utf-8"
	UnsupportedEncoding RefusalKind = "unsupported-encoding" // neither UTF-8 nor declared ISO-8859-1 or -15
	TooLarge            RefusalKind = "too-large"            // a value, tag or record beyond its bound
	UnknownOperation    RefusalKind = "unknown-operation"    // a modification other than "replace"
	WrongCategory       RefusalKind = "wrong-category"       // not the records that the name of the file announces
	WrongDegree         RefusalKind = "wrong-degree"         // a delivery of the second degré
)

// What refuses a delivery or what holds it.
const (
	UnknownContainer RefusalKind = "unknown-container" // neither a folder, a zip nor a tgz
	Damaged          RefusalKind = "damaged"           // the archive does not open or fails its checksum
	Bomb             RefusalKind = "bomb"              // the archive is beyond its limits
	WrongDate        RefusalKind = "wrong-date"        // the name of the file holds no day
	MissingChunk     RefusalKind = "missing-chunk"
	RepeatedChunk    RefusalKind = "repeated-chunk"
	MissingCategory  RefusalKind = "missing-category" // in a complete delivery
)

// RefusalKinds lists every kind of refusal.
var RefusalKinds = []RefusalKind{
	Truncated, Malformed, MismatchedTag, UnexpectedElement, UnexpectedText, UndeclaredAttribute, UndeclaredEntity,
	InvalidCharacter, InvalidUTF8, UnsupportedEncoding, TooLarge, UnknownOperation, WrongCategory, WrongDegree,
	UnknownContainer, Damaged, Bomb, WrongDate, MissingChunk, RepeatedChunk, MissingCategory,
}

// Refusal is why a whole delivery is refused. Its text is one English
// sentence for whoever made the delivery; it quotes no value.
type Refusal struct {
	Kind   RefusalKind
	File   string // empty when it is not about one file
	Line   int    // 0 when it is not about one line
	Record int    // rank of the record in its file, 0 when it is not about one record
	Reason string
}

// Error says where, then what.
func (r *Refusal) Error() string {
	var where strings.Builder
	where.WriteString("aaf: ")
	if r.File != "" {
		where.WriteString(r.File)
		if r.Line > 0 {
			fmt.Fprintf(&where, ", line %d", r.Line)
		}
		if r.Record > 0 {
			fmt.Fprintf(&where, ", record %d", r.Record)
		}
		where.WriteString(": ")
	}
	where.WriteString(r.Reason)
	return where.String()
}

func refuse(kind RefusalKind, file, format string, args ...any) *Refusal {
	return &Refusal{Kind: kind, File: file, Reason: fmt.Sprintf(format, args...)}
}

// damage turns an error of an archive's own format into a refusal, and leaves
// the others (a failing disk) as they are.
func damage(file string, err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return refuse(Truncated, file, "the archive ends too early")
	case errors.As(err, &corrupt),
		errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.Is(err, tar.ErrHeader),
		errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrAlgorithm):
		return refuse(Damaged, file, "the archive is damaged (%v)", err)
	}
	return err
}
