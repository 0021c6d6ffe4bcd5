package reception

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/seal"
)

// keep is how long the received files are kept, sealed: as long as a feed can
// be undone, and not three months, after which what they say of those who
// left may not be kept (RU-003 article 6).
const keep = 30 * 24 * time.Hour

// Vault is the received files at rest. Each arrival is one file, readable by
// its owner only: a tar of what came, in the age format (age-encryption.org/v1)
// under a key that only the master key opens, and for that arrival only.
type Vault struct {
	personal.Tables
	key    *seal.Key
	folder string // of the installation
}

// NewVault gives the vault of an installation, in a folder that is made when
// something is put in it.
func NewVault(key *seal.Key, folder string) *Vault {
	return &Vault{Tables: holdings, key: key, folder: folder}
}

// The folders of the vault. Plain files are in spool, while they are read.
const (
	archive    = "archive"
	quarantine = "quarantine"
	spool      = "spool"
)

// shelves are the folders of sealed files.
var shelves = []string{archive, quarantine}

func (v *Vault) path(shelf string, id school.ID) string {
	return filepath.Join(v.folder, shelf, id.String()+".age")
}

// shelf is where the files of an arrival belong.
func (a *Arrival) shelf() string {
	if a.State == Quarantined {
		return quarantine
	}
	return archive
}

// sealPurpose is what the keys of sealed files are sealed for.
const sealPurpose = "reception file"

// lock is what the files of one arrival are sealed with.
func (v *Vault) lock(id school.ID) seal.Lock {
	return seal.Lock{Key: v.key, Purpose: sealPurpose, Bound: []byte(id.String())}
}

// sealing is a sealed file under way.
type sealing struct {
	*tar.Writer
	file   *os.File
	sealed io.WriteCloser
	to     string
}

// begin begins to seal what came as an arrival. Nothing has its name before
// commit.
func (v *Vault) begin(id school.ID) (*sealing, error) {
	s := &sealing{to: v.path(archive, id)}
	if err := os.MkdirAll(filepath.Dir(s.to), 0o700); err != nil {
		return nil, err
	}
	var err error
	if s.file, err = os.OpenFile(s.to+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600); err != nil {
		return nil, err
	}
	if s.sealed, err = age.Encrypt(s.file, v.lock(id)); err != nil {
		return nil, errors.Join(err, s.drop())
	}
	s.Writer = tar.NewWriter(s.sealed)
	return s, nil
}

// drop forgets a sealed file that is not whole.
func (s *sealing) drop() error {
	return errors.Join(s.file.Close(), os.Remove(s.to+".part"))
}

// commit makes the file whole, and able to outlive a power cut, under its
// name.
func (s *sealing) commit() error {
	err := errors.Join(s.Writer.Close(), s.sealed.Close(), s.file.Sync())
	if err != nil {
		return errors.Join(err, s.drop())
	}
	if err := s.file.Close(); err != nil {
		return err
	}
	if err := os.Rename(s.to+".part", s.to); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(s.to))
}

func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// unsealing is a sealed file that is read.
type unsealing struct {
	*tar.Reader
	io.Closer
}

// unseal opens the files of an arrival, on whichever shelf they are.
func (v *Vault) unseal(ctx context.Context, id school.ID) (*unsealing, error) {
	sealed, err := v.open(id)
	if err != nil {
		return nil, err
	}
	plain, err := age.Decrypt(sealed, v.lock(id))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the sealed files of %s: %w", id, err), sealed.Close())
	}
	return &unsealing{tar.NewReader(interruptible{ctx, plain}), sealed}, nil
}

// Unseal writes the files of an arrival in a folder, which is made, readable
// by its owner only, and overwrites none. It gives the path of what came, a
// file or a folder.
func (v *Vault) Unseal(ctx context.Context, id school.ID, into string) (path string, err error) {
	files, err := v.unseal(ctx, id)
	if err != nil {
		return "", err
	}
	defer files.Close()
	if err := os.MkdirAll(into, 0o700); err != nil {
		return "", err
	}
	root, err := os.OpenRoot(into)
	if err != nil {
		return "", err
	}
	defer root.Close()
	top := ""
	for {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", fmt.Errorf("opening the sealed files of %s: %w", id, err)
		}
		if first, _, _ := strings.Cut(h.Name, "/"); top == "" && !strings.HasSuffix(h.Name, checksumEnd) {
			top = first
		}
		if err := unpack(root, h, files); err != nil {
			return "", err
		}
	}
	return filepath.Join(into, top), nil
}

