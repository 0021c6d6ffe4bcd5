package blob

import (
	"bytes"
	"context"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"preau/core/fail"
	"preau/core/seal"
)

// Sum names a blob by its content: the HMAC, under the master key, of the SHA-256
// of its bytes. It is the same wherever the key is, and who has only the disk or
// the database cannot tell from it whether a file that they know is kept. It is a
// BYTEA in the database.
type Sum [32]byte

// sumOf gives the name of a content whose SHA-256 is known.
func sumOf(key *seal.Key, digest []byte) Sum { return Sum(key.MAC("blob sum", digest)) }

// String gives the hexadecimal form, in small letters.
func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// Compare orders sums by their bytes, as both databases and the names of files do.
func (s Sum) Compare(other Sum) int { return bytes.Compare(s[:], other[:]) }

// ParseSum reads what [Sum.String] gave.
func ParseSum(text string) (sum Sum, err error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(sum) || hex.EncodeToString(b) != text {
		return sum, fail.New(fail.Invalid, "%q is not the name of a blob", text)
	}
	return Sum(b), nil
}

// MarshalText implements encoding.TextMarshaler.
func (s Sum) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Sum) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSum(string(text))
	return err
}

// Value implements driver.Valuer.
func (s Sum) Value() (driver.Value, error) { return s[:], nil }

// Scan implements sql.Scanner.
func (s *Sum) Scan(value any) error {
	b, ok := value.([]byte)
	if !ok || len(b) != len(s) {
		return fmt.Errorf("a sum of 32 bytes cannot be read from %T", value)
	}
	copy(s[:], b)
	return nil
}

// ErrDamaged says that what is kept is not what was put: changed, cut, moved, or
// sealed under another master key. Putting the content again mends it.
var ErrDamaged = errors.New("a damaged blob")

// Store keeps blobs. It serves several goroutines, and several processes, at once.
type Store interface {
	// Put keeps what r holds, to its end, and gives its name and its size in
	// bytes. Once it returns, the blob outlives a power cut, and its age (see
	// Remove) is zero, whether it was kept already or not. Above limit bytes it is
	// fail.Invalid, without a text for people: the caller knows what was attached.
	// Where there is no room left it is fail.Unavailable. An error of r is
	// wrapped. Whatever the error, there is no new blob, or a whole one when the
	// store was lost while it answered; a process that is killed leaves at most what
	// Tidy removes, and such a blob.
	Put(ctx context.Context, r io.Reader, limit int64) (Sum, int64, error)

	// Open reads a blob; the caller closes it. It is fail.NotFound when there is
	// none, and ErrDamaged, here or while reading, when it is not what was put:
	// every piece that is read was sealed by us, and who reads from the first byte
	// to the last does not get the last ones unless the whole is what its name says.
	// Its size is known at once: that is where Seek says the end is. A store that
	// cannot be reached is fail.Unavailable, then and while reading. Reading does not
	// stop with ctx.
	Open(ctx context.Context, sum Sum) (io.ReadSeekCloser, error)

	// Remove removes a blob that nobody has put since an instant, and tells whether
	// it did. One that is not there is no error.
	Remove(ctx context.Context, sum Sum, before time.Time) (bool, error)

	// Each calls f with every blob whose sum comes after one, in the order of their
	// sums, until f gives an error, which it gives back. f may remove blobs. Those
	// that come meanwhile may be left out.
	Each(ctx context.Context, after Sum, f func(Info) error) error

	// Tidy removes what Puts that were killed before an instant have left, and says
	// how many there were.
	Tidy(ctx context.Context, before time.Time) (int, error)

	// Close lets the store go. What was opened in it can still be read.
	Close() error
}

// Info is a blob as it is kept.
type Info struct {
	Sum  Sum
	Size int64     // bytes that it takes where it is kept, somewhat more than were put
	Put  time.Time // for the last time, by the clock of the store
}

// sweptAtOnce is of how many blobs it is asked together whether something refers to them.
const sweptAtOnce = 500

// Sweep removes the blobs that nobody has put since an instant and to which nothing
// refers, and what killed Puts have left since. It says how many blobs it removed.
// The instant is a day ago or more: what was put is referred to by then. referred
// tells which of some old blobs something refers to, and is asked once for each, 500 at a time at
// most; where it fails nothing more is removed.
func Sweep(ctx context.Context, store Store, referred func(context.Context, []Sum) (map[Sum]bool, error), before time.Time) (int, error) {
	removed := 0
	var old []Sum
	sweep := func() error {
		if len(old) == 0 {
			return nil
		}
		kept, err := referred(ctx, old)
		if err != nil {
			return err
		}
		for _, sum := range old {
			if kept[sum] {
				continue
			}
			gone, err := store.Remove(ctx, sum, before)
			if gone {
				removed++
			}
			if err != nil {
				return err
			}
		}
		old = old[:0]
		return nil
	}
	err := store.Each(ctx, Sum{}, func(b Info) error {
		if b.Put.Before(before) {
			old = append(old, b.Sum)
		}
		if len(old) < sweptAtOnce {
			return nil
		}
		return sweep()
	})
	if err == nil {
		err = sweep()
	}
	if err == nil {
		_, err = store.Tidy(ctx, before)
	}
	if err != nil {
		return removed, fmt.Errorf("sweeping blobs: %w", err)
	}
	return removed, nil
}
