package content

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"preau/core/fail"
)

// What an archive may hold, once it is unpacked: more is a bomb.
const (
	maxMembers   = 100_000
	maxDirectory = 24 << 20  // bytes of its list of members
	fewUnpacked  = 64 << 20  // below which no ratio is too large
	maxRatio     = 100       // unpacked to packed, of the whole and of all that is within
	maxWhole     = 100 << 30 // unpacked, whatever the ratio
	maxDepth     = 4         // archives one in another
	maxUnpacked  = 128 << 20 // bytes that are unpacked here, to look at them
	maxWithin    = 32 << 20  // of an archive that is in another, to look into it
	maxPeeked    = 1000      // members whose first bytes are read
	maxTarget    = 4 << 10   // of where a link leads
	maxMember    = 1 << 20   // of one that says what the whole is
)

// directory is what the end of an archive says of the list of its members (APPNOTE § 4.3.16 and
// 4.3.14).
type directory struct {
	records uint64
	last    bool // nothing follows, but for a comment
}

// directory finds the end of an archive, where archive/zip does.
func (s *source) directory() (directory, bool) {
	const end = 22
	var tail []byte
	at := -1
	for _, n := range []int64{1024, edge + end} { // most have no comment
		tail = s.part(s.size-n, n)
		if at = bytes.LastIndex(tail[:max(0, len(tail)-end+4)], []byte("PK\x05\x06")); at >= 0 {
			break
		}
	}
	if at < 0 {
		return directory{}, false
	}
	is := tail[at:]
	d := directory{records: uint64(binary.LittleEndian.Uint16(is[10:]))}
	d.last = end+int(binary.LittleEndian.Uint16(is[20:])) == len(is)
	const locator = 20
	where := s.size - int64(len(is)) - locator
	if l := s.part(where, locator); where >= 0 && len(l) == locator && bytes.HasPrefix(l, []byte("PK\x06\x07")) {
		if e := s.part(int64(binary.LittleEndian.Uint64(l[8:])&(1<<62-1)), 56); len(e) == 56 && bytes.HasPrefix(e, []byte("PK\x06\x06")) {
			d.records = max(d.records, binary.LittleEndian.Uint64(e[32:]))
		}
	}
	return d, true
}

// errLong is that of a list of members that is too long to be read.
var errLong = errors.New("a list of members that is too long")

// open reads the list of the members of an archive, whose memory is bounded: archive/zip reads on
// as long as there are members, and makes room for as many as are announced.
func (s *source) open() (*zip.Reader, error) {
	d, found := s.directory()
	if !found {
		return nil, zip.ErrFormat
	}
	if d.records > maxMembers {
		return nil, errLong
	}
	bounded := &rationed{ReaderAt: s, left: maxDirectory}
	archive, err := zip.NewReader(bounded, s.size)
	if bounded.left < 0 {
		return nil, errLong
	}
	bounded.free = true
	if err == nil && len(archive.File) > maxMembers {
		return nil, errLong
	}
	return archive, err
}

// rationed gives so many bytes, until it is free.
type rationed struct {
	io.ReaderAt
	left int64
	free bool
}

func (r *rationed) ReadAt(into []byte, at int64) (int, error) {
	if !r.free {
		if r.left -= int64(len(into)); r.left < 0 {
			return 0, errLong
		}
	}
	return r.ReaderAt.ReadAt(into, at)
}

// OpenZip reads the list of the members of an archive, within what memory it may take: one of more
// than it may have is fail.Invalid. Another error is of what is no archive, or of r.
func OpenZip(ctx context.Context, r io.ReaderAt, size int64) (*zip.Reader, error) {
	from := &source{ctx: ctx, r: r, size: size}
	archive, err := from.open()
	switch {
	case from.failed != nil:
		return nil, fmt.Errorf("reading a file: %w", from.failed)
	case errors.Is(err, errLong):
		return nil, bomb("%w", err)
	}
	return archive, err
}

// Stays tells whether a member of an archive stays in the folder where it is unpacked, as it is
// written: with no other than slashes, and no drive.
func Stays(name string) bool {
	name = strings.TrimSuffix(name, "/")
	return name != "" && !strings.ContainsAny(name, "\\\x00") && path.Clean("/"+name) == "/"+name && !drive(name)
}

// within tells whether a member stays in its folder, written as old programs of Windows write it
// too.
func within(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	if strings.ContainsRune(name, 0) || strings.HasPrefix(name, "/") || drive(name) {
		return false
	}
	for step := range strings.SplitSeq(name, "/") {
		if step == ".." {
			return false
		}
	}
	return true
}

// drive tells whether a path begins with a drive of Windows.
func drive(name string) bool {
	return len(name) > 1 && name[1] == ':' && ('a' <= name[0]|0x20 && name[0]|0x20 <= 'z')
}

// Member reads a small member of an archive. It is found without [zip.Reader.Open], which makes a
// tree of all folders: a name of a thousand of them costs a thousand times more. One that is not
// there is fs.ErrNotExist; one that is too large, fail.Invalid.
func Member(archive *zip.Reader, name string) (string, error) {
	for _, f := range archive.File {
		if f.Name == name {
			return readMember(f, maxMember)
		}
	}
	return "", fmt.Errorf("the member %s: %w", name, fs.ErrNotExist)
}

