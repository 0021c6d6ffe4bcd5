package aaf

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Source is a folder or an archive that holds deliveries.
type Source struct {
	container  container
	deliveries []Delivery
	ignored    []string
}

// container is what holds files.
type container interface {
	// list gives every entry, plain files or not.
	list() ([]entry, error)
	// read hands the given files to parse, several at a time where the
	// container allows it, and stops at the first error.
	read(ctx context.Context, files []File, parse func(context.Context, File, io.Reader) error) error
	Close() error
}

// entry is a thing that a container holds.
type entry struct {
	path  string // with slashes
	size  int64
	plain bool // a regular file under a clean relative name
}

// Open opens a folder (its files and those of its direct subfolders), a .zip
// or a .tgz/.tar.gz within [DefaultLimits], and looks at names only. Archives
// within archives are ignored.
func Open(path string) (*Source, error) { return OpenWithin(path, DefaultLimits) }

// OpenWithin is [Open] with other limits on archives.
func OpenWithin(path string, limits Limits) (*Source, error) {
	c, err := openContainer(path, limits.orDefault())
	if err != nil {
		return nil, err
	}
	entries, err := c.list()
	if err != nil {
		c.Close()
		return nil, err
	}
	s := &Source{container: c}
	s.deliveries, s.ignored = group(s, entries)
	return s, nil
}

func openContainer(path string, limits Limits) (container, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	name := strings.ToLower(filepath.Base(path))
	switch {
	case info.IsDir():
		return openFolder(path)
	case strings.HasSuffix(name, ".zip"):
		return openZip(path, limits)
	case strings.HasSuffix(name, ".tgz"), strings.HasSuffix(name, ".tar.gz"):
		return openTar(path, limits)
	}
	return nil, refuse(UnknownContainer, filepath.Base(path), "a delivery is a folder, a .zip, a .tgz or a .tar.gz")
}

// Close releases the folder or archive; readings in progress fail.
func (s *Source) Close() error { return s.container.Close() }

// Deliveries lists what was found by date, then prefix, complete ones before
// deltas.
func (s *Source) Deliveries() []Delivery { return s.deliveries }

// Ignored lists the files that no delivery owns, by their path in the source.
func (s *Source) Ignored() []string { return s.ignored }
