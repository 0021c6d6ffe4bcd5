package reception

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
)

// copying copies an item into a sealed file.
type copying struct {
	ctx  context.Context
	root *os.Root
	item
	to    *sealing
	sums  map[string]string // SHA-256 of each file, by its path in the item
	sum   []byte            // what is written beside, or within, for the checksums
	files int
}

// all copies the item's files, and no other sort of thing. It stops at what
// cannot be a delivery.
func (c *copying) all(a *Arrival) error {
	err := c.copy(a, c.taken, c.name, 0)
	var bad badItem
	if errors.Is(err, fs.ErrPermission) {
		a.Reason = Unreadable
		return nil
	}
	if errors.As(err, &bad) {
		a.Reason, a.Detail = bad.reason, bad.detail
		return nil
	}
	if err != nil {
		return err
	}
	if a.Digest = c.sums[c.name]; a.Digest == "" {
		return nil
	}
	if err = c.beside(a); errors.Is(err, fs.ErrPermission) {
		a.Reason = Unreadable
		return nil
	}
	return err
}

// badItem is what cannot be a delivery.
type badItem struct {
	reason Reason
	detail string
}

func (b badItem) Error() string { return string(b.reason) + ": " + b.detail }

// copy copies the file or the folder at a path under another name.
func (c *copying) copy(a *Arrival, from, as string, depth int) error {
	info, err := c.root.Lstat(from)
	if err != nil {
		return err
	}
	if c.files++; c.files > maxFiles {
		return badItem{TooBig, fmt.Sprintf("more than %d files", maxFiles)}
	}
	switch {
	case info.IsDir() && depth < maxDepth:
		if err := c.to.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: as + "/", Mode: 0o700}); err != nil {
			return err
		}
		entries, err := list(c.root, from)
		if err != nil {
			return err
		}
		if !emptiable(c.root, from) {
			return badItem{Unreadable, as + " could be read, and not removed"}
		}
		for _, entry := range entries {
			name := entry.Name()
			if safeName(name) != name {
				return badItem{BadName, fmt.Sprintf("it holds a file whose name is refused: %q", safeName(name))}
			}
			if err := c.copy(a, path.Join(from, name), path.Join(as, name), depth+1); err != nil {
				return err
			}
		}
		return nil
	case !info.Mode().IsRegular():
		return badItem{Irregular, fmt.Sprintf("%s is neither a file nor a folder that may be delivered", as)}
	}
	if a.Size += info.Size(); a.Size > maxBytes {
		return badItem{TooBig, fmt.Sprintf("more than %d bytes", int64(maxBytes))}
	}
	return c.file(info, from, as)
}

// file copies one file. It is opened without waiting, in case it became a
// pipe, and must still be the one that was looked at.
func (c *copying) file(info fs.FileInfo, from, as string) error {
	file, err := c.root.OpenFile(from, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	now, err := file.Stat()
	if err != nil {
		return err
	}
	if !os.SameFile(info, now) || !now.Mode().IsRegular() {
		return badItem{Irregular, as + " was replaced while it was taken"}
	}
	if err := c.to.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: as, Mode: 0o600, Size: info.Size()}); err != nil {
		return err
	}
	digest := sha256.New()
	to := []io.Writer{c.to, digest}
	var sums bytes.Buffer
	if as == path.Join(c.name, checksumList) && info.Size() <= maxChecksum {
		to = append(to, &sums)
	}
	n, err := io.Copy(io.MultiWriter(to...), io.LimitReader(interruptible{c.ctx, file}, info.Size()))
	if err == nil && n < info.Size() {
		err = fmt.Errorf("%s grew shorter while it was read", as)
	}
	if sums.Len() > 0 {
		c.sum = sums.Bytes()
	}
	c.sums[as] = hex.EncodeToString(digest.Sum(nil))
	return err
}

// beside keeps the checksum that is beside a file.
func (c *copying) beside(a *Arrival) error {
	if c.misnamed {
		return nil
	}
	var err error
	if c.sum, err = readSum(c.root, c.name+checksumEnd); errors.Is(err, fs.ErrNotExist) || err == nil && c.sum == nil {
		return nil
	}
	if err != nil {
		return err
	}
	if err := c.to.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: a.Name + checksumEnd, Mode: 0o600, Size: int64(len(c.sum))}); err != nil {
		return err
	}
	_, err = c.to.Write(c.sum)
	return err
}

// readSum reads a checksum; nil when it is of another sort, or too large to be
// one.
func readSum(root *os.Root, name string) ([]byte, error) {
	if info, err := root.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return nil, err
	}
	file, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxChecksum+1))
	if len(text) > maxChecksum {
		return nil, err
	}
	return text, err
}
