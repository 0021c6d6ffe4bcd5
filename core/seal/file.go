package seal

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// fileSize is the size of a key file: the hexadecimal digits and a newline.
const fileSize = 2*keySize + 1

// Open reads the key file at path as [Read] does. When the file is missing it
// makes a key and writes it, readable by its owner only; of two processes that
// start together, one writes and both get the same key.
func Open(path string) (*Key, error) {
	key, err := Read(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := create(path); err != nil {
		return nil, fmt.Errorf("the master key: %w", err)
	}
	return Read(path)
}

// Read reads the key file at path, 64 hexadecimal digits. A file that is
// missing (fs.ErrNotExist), that others may read, or that does not hold a key,
// is refused.
func Read(path string) (*Key, error) {
	key, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("the master key: %w", err)
	}
	return key, nil
}

func read(path string) (*Key, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", path)
	}
	if loose := info.Mode().Perm() & 0o077; loose != 0 {
		return nil, fmt.Errorf("%s may be read by others (mode %#o): run chmod 600 %[1]s", path, info.Mode().Perm())
	}
	text, err := io.ReadAll(io.LimitReader(file, fileSize+1))
	if err != nil {
		return nil, err
	}
	if len(text) == fileSize && text[fileSize-1] == '\n' {
		text = text[:fileSize-1]
	}
	var key Key
	if len(text) != 2*keySize {
		return nil, fmt.Errorf("%s does not hold a key of %d hexadecimal digits", path, 2*keySize)
	}
	if _, err := hex.Decode(key.root[:], text); err != nil {
		return nil, fmt.Errorf("%s does not hold a key of %d hexadecimal digits", path, 2*keySize)
	}
	return &key, nil
}

// create writes a new key. It is written whole beside its place, then linked
// there, which fails when another process was first: nobody ever reads a
// half-written key, and none is overwritten.
func create(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, ".key-") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = fmt.Fprintf(file, "%x\n", random(keySize))
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(dir)
}

// syncFolder makes the new name outlive a power cut: what the key seals is
// about to be committed.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
