package aaf

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// tarball is a tar archive under gzip. It can only be read from its start:
// listing it costs one decompression, each reading another, and files come in
// the archive's own order, one at a time.
type tarball struct {
	name   string
	file   *os.File
	limits Limits
}

func openTar(path string, limits Limits) (*tarball, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &tarball{name: filepath.Base(path), file: file, limits: limits}, nil
}

// walk visits the entries in order.
func (t *tarball) walk(visit func(path string, h *tar.Header, r io.Reader) error) error {
	packed := &countingReader{r: io.NewSectionReader(t.file, 0, 1<<62)}
	unzipped, err := gzip.NewReader(packed)
	if err != nil {
		return damage(t.name, err)
	}
	defer unzipped.Close()
	r := tar.NewReader(&metered{
		r: unzipped, meter: &meter{limits: t.limits}, name: t.name, limit: t.limits.TotalBytes,
		packed: func() int64 { return packed.size },
	})
	for entries := 1; ; entries++ {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return damage(t.name, err)
		}
		if entries > t.limits.Entries {
			return refuse(Bomb, t.name, "it holds more than the %d entries allowed", t.limits.Entries)
		}
		if h.Size > t.limits.EntryBytes {
			return refuse(Bomb, t.name, "an entry is larger than the %d bytes allowed", t.limits.EntryBytes)
		}
		if err := visit(h.Name, h, r); err != nil {
			return err
		}
	}
}

func (t *tarball) list() (entries []entry, err error) {
	err = t.walk(func(path string, h *tar.Header, _ io.Reader) error {
		if h.Typeflag != tar.TypeDir {
			entries = append(entries, entry{path: path, size: h.Size, plain: plainTarFile(h)})
		}
		return nil
	})
	return entries, err
}

func plainTarFile(h *tar.Header) bool { return h.Typeflag == tar.TypeReg && filepath.IsLocal(h.Name) }

func (t *tarball) read(ctx context.Context, files []File, parse func(context.Context, File, io.Reader) error) error {
	wanted := make(map[string]File, len(files))
	for _, f := range files {
		wanted[f.path] = f
	}
	return t.walk(func(path string, h *tar.Header, r io.Reader) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		f, ok := wanted[path]
		if !ok || !plainTarFile(h) {
			return nil
		}
		return parse(ctx, f, r)
	})
}

func (t *tarball) Close() error { return t.file.Close() }

// countingReader counts the compressed bytes that were read.
type countingReader struct {
	r    io.Reader
	size int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.size += int64(n)
	return n, err
}
