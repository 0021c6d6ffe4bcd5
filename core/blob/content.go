package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"

	"filippo.io/age"

	"preau/core/fail"
	"preau/core/seal"
)

// bounded reads no more than what is left, until its context ends.
type bounded struct {
	ctx  context.Context
	r    io.Reader
	left int64
}

func (b *bounded) Read(into []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := b.r.Read(into)
	if b.left -= int64(n); b.left < 0 {
		return 0, fail.New(fail.Invalid, "a blob that is too large")
	}
	return n, err
}

// content is a blob that is read. It looks at what passes, in order, and keeps the
// last bytes back unless all of them have the sum.
type content struct {
	plain *io.SectionReader
	file  *os.File
	key   *seal.Key
	sum   Sum
	seen  hash.Hash
	until int64 // what was seen: the bytes from the first to this one
	bad   error
}

// unseal reads a sealed file, which it closes in the end unless it fails.
func unseal(file *os.File, lock seal.Lock, sum Sum) (*content, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	plain, size, err := age.DecryptReaderAt(file, info.Size(), lock)
	if err != nil {
		return nil, damaged(sum, err)
	}
	return &content{plain: io.NewSectionReader(plain, 0, size), file: file, key: lock.Key, sum: sum, seen: sha256.New()}, nil
}

// damaged says that what is kept cannot be opened; an error of the disk stays one.
func damaged(sum Sum, err error) error {
	var disk *fs.PathError
	if errors.As(err, &disk) {
		return fmt.Errorf("reading blob %s: %w", sum, err)
	}
	return fmt.Errorf("%w: %s: %v", ErrDamaged, sum, err) // ours, whatever the kind of err
}

// Read implements io.Reader.
func (c *content) Read(into []byte) (int, error) {
	if c.bad != nil {
		return 0, c.bad
	}
	from, err := c.plain.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	n, err := c.plain.Read(into)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, damaged(c.sum, err)
	}
	if to := from + int64(n); from <= c.until && (to > c.until || c.plain.Size() == 0) {
		c.seen.Write(into[c.until-from : n])
		if c.until = to; to == c.plain.Size() && sumOf(c.key, c.seen.Sum(nil)) != c.sum {
			c.bad = fmt.Errorf("%w: %s holds something else", ErrDamaged, c.sum)
			return 0, c.bad
		}
	}
	return n, err
}

// Seek implements io.Seeker.
func (c *content) Seek(offset int64, whence int) (int64, error) { return c.plain.Seek(offset, whence) }

// Close implements io.Closer.
func (c *content) Close() error { return c.file.Close() }
