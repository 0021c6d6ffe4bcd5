package blob

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"

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
	ahead *bufio.Reader // of plain, which takes memory for each read
	at    int64         // where the next read begins
	kept  kept
	key   *seal.Key
	sum   Sum
	seen  hash.Hash
	until int64 // what was seen: the bytes from the first to this one
	bad   error
}

// readAhead is how much of a blob is opened at once.
const readAhead = 128 << 10

// kept is a sealed blob where it is kept.
type kept interface {
	io.ReaderAt
	io.Closer
}

// spoilable is told when what is kept turns out to be damaged.
type spoilable interface{ spoilt() }

// sealTo seals what r holds, and gives the SHA-256 of it and its size.
func sealTo(w io.Writer, lock seal.Lock, r io.Reader) (digest []byte, size int64, err error) {
	sealed, err := age.Encrypt(w, lock)
	if err != nil {
		return nil, 0, err
	}
	whole := sha256.New()
	if size, err = io.Copy(io.MultiWriter(whole, sealed), r); err != nil {
		return nil, 0, err
	}
	return whole.Sum(nil), size, sealed.Close()
}

// unseal reads what is sealed, of so many bytes, which it closes in the end unless it fails.
func unseal(kept kept, sealed int64, lock seal.Lock, sum Sum) (*content, error) {
	plain, size, err := age.DecryptReaderAt(kept, sealed, lock)
	if err != nil {
		return nil, damaged(sum, err)
	}
	section := io.NewSectionReader(plain, 0, size)
	ahead := bufio.NewReaderSize(section, int(min(size, readAhead)))
	return &content{plain: section, ahead: ahead, kept: kept, key: lock.Key, sum: sum, seen: sha256.New()}, nil
}

// damaged says that what is kept cannot be opened; an error of the disk, or of the way
// to the store, stays one.
func damaged(sum Sum, err error) error {
	var disk *fs.PathError
	if errors.As(err, &disk) || fail.Is(err, fail.Unavailable) || fail.Is(err, fail.NotFound) {
		return fmt.Errorf("reading blob %s: %w", sum, err)
	}
	return fmt.Errorf("%w: %s: %v", ErrDamaged, sum, err) // ours, whatever the kind of err
}

// Read implements io.Reader.
func (c *content) Read(into []byte) (int, error) {
	if c.bad != nil {
		return 0, c.bad
	}
	from := c.at
	n, err := c.ahead.Read(into)
	c.at += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, c.told(damaged(c.sum, err))
	}
	if to := from + int64(n); from <= c.until && (to > c.until || c.plain.Size() == 0) {
		c.seen.Write(into[c.until-from : n])
		if c.until = to; to == c.plain.Size() && sumOf(c.key, c.seen.Sum(nil)) != c.sum {
			c.bad = c.told(fmt.Errorf("%w: %s holds something else", ErrDamaged, c.sum))
			return 0, c.bad
		}
	}
	return n, err
}

// told tells where the blob is kept that it is damaged, when it is.
func (c *content) told(err error) error {
	if at, is := c.kept.(spoilable); is && errors.Is(err, ErrDamaged) {
		at.spoilt()
	}
	return err
}

// Seek implements io.Seeker.
func (c *content) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekCurrent {
		offset, whence = c.at+offset, io.SeekStart
	}
	at, err := c.plain.Seek(offset, whence)
	if err != nil {
		return 0, err
	}
	c.at = at
	c.ahead.Reset(c.plain)
	return at, nil
}

// Close implements io.Closer.
func (c *content) Close() error { return c.kept.Close() }
