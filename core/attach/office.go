package attach

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"preau/core/fail"
)

// What an office document may hold, once it is unpacked: more is a bomb.
const (
	maxMembers  = 4000
	maxUnpacked = 128 << 20
	maxRatio    = 200     // unpacked to packed, of the whole
	fewUnpacked = 8 << 20 // below which no ratio is too large
	maxTold     = 6 << 20 // of the members that say what it fetches and runs
)

// openDocuments are the kinds of OpenDocument, by what the member "mimetype" says (OASIS
// OpenDocument 1.3, part 2 § 3.3).
var openDocuments = map[string]Kind{
	"application/vnd.oasis.opendocument.text":         ODT,
	"application/vnd.oasis.opendocument.spreadsheet":  ODS,
	"application/vnd.oasis.opendocument.presentation": ODP,
}

// mainParts are the kinds of Office Open XML, by the type of their main part (ECMA-376
// part 1 § 11.3, 12.3 and 13.3); those with macros have others.
var mainParts = map[string]Kind{
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml":   DOCX,
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml":         XLSX,
	"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": PPTX,
	"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml":    PPTX,
	"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml":   DOCX,
	"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml":      XLSX,
	"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml":     PPTX,
}

// office tells which office document an archive is.
func office(ctx context.Context, r source, size int64) (Kind, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return "", damaged("an archive: %w", err)
	}
	if err := endsThere(r, size, archive); err != nil {
		return "", err
	}
	if err := bounded(ctx, archive, size); err != nil {
		return "", err
	}
	if first := archive.File; len(first) > 0 && first[0].Name == "mimetype" {
		return openDocument(archive)
	}
	types, err := member(archive, "[Content_Types].xml")
	if err != nil {
		return "", err
	}
	if strings.Contains(types, "macroEnabled") || strings.Contains(types, "vbaProject") {
		return "", macros("its types")
	}
	for part, kind := range mainParts {
		if strings.Contains(types, `"`+part+`"`) {
			return kind, nil
		}
	}
	return "", unknown("an archive that is no document")
}

// openDocument tells which OpenDocument an archive is.
func openDocument(archive *zip.Reader) (Kind, error) {
	says, err := member(archive, "mimetype")
	if err != nil {
		return "", err
	}
	kind, known := openDocuments[says]
	if !known {
		return "", unknown("an OpenDocument that is a %.60q", says)
	}
	if _, err := member(archive, "META-INF/manifest.xml"); err != nil {
		return "", err
	}
	return kind, nil
}

// bounded refuses an archive that is a bomb once it is unpacked, that is damaged, that holds
// macros or objects of other programs, that fetches some, or whose members leave the folder where
// it is unpacked. It stops at the first byte that is too much: what a member says of its own size,
// which zip does not let it pass, is believed before it is read.
func bounded(ctx context.Context, archive *zip.Reader, size int64) error {
	if len(archive.File) > maxMembers {
		return bomb("%d members", len(archive.File))
	}
	left, told := min(maxUnpacked, max(fewUnpacked, maxRatio*size)), int64(maxTold)
	for _, f := range archive.File {
		if f.UncompressedSize64 > uint64(left) {
			return bomb("more than its share, of %d", size)
		}
		left -= int64(f.UncompressedSize64)
	}
	for _, f := range archive.File {
		if !clean(f.Name) {
			return unknown("a member %.80q", f.Name)
		}
		if runs(f.Name) {
			return macros(f.Name)
		}
		tells := telling(f.Name)
		if tells {
			if told -= int64(f.UncompressedSize64); told < 0 {
				return bomb("%d bytes of what it fetches", maxTold)
			}
		}
		if err := unpack(ctx, f, tells); err != nil {
			return err
		}
	}
	return nil
}

// unpack reads a member to its end, and looks at what it is; one that tells what the document
// fetches, at what it says.
func unpack(ctx context.Context, f *zip.File, tells bool) error {
	r, err := f.Open()
	if err != nil {
		return damaged("a member: %w", err)
	}
	defer r.Close()
	content := bufio.NewReader(stopped{ctx, r})
	if head, _ := content.Peek(len(compound)); embedded(f.Name) || string(head) == compound {
		return objects("%.80s", f.Name)
	}
	if tells {
		err = fetches(content)
	}
	if err == nil {
		_, err = io.Copy(io.Discard, content)
	}
	if err == nil || fail.Is(err, fail.Invalid) {
		return err
	}
	if over := ctx.Err(); over != nil {
		return fmt.Errorf("unpacking a file: %w", over)
	}
	return damaged("a member: %w", err)
}

// stopped is read as long as its context is not over.
type stopped struct {
	ctx context.Context
	io.Reader
}

func (s stopped) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.Reader.Read(b)
}

// clean tells whether a member stays in its folder.
func clean(name string) bool {
	name = strings.TrimSuffix(name, "/")
	return name != "" && !strings.ContainsAny(name, "\\\x00") && path.Clean("/"+name) == "/"+name
}

// runs tells whether a member is a program: of Office Open XML, of OpenDocument (whose
// folders of macros are Basic and Scripts), or of a system.
func runs(name string) bool {
	lower := strings.ToLower(name)
	switch base := path.Base(lower); {
	case base == "vbaproject.bin", base == "vbadata.xml", strings.HasPrefix(base, "activex") && ends(base, ".bin"):
		return true
	case strings.HasPrefix(lower, "basic/"), strings.HasPrefix(lower, "scripts/"):
		return true
	}
	return ends(lower, ".exe") || ends(lower, ".dll") || ends(lower, ".js") || ends(lower, ".vbs") || ends(lower, ".class") || ends(lower, ".jar")
}

// ends tells whether a name ends so, in any case.
func ends(name, ending string) bool { return strings.HasSuffix(strings.ToLower(name), ending) }

// maxMember is how much of a member that says what a document is may be read.
const maxMember = 1 << 20

// member reads a small member.
func member(archive *zip.Reader, name string) (string, error) {
	f, err := archive.Open(name)
	if err != nil {
		return "", unknown("an archive without %s", name)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxMember+1))
	if err != nil {
		return "", damaged("the member %s: %w", name, err)
	}
	if len(text) > maxMember {
		return "", bomb("the member %s", name)
	}
	return string(text), nil
}

// endsThere refuses an archive that something follows, so that it is nothing else as well:
// its last bytes are the end of its directory, without a comment (APPNOTE § 4.3.16).
func endsThere(r source, size int64, archive *zip.Reader) error {
	const end = 22
	last := make([]byte, end)
	if _, err := r.ReadAt(last, max(0, size-end)); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading a file: %w", err)
	}
	if archive.Comment != "" || !bytes.HasPrefix(last, []byte("PK\x05\x06")) {
		return unknown("an archive that something follows")
	}
	return nil
}

// opensAsZip tells whether a file is an archive, whatever it begins with.
func opensAsZip(r source, size int64) bool {
	archive, err := zip.NewReader(r, size)
	return err == nil && len(archive.File) > 0
}

func macros(where string) error {
	return fail.New(fail.Invalid, "a document with a program: %.80s", where).Say("attach.macros")
}

func bomb(format string, args ...any) error {
	return fail.New(fail.Invalid, "a bomb: "+format, args...).Say("attach.too-much")
}
