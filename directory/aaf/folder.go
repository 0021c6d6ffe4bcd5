package aaf

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// folder reads files through an os.Root: no name and no link leads out of it.
type folder struct{ root *os.Root }

func openFolder(path string) (*folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &folder{root}, nil
}

func (f *folder) list() ([]entry, error) {
	return f.listDir(".", 1)
}

// listDir lists a folder and its subfolders down to a depth. A link is
// listed, and never followed.
func (f *folder) listDir(dir string, depth int) (entries []entry, err error) {
	children, err := fs.ReadDir(f.root.FS(), dir)
	if err != nil {
		return nil, err
	}
	for _, child := range children {
		path := child.Name()
		if dir != "." {
			path = dir + "/" + path
		}
		if child.IsDir() && depth > 0 {
			below, err := f.listDir(path, depth-1)
			if err != nil {
				return nil, err
			}
			entries = append(entries, below...)
			continue
		}
		info, err := child.Info()
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry{path: path, size: info.Size(), plain: info.Mode().IsRegular()})
	}
	return entries, nil
}

func (f *folder) read(ctx context.Context, files []File, parse func(context.Context, File, io.Reader) error) error {
	return eachFile(ctx, files, parse, func(file File) (io.ReadCloser, error) { return f.root.Open(file.path) })
}

func (f *folder) Close() error { return f.root.Close() }

// eachFile opens and parses files, as many at a time as there are processors.
func eachFile(ctx context.Context, files []File, parse func(context.Context, File, io.Reader) error, open func(File) (io.ReadCloser, error)) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, file := range files {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			r, err := open(file)
			if err != nil {
				return fmt.Errorf("aaf: open %s: %w", file.Name, err)
			}
			defer r.Close()
			return parse(ctx, file, r)
		})
	}
	return group.Wait()
}
