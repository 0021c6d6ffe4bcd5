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
	"time"

	"golang.org/x/sys/unix"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// The bounds of what is taken in. The largest académie's complete delivery is
// some 4 GB of XML, ten times less once it is compressed.
const (
	maxBytes = 8 << 30
	maxFiles = 10_000
	maxDepth = 3
)

// glance is how an item looked: one that looks the same at the next look is
// not being written any more.
type glance struct {
	size  int64
	files int
	last  time.Time // modified
	since time.Time // when it was first seen so
}

func (g glance) same(h glance) bool {
	return g.size == h.size && g.files == h.files && g.last.Equal(h.last)
}

// takeAll resumes what a process that was killed had begun, then takes in
// everything that is complete.
func (w *Watcher) takeAll(ctx context.Context, b *box, seen map[string]glance) error {
	entries, err := list(b.in, ".")
	if err != nil {
		return err
	}
	var wrong []error
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		name := entry.Name()
		if id, safe, ok := w.Vault.takenAs(b.Name, name); ok {
			wrong = append(wrong, w.takeIn(ctx, b, item{id: id, name: safe, original: safe, taken: name}))
		} else if !underWay(name) {
			wrong = append(wrong, w.consider(ctx, b, name, seen))
		}
	}
	return errors.Join(wrong...)
}

// item is what is taken out of the folder.
type item struct {
	id             school.ID
	name, original string // safe, and as it was
	taken          string // its name in the folder now
	unsummed       bool   // the checksum that is demanded did not come
}

// consider takes an item once it is complete: it looks as it did before, and
// its checksum is there or is not waited for any more.
func (w *Watcher) consider(ctx context.Context, b *box, name string, seen map[string]glance) error {
	now := w.DB.Now()
	g, err := look(b.in, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	at := path.Join(b.Name, name)
	before, known := w.glances[at]
	if g.since = now; known && before.same(g) {
		g.since = before.since
	}
	seen[at] = g
	if !known || !before.same(g) {
		return nil
	}
	it := item{id: school.NewID(now), name: safeName(name), original: name}
	if info, err := b.in.Lstat(name); err == nil && info.Mode().IsRegular() && b.Checksum {
		if _, err := b.in.Lstat(name + checksumEnd); errors.Is(err, fs.ErrNotExist) {
			if now.Sub(g.since) < w.Patience {
				return nil
			}
			it.unsummed = true
		}
	}
	it.taken = w.Vault.takenName(b.Name, it.id, it.name)
	if err := b.in.Rename(name, it.taken); err != nil {
		return err
	}
	delete(seen, at)
	return w.takeIn(ctx, b, it)
}

// look looks at an item without opening a file.
func look(root *os.Root, name string) (g glance, err error) {
	return g, g.add(root, name, 0)
}

// add looks at a file, or at a folder with what it holds. What is beyond the
// bounds is refused, and told so, when it is taken.
func (g *glance) add(root *os.Root, name string, depth int) error {
	info, err := root.Lstat(name)
	if err != nil {
		return err
	}
	if g.files++; g.files > maxFiles || depth > maxDepth {
		return nil
	}
	if info.ModTime().After(g.last) {
		g.last = info.ModTime()
	}
	if info.Mode().IsRegular() {
		g.size += info.Size()
	}
	if !info.IsDir() {
		return nil
	}
	entries, err := list(root, name)
	if errors.Is(err, fs.ErrPermission) {
		return nil // refused, and told so, when it is taken
	}
	for _, entry := range entries {
		err = errors.Join(err, g.add(root, path.Join(name, entry.Name()), depth+1))
	}
	return err
}

// list lists a folder whatever its names: an [fs.FS] refuses those that are not
// UTF-8.
func list(root *os.Root, dir string) ([]fs.DirEntry, error) {
	folder, err := root.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	entries, err := folder.ReadDir(-1)
	return entries, errors.Join(err, folder.Close())
}

// emptiable tells whether what a folder holds may be removed.
func emptiable(root *os.Root, dir string) bool {
	folder, err := root.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY, 0)
	if err != nil {
		return false
	}
	defer folder.Close()
	return unix.Faccessat(int(folder.Fd()), ".", unix.W_OK|unix.X_OK, unix.AT_EACCESS) == nil
}

// takeIn seals an item, journals it, and only then removes it. It may be
// called again at any point: the item has its identifier in its name.
func (w *Watcher) takeIn(ctx context.Context, b *box, it item) error {
	var known bool
	err := w.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := ArrivalByID(tx, it.id)
		known = err == nil
		if fail.Is(err, fail.NotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	var sum []byte
	if !known {
		var a Arrival
		if a, sum, err = w.sealItem(ctx, b, it); err != nil {
			return fmt.Errorf("taking in %s: %w", it.name, err)
		}
		if err := w.DB.Write(ctx, func(tx *db.Tx) error {
			if err := w.Vault.date(a.ID, db.At(tx.Now)); err != nil {
				return err
			}
			return arrive(tx, a)
		}); err != nil {
			return err
		}
		if a.State == Quarantined {
			w.putAway(b.Account, a)
		} else {
			w.Log.Info("something came", "account", b.Name, "arrival", a.ID, "name", a.Name)
		}
	}
	if err := b.removeSum(it, known, sum); err != nil {
		return err
	}
	return b.in.RemoveAll(it.taken)
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

// removeSum removes the checksum beside a file that was taken, unless another
// has come meanwhile: the same name is being sent again.
func (b *box) removeSum(it item, resumed bool, sum []byte) error {
	beside := it.name + checksumEnd
	if it.name != it.original {
		return nil
	}
	if now, err := readSum(b.in, beside); !resumed && err == nil && sum != nil && now != nil && !bytes.Equal(now, sum) {
		return nil
	}
	if err := b.in.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// sealItem seals an item, and says what is wrong with it before it is opened.
func (w *Watcher) sealItem(ctx context.Context, b *box, it item) (a Arrival, sum []byte, err error) {
	a = Arrival{ID: it.id, Account: b.ID, Name: it.name, State: Received}
	to, err := w.Vault.begin(it.id)
	if err != nil {
		return a, nil, err
	}
	c := copying{ctx: ctx, root: b.in, item: it, to: to, sums: map[string]string{}}
	if err := c.all(&a); err != nil {
		return a, nil, errors.Join(err, to.drop())
	}
	if a.Reason == "" {
		a.Reason, a.Detail = c.verify(b.Checksum && !it.unsummed)
	}
	switch {
	case a.Reason != "":
	case it.unsummed:
		a.Reason = NoChecksum
	case it.name != it.original:
		a.Reason = BadName
	}
	if a.Reason != "" {
		a.State = Quarantined
	}
	return a, c.sum, to.commit()
}

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
	if c.name != c.original {
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
