package aaf

import (
	"archive/zip"
	"context"
	"io"
	"os"
	"path/filepath"
)

// zipped is a zip archive.
type zipped struct {
	name    string
	file    *os.File
	limits  Limits
	entries map[string]*zip.File
	listed  []entry
}

// directoryEntryBytes is a generous size for one entry of the central
// directory: a fixed part of 46 bytes, a name, extra fields.
const directoryEntryBytes = 1 << 10

func openZip(path string, limits Limits) (*zipped, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	z := &zipped{name: filepath.Base(path), file: file, limits: limits, entries: map[string]*zip.File{}}
	if err := z.readDirectory(); err != nil {
		file.Close()
		return nil, err
	}
	return z, nil
}

// readDirectory reads the central directory. Its bytes are bounded before its
// entries are counted, as each costs memory.
func (z *zipped) readDirectory() error {
	info, err := z.file.Stat()
	if err != nil {
		return err
	}
	bounded := &boundedReaderAt{r: z.file, left: int64(z.limits.Entries) * directoryEntryBytes, name: z.name}
	r, err := zip.NewReader(bounded, info.Size())
	if err != nil {
		return damage(z.name, err)
	}
	bounded.left = -1
	if len(r.File) > z.limits.Entries {
		return refuse(Bomb, z.name, "it holds more than the %d entries allowed", z.limits.Entries)
	}
	for _, f := range r.File {
		if f.Mode().IsDir() {
			continue
		}
		plain := f.Mode().IsRegular() && filepath.IsLocal(f.Name)
		z.listed = append(z.listed, entry{path: f.Name, size: int64(f.UncompressedSize64), plain: plain})
		z.entries[f.Name] = f
	}
	return nil
}

func (z *zipped) list() ([]entry, error) { return z.listed, nil }

func (z *zipped) read(ctx context.Context, files []File, parse func(context.Context, File, io.Reader) error) error {
	m := &meter{limits: z.limits}
	return eachFile(ctx, files, parse, func(file File) (io.ReadCloser, error) {
		f := z.entries[file.path]
		r, err := f.Open()
		if err != nil {
			return nil, damage(file.Name, err)
		}
		return struct {
			io.Reader
			io.Closer
		}{&metered{
			r: r, meter: m, name: file.Name, limit: z.limits.EntryBytes,
			packed: func() int64 { return int64(f.CompressedSize64) },
		}, r}, nil
	})
}

func (z *zipped) Close() error { return z.file.Close() }

// boundedReaderAt refuses to read more than left bytes in all; a negative
// left bounds nothing.
type boundedReaderAt struct {
	r    io.ReaderAt
	left int64
	name string
}

func (b *boundedReaderAt) ReadAt(p []byte, at int64) (int, error) {
	n, err := b.r.ReadAt(p, at)
	if b.left >= 0 {
		if b.left -= int64(n); b.left < 0 {
			return 0, refuse(Bomb, b.name, "its directory is too large")
		}
	}
	return n, err
}