// sumOf gives the checksum that came beside a file; nil when none did.
func (v *Vault) sumOf(ctx context.Context, it item) ([]byte, error) {
	files, err := v.unseal(ctx, it.id)
	if err != nil {
		return nil, err
	}
	defer files.Close()
	for {
		switch h, err := files.Next(); {
		case errors.Is(err, io.EOF):
			return nil, nil
		case err != nil:
			return nil, fmt.Errorf("opening the sealed files of %s: %w", it.id, err)
		case h.Name == it.name+checksumEnd:
			return io.ReadAll(files)
		}
	}
}

// interruptible reads until its context ends: what is read may be long, and
// the process may have to stop.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

func (i interruptible) Read(into []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(into)
}

// unpack writes one file of ours.
func unpack(root *os.Root, h *tar.Header, from io.Reader) error {
	if h.Typeflag == tar.TypeDir {
		return root.MkdirAll(h.Name, 0o700)
	}
	if err := root.MkdirAll(filepath.Dir(h.Name), 0o700); err != nil {
		return err
	}
	to, err := root.OpenFile(h.Name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Close())
}

// open opens a sealed file, on whichever shelf it is.
func (v *Vault) open(id school.ID) (*os.File, error) {
	for _, shelf := range shelves {
		file, err := os.Open(v.path(shelf, id))
		if !errors.Is(err, fs.ErrNotExist) {
			return file, err
		}
	}
	return nil, fail.New(fail.NotFound, "the files of %s are not here: they are destroyed at their term, or another machine has them", id)
}

// place puts the sealed file of an arrival on its shelf.
func (v *Vault) place(a *Arrival) error {
	to := v.path(a.shelf(), a.ID)
	for _, shelf := range shelves {
		if shelf == a.shelf() {
			continue
		}
		if _, err := os.Lstat(v.path(shelf, a.ID)); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		return os.Rename(v.path(shelf, a.ID), to)
	}
	return nil
}

// spoolOf is the folder where the files of an arrival are read. The caller
// removes it.
func (v *Vault) spoolOf(id school.ID) string { return filepath.Join(v.folder, spool, id.String()) }

// clear removes the plain files that a process which was killed left.
func (v *Vault) clear() error { return os.RemoveAll(filepath.Join(v.folder, spool)) }

// Purge implements personal.Steward: it destroys the received files past their
// term, then forgets what is past its own.
func (v *Vault) Purge(tx *db.Tx) (int64, error) {
	term := tx.Now.Add(-keep)
	if err := v.destroyFiles(term); err != nil {
		return 0, err
	}
	if err := destroy(tx, db.At(term)); err != nil {
		return 0, err
	}
	if err := v.destroyMarked(tx); err != nil {
		return 0, err
	}
	n, err := v.Tables.Purge(tx)
	if err != nil {
		return n, err
	}
	_, err = tx.Exec(`DELETE FROM reception_refused WHERE arrival_id NOT IN
		(SELECT id FROM reception_arrival WHERE destroyed_at IS NULL)`)
	return n, err
}

// destroyMarked removes the sealed files that the journal says are destroyed,
// whatever their time: a copy put back may have another.
func (v *Vault) destroyMarked(tx *db.Tx) error {
	for _, shelf := range shelves {
		entries, err := os.ReadDir(filepath.Join(v.folder, shelf))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, entry := range entries {
			name, sealed := strings.CutSuffix(entry.Name(), ".age")
			id, err := school.ParseID(name)
			if !sealed || err != nil {
				continue
			}
			a, err := ArrivalByID(tx, id)
			if fail.Is(err, fail.NotFound) || err == nil && a.Destroyed.IsZero() {
				continue
			}
			if err != nil {
				return err
			}
			if err := os.Remove(v.path(shelf, id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// destroyFiles removes the sealed files that came before an instant, whether
// the journal knows them or not, and what is left of those that never became
// whole.
func (v *Vault) destroyFiles(before time.Time) error {
	for _, shelf := range shelves {
		entries, err := os.ReadDir(filepath.Join(v.folder, shelf))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, entry := range entries {
			info, err := entry.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return err
			}
			if info.ModTime().Before(before) {
				if err := os.Remove(filepath.Join(v.folder, shelf, entry.Name())); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// date gives a sealed file the time of its arrival, from which its term runs.
func (v *Vault) date(id school.ID, at db.Time) error {
	return os.Chtimes(v.path(archive, id), at.Time, at.Time)
}
