package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"

	"preau/core/fail"
	"preau/core/seal"
)

// Folder is a [Store] in a folder of this machine, which nothing of it leaves
// ([os.Root]). A blob is a file in the age format (age-encryption.org/v1), which
// streams and authenticates each piece, under the master key; ab/cdef… has the sum
// abcdef…. What is not whole yet, or is on its way out, is in new/.
type Folder struct {
	root *os.Root
	lock seal.Lock
}

var _ Store = (*Folder)(nil)

// underWay is the folder of what is not whole.
const underWay = "new"

// OpenFolder opens the blobs of a folder, which is made when it is missing, and
// readable by its owner only. The caller closes it.
func OpenFolder(at string, key *seal.Key) (*Folder, error) {
	if err := os.MkdirAll(at, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(at)
	if err != nil {
		return nil, err
	}
	if err := root.MkdirAll(underWay, 0o700); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return &Folder{root, seal.Lock{Key: key, Purpose: "blob"}}, nil
}

// Close lets the folder go. What was opened in it can still be read.
func (f *Folder) Close() error { return f.root.Close() }

// place is where a blob is.
func place(sum Sum) string {
	name := sum.String()
	return path.Join(name[:2], name[2:])
}

// placed gives the sum of what is at a place; false where no blob can be.
func placed(shard, name string) (Sum, bool) {
	sum, err := ParseSum(shard + name)
	return sum, err == nil && len(shard) == 2
}

// aside is a name for what is under way.
func aside() string { return path.Join(underWay, rand.Text()) }

// Put implements [Store].
func (f *Folder) Put(ctx context.Context, r io.Reader, limit int64) (Sum, int64, error) {
	at := aside()
	digest, size, err := f.write(at, &bounded{ctx: ctx, r: r, left: limit})
	var sum Sum
	if err == nil {
		sum = sumOf(f.lock.Key, digest)
		err = f.publish(at, sum)
	}
	if err != nil {
		err = errors.Join(err, unless(fs.ErrNotExist, f.root.Remove(at)))
		if isFull(err) {
			return Sum{}, 0, fail.New(fail.Unavailable, "keeping a blob: %w", err)
		}
		return Sum{}, 0, fmt.Errorf("keeping a blob: %w", err)
	}
	return sum, size, nil
}

// write seals what r holds in a new file, which outlives a power cut, and gives the
// SHA-256 of it and its size.
func (f *Folder) write(at string, r io.Reader) (digest []byte, size int64, err error) {
	file, err := f.root.OpenFile(at, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if digest, size, err = sealTo(file, f.lock, r); err != nil {
		return nil, 0, err
	}
	return digest, size, file.Sync()
}

// publish gives a whole file its name, for good, in the place of the same content
// that may be there: it is younger, and not damaged.
func (f *Folder) publish(at string, sum Sum) error {
	shard := path.Dir(place(sum))
	if err := f.root.Mkdir(shard, 0o700); unless(fs.ErrExist, err) != nil {
		return err
	}
	if err := f.root.Rename(at, place(sum)); err != nil {
		return err
	}
	return errors.Join(f.sync(shard), f.sync("."))
}

// sync makes the names in a folder outlive a power cut.
func (f *Folder) sync(dir string) error {
	folder, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// isFull tells that there is no room for what is written: on the disk, for this
// account, or for this process.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// Open implements [Store].
func (f *Folder) Open(_ context.Context, sum Sum) (io.ReadSeekCloser, error) {
	file, err := f.root.Open(place(sum))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fail.New(fail.NotFound, "no blob %s", sum)
	}
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	content, err := unseal(file, info.Size(), f.lock, sum)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return content, nil
}

// Remove implements [Store].
func (f *Folder) Remove(_ context.Context, sum Sum, before time.Time) (bool, error) {
	if info, err := f.root.Stat(place(sum)); err != nil || !info.ModTime().Before(before) {
		return false, unless(fs.ErrNotExist, err)
	}
	at := aside()
	if err := f.root.Rename(place(sum), at); err != nil {
		return false, unless(fs.ErrNotExist, err)
	}
	return f.drop(at, sum, before)
}

// drop removes a blob that was set aside. Whoever put it between the look at its age
// and the move, in another process maybe, finds it where it was.
func (f *Folder) drop(at string, sum Sum, before time.Time) (bool, error) {
	info, err := f.root.Stat(at)
	if err != nil {
		return true, unless(fs.ErrNotExist, err) // tidied meanwhile
	}
	young := !info.ModTime().Before(before)
	if young {
		if err := f.root.Link(at, place(sum)); unless(fs.ErrExist, err) != nil {
			return false, err
		}
	}
	return !young, unless(fs.ErrNotExist, f.root.Remove(at))
}

// unless gives err when it is another one.
func unless(expected, err error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}

// Each implements [Store].
func (f *Folder) Each(ctx context.Context, after Sum, do func(Info) error) error {
	shards, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, shard := range shards {
		if len(shard.Name()) != 2 || !shard.IsDir() || shard.Name() < after.String()[:2] {
			continue
		}
		err := f.files(ctx, shard.Name(), func(info fs.FileInfo) error {
			if sum, ok := placed(shard.Name(), info.Name()); ok && sum.Compare(after) > 0 {
				return do(Info{sum, info.Size(), info.ModTime()})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Tidy implements [Store].
func (f *Folder) Tidy(ctx context.Context, before time.Time) (int, error) {
	removed := 0
	err := f.files(ctx, underWay, func(info fs.FileInfo) error {
		if !info.ModTime().Before(before) {
			return nil
		}
		removed++
		return unless(fs.ErrNotExist, f.root.Remove(path.Join(underWay, info.Name())))
	})
	return removed, err
}

// files calls do with each file of a folder, in the order of their names.
func (f *Folder) files(ctx context.Context, dir string, do func(fs.FileInfo) error) error {
	entries, err := fs.ReadDir(f.root.FS(), dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // it went meanwhile
		}
		if err == nil && info.Mode().IsRegular() {
			err = do(info)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
