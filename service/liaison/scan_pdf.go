package liaison

import (
	"bytes"
	"io"

	"preau/core/fail"
)

// The largest PDF that is read, and the most pictures of one.
const maxPDF, maxPages = 25 << 20, 40

// isPDF tells a PDF by its first bytes (ISO 32000-2 § 7.5.2), and goes back before them.
func isPDF(r io.ReadSeeker) bool {
	head := make([]byte, 5)
	_, err := io.ReadFull(r, head)
	_, again := r.Seek(0, io.SeekStart)
	return err == nil && again == nil && string(head) == "%PDF-"
}

// scansOf gives the pictures of a PDF that a copier made. Those that are JPEG stand in it as
// they are (ISO 32000-2 § 7.4.8, DCTDecode), each in a stream of its own, as no other one is
// within (§ 7.5.7): nothing of the document has to be read or decompressed to have them.
// Pages in black and white alone are made otherwise, and are not read.
func scansOf(r io.Reader) (pictures [][]byte, err error) {
	document, err := io.ReadAll(io.LimitReader(r, maxPDF+1))
	switch {
	case err != nil:
		return nil, err
	case len(document) > maxPDF:
		return nil, fail.New(fail.Invalid, "a PDF of more than %d bytes", maxPDF).Say("liaison.pdf-large", maxPDF>>20)
	}
	if pictures = jpegsIn(document); len(pictures) == 0 {
		return nil, fail.New(fail.Invalid, "a PDF without a JPEG").Say("liaison.pdf-unread")
	}
	return pictures, nil
}

// jpegsIn finds the streams of a PDF that are JPEG, each a part of the document.
func jpegsIn(document []byte) (pictures [][]byte) {
	for len(pictures) < maxPages {
		_, after, found := bytes.Cut(document, []byte("stream"))
		if !found {
			break
		}
		document = after
		stream := bytes.TrimPrefix(bytes.TrimPrefix(after, []byte("\r")), []byte("\n")) // § 7.3.8.1
		if !bytes.HasPrefix(stream, []byte("\xff\xd8\xff")) {
			continue
		}
		picture, rest, _ := bytes.Cut(stream, []byte("endstream"))
		pictures, document = append(pictures, picture), rest
	}
	return pictures
}
