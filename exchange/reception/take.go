package reception

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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
		if it, ok := w.Vault.takenAs(b.Name, name); ok {
			wrong = append(wrong, w.takeIn(ctx, b, it))
		} else if !underWay(name) {
			wrong = append(wrong, w.consider(ctx, b, name, seen))
		}
	}
	return errors.Join(wrong...)
}

// item is what is taken out of the folder.
type item struct {
	id       school.ID
	name     string // safe
	misnamed bool   // it had another
	taken    string // its name in the folder now
	unsummed bool   // the checksum that is demanded did not come
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
	it := item{id: school.NewID(now), name: safeName(name)}
	it.misnamed = it.name != name
	if at := b.sumAt(name); at != "" && b.Checksum {
		if _, err := b.in.Lstat(at); errors.Is(err, fs.ErrNotExist) {
			if now.Sub(g.since) < w.Patience {
				return nil
			}
			it.unsummed = true
		}
	}
	it.taken = w.Vault.takenName(b.Name, it)
	if err := b.in.Rename(name, it.taken); err != nil {
		return err
	}
	delete(seen, at)
	return w.takeIn(ctx, b, it)
}

// sumAt is where the checksum of an item comes: beside a file, within a folder,
// which may be sent after the rest. It is empty for what is neither.
func (b *box) sumAt(name string) string {
	info, err := b.in.Lstat(name)
	switch {
	case err != nil:
	case info.Mode().IsRegular():
		return name + checksumEnd
	case info.IsDir():
		return path.Join(name, checksumList)
	}
	return ""
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
	if known && !it.misnamed {
		if sum, err = w.Vault.sumOf(ctx, it); err != nil {
			return err
		}
	}
	if err := b.removeSum(it, known, sum); err != nil {
		return err
	}
	return b.in.RemoveAll(it.taken)
}

// removeSum removes the checksum beside a file that was taken, unless another
// has come meanwhile: the same name is being sent again. That of a file which
// could not be read was not read either.
func (b *box) removeSum(it item, resumed bool, sum []byte) error {
	beside := it.name + checksumEnd
	if it.misnamed {
		return nil
	}
	now, err := readSum(b.in, beside)
	if err == nil && now != nil && (sum != nil || resumed) && !bytes.Equal(now, sum) {
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
	case it.misnamed:
		a.Reason = BadName
	}
	if a.Reason != "" {
		a.State = Quarantined
	}
	return a, c.sum, to.commit()
}