func readMember(f *zip.File, most int64) (string, error) {
	r, err := f.Open()
	if err != nil {
		return "", fmt.Errorf("the member %.80q: %w", f.Name, err)
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return "", fmt.Errorf("the member %.80q: %w", f.Name, err)
	}
	if int64(len(text)) > most {
		return "", bomb("the member %.80q", f.Name)
	}
	return string(text), nil
}

// share is what is left of what an archive, and all that is within, may come to.
type share struct {
	whole    int64 // bytes, once unpacked
	unpacked int64 // that are unpacked here
}

// sift refuses an archive that is a bomb or leaves its folder, and looks into those that are within
// it. It tells whether some member is encrypted, or something is left that was not looked into.
func (s *source) sift(archive *zip.Reader, share *share, depth int) (closed bool, err error) {
	if depth > maxDepth {
		return false, bomb("more than %d archives in one another", maxDepth)
	}
	packed := uint64(0)
	for _, f := range archive.File {
		if !within(f.Name) {
			return false, climbs(f.Name)
		}
		if f.UncompressedSize64 > uint64(max(0, share.whole)) {
			return false, bomb("more than its share")
		}
		share.whole -= int64(f.UncompressedSize64)
		if f.CompressedSize64 > uint64(s.size) || packed+f.CompressedSize64 > uint64(s.size) {
			return false, bomb("members that are in the same place")
		}
		packed += f.CompressedSize64
		closed = closed || f.Flags&1 != 0 // APPNOTE § 4.4.4
	}
	for _, f := range archive.File {
		if f.Flags&1 != 0 {
			continue
		}
		unseen, err := s.member(f, share, depth, len(archive.File) <= maxPeeked)
		if closed = closed || unseen; err != nil {
			return closed, err
		}
	}
	return closed, nil
}

// member looks at a link, and into an archive that is in another.
func (s *source) member(f *zip.File, share *share, depth int, few bool) (unseen bool, err error) {
	if f.Mode()&fs.ModeSymlink != 0 {
		target, err := readMember(f, maxTarget)
		if fail.Is(err, fail.Invalid) || err == nil && !within(target) {
			return false, climbs(f.Name)
		}
		return err != nil, nil
	}
	if f.UncompressedSize64 < 22 || f.FileInfo().IsDir() {
		return false, nil
	}
	if !packs(f, few) {
		return false, nil
	}
	if f.UncompressedSize64 > maxWithin || int64(f.UncompressedSize64) > share.unpacked {
		return true, nil
	}
	share.unpacked -= int64(f.UncompressedSize64)
	r, err := f.Open()
	if err != nil {
		return true, nil
	}
	defer r.Close()
	all, err := io.ReadAll(io.LimitReader(r, maxWithin))
	if err != nil {
		return true, nil
	}
	inner := &source{ctx: s.ctx, r: bytes.NewReader(all), size: int64(len(all))}
	archive, err := inner.open()
	switch {
	case errors.Is(err, errLong):
		return false, bomb("%w", err)
	case err != nil:
		return true, nil
	}
	defer func() { s.failed = cmp.Or(s.failed, inner.failed) }()
	return inner.sift(archive, share, depth+1)
}

// packs tells whether a member is a zip, by its name, and by its first bytes where there are few
// members: to unpack the beginning of each of thousands takes long.
func packs(f *zip.File, few bool) bool {
	switch strings.ToLower(path.Ext(f.Name)) {
	case ".zip", ".jar", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub":
		return true
	}
	if !few {
		return false
	}
	r, err := f.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	head := make([]byte, 4)
	_, err = io.ReadFull(r, head)
	return err == nil && string(head) == "PK\x03\x04"
}

// zipped tells what an archive is.
func (s *source) zipped(look Look, ending string) (Look, error) {
	look.Type, look.Ending, look.Family, look.Shown = zipType(look)
	archive, err := s.open()
	switch {
	case errors.Is(err, errLong):
		return look, bomb("%w", err)
	case err != nil: // cut, or of another sort: nothing of ours opens it
		look.Closed = true
		return look, nil
	}
	share := &share{whole: min(maxWhole, max(fewUnpacked, maxRatio*s.size)), unpacked: maxUnpacked}
	if look.Closed, err = s.sift(archive, share, 0); err != nil {
		return look, err
	}
	if d, is := OfficeOf(archive); is {
		look.Type, look.Ending, look.Macros, look.Closed = d.Type, d.Ending, d.Macros, look.Closed || d.Encrypted
		look.Family = kinds[d.Type].family
		if look.Macros {
			look.Family = d.family
		}
	} else if of, known := schoolwork[ending]; known && look.Family == Archive {
		look.Type, look.Ending, look.Family = of, ending, Other
	}
	return look, nil
}

// zipType is what mimetype knows of an archive that is not one of office: a book, a program.
func zipType(look Look) (of, ending string, family Family, shown Shown) {
	switch look.Type {
	case "application/epub+zip", "application/jar", "application/vnd.android.package-archive":
		return look.Type, look.Ending, Other, Never
	case "application/java-archive":
		return look.Type, ".jar", Other, Never
	}
	return "application/zip", ".zip", Archive, Never
}
