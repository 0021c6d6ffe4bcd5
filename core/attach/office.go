package attach

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"preau/core/content"
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

// endings are the kinds that are accepted, by what preau/core/content says of them.
var endings = map[string]Kind{".odt": ODT, ".ods": ODS, ".odp": ODP, ".docx": DOCX, ".xlsx": XLSX, ".pptx": PPTX}

// office tells which office document an archive is.
func office(ctx context.Context, r source, size int64) (Kind, error) {
	archive, err := content.OpenZip(ctx, r, size)
	if err != nil {
		return "", unreadable(err)
	}
	if err := endsThere(r, size, archive); err != nil {
		return "", err
	}
	if err := bounded(ctx, archive, size); err != nil {
		return "", err
	}
	for _, says := range []string{"mimetype", "META-INF/manifest.xml", "[Content_Types].xml"} {
		if _, err := content.Member(archive, says); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", unreadable(err)
		}
	}
	is, known := content.OfficeOf(archive)
	if is.Macros {
		return "", macros("its types")
	}
	kind, accepted := endings[is.Ending]
	if !known || !accepted || is.Encrypted {
		return "", unknown("an archive that is no document: %s", is.Type)
	}
	return kind, nil
}

// unreadable refuses a member that says what a document is, and is not read.
func unreadable(err error) error {
	if fail.Is(err, fail.Invalid) {
		return bomb("%w", err)
	}
	return damaged("%w", err)
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
		if !content.Stays(f.Name) {
			return unknown("a member %.80q", f.Name)
		}
		if content.Runs(f.Name) {
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
	whole := bufio.NewReader(stopped{ctx, r})
	if head, _ := whole.Peek(len(compound)); embedded(f.Name) || string(head) == compound {
		return objects("%.80s", f.Name)
	}
	if tells {
		err = fetches(whole)
	}
	if err == nil {
		_, err = io.Copy(io.Discard, whole)
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

// ends tells whether a name ends so, in any case.
func ends(name, ending string) bool { return strings.HasSuffix(strings.ToLower(name), ending) }

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
func opensAsZip(ctx context.Context, r source, size int64) bool {
	archive, err := content.OpenZip(ctx, r, size)
	return err == nil && len(archive.File) > 0 || fail.Is(err, fail.Invalid)
}

func macros(where string) error {
	return fail.New(fail.Invalid, "a document with a program: %.80s", where).Say("attach.macros")
}

func bomb(format string, args ...any) error {
	return fail.New(fail.Invalid, "a bomb: "+format, args...).Say("attach.too-much")
}
