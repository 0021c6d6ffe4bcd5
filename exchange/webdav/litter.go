package webdav

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io"
	"path"
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/web"
)

// litter tells whether a path is of what systems leave in every folder that they open, and no person ever reads.
func litter(p string) bool {
	for name := range strings.SplitSeq(p, "/") {
		if slight(name) {
			return true
		}
		switch strings.ToLower(name) {
		case ".trashes", ".spotlight-v100", ".fseventsd", ".temporaryitems", ".apdisk":
			return true
		}
	}
	return false
}

// slight tells whether a file of a name is one that a system writes beside another, and gives up that one where it
// cannot: Finder says of a whole copy that it failed.
func slight(name string) bool {
	switch strings.ToLower(name) {
	case ".ds_store", "thumbs.db", "desktop.ini":
		return true
	}
	return strings.HasPrefix(name, "._")
}

// scrap tells whether a path is of such a file, in a folder that is a person's.
func scrap(p string) bool { return slight(path.Base("/"+p)) && !litter(parent(p)) }

// What is kept of scraps, of one person: so many, of so many bytes each.
const (
	mostScraps   = 1000
	longestScrap = 256 << 10
)

// attic is a tree in which scraps are kept apart, for a day, each to who wrote it: no list shows them, and nobody else
// sees them.
type attic struct{ Tree }

var _ Tree = attic{}

// Stat implements Tree.
func (a attic) Stat(r *web.Request, name string) (Node, error) {
	if !scrap(name) {
		return a.Tree.Stat(r, name)
	}
	_, n, err := a.read(r, name)
	return n, err
}

// Open implements Tree.
func (a attic) Open(r *web.Request, name string) (io.ReadSeekCloser, Node, error) {
	if !scrap(name) {
		return a.Tree.Open(r, name)
	}
	value, n, err := a.read(r, name)
	return bytesRead{bytes.NewReader(value)}, n, err
}

// bytesRead is what is read of memory, where nothing is to be closed.
type bytesRead struct{ *bytes.Reader }

func (bytesRead) Close() error { return nil }

// read reads a scrap.
func (a attic) read(r *web.Request, name string) (value []byte, n Node, err error) {
	var set db.Time
	err = r.Read(func() (err error) {
		value, err = db.One(r.Tx, func(row db.Row) (value []byte, err error) {
			err = row.Scan(&value, &set)
			return value, err
		},
			`SELECT value, set_at FROM webdav_scrap WHERE person_id = $1 AND place = $2`, r.Actor.Person, name)
		return err
	})
	sum := fnv.New64a()
	sum.Write(value)
	return value, Node{
		Name: path.Base(name), Size: int64(len(value)), Type: "application/octet-stream", Modified: set.Time,
		Tag: hex.EncodeToString(sum.Sum(nil)), Writable: true, Free: -1,
	}, err
}

// Put implements Tree.
func (a attic) Put(r *web.Request, name string, content io.Reader) (Node, error) {
	if !scrap(name) {
		return a.Tree.Put(r, name, content)
	}
	in, err := a.Tree.Stat(r, parent(name))
	if err == nil && !(in.Folder && in.Writable) {
		err = fail.New(fail.Forbidden, "nothing is put in %q", in.Name)
	}
	if err != nil {
		return Node{}, err
	}
	value, err := io.ReadAll(io.LimitReader(content, longestScrap+1))
	if err != nil {
		return Node{}, fail.New(fail.Invalid, "reading a scrap: %w", err)
	}
	if len(value) > longestScrap {
		return Node{}, fmt.Errorf("a scrap is long: %w", ErrFull)
	}
	err = r.Write(func() error {
		if _, err := r.Tx.Exec(`INSERT INTO webdav_scrap (person_id, place, value, set_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (person_id, place) DO UPDATE SET value = excluded.value, set_at = excluded.set_at`, r.Actor.Person, name, value, db.At(r.Tx.Now)); err != nil {
			return err
		}
		_, err := r.Tx.Exec(`DELETE FROM webdav_scrap WHERE person_id = $1
			AND set_at <= (SELECT set_at FROM webdav_scrap WHERE person_id = $1 ORDER BY set_at DESC LIMIT 1 OFFSET $2)`, r.Actor.Person, mostScraps)
		return err
	})
	if err != nil {
		return Node{}, err
	}
	return a.Stat(r, name)
}

// Mkdir implements Tree.
func (a attic) Mkdir(r *web.Request, name string) error {
	if scrap(name) {
		return fail.New(fail.Forbidden, "no folder is called that")
	}
	return a.Tree.Mkdir(r, name)
}

// Remove implements Tree.
func (a attic) Remove(r *web.Request, name string) error {
	if !scrap(name) {
		return a.Tree.Remove(r, name)
	}
	return r.Write(func() error {
		n, err := r.Tx.Exec(`DELETE FROM webdav_scrap WHERE person_id = $1 AND place = $2`, r.Actor.Person, name)
		if err == nil && n == 0 {
			err = fail.New(fail.NotFound, "no such scrap")
		}
		return err
	})
}

// Move implements Tree.
func (a attic) Move(r *web.Request, from, to string) error {
	if !scrap(from) && !scrap(to) {
		return a.Tree.Move(r, from, to)
	}
	if err := a.Copy(r, from, to); err != nil {
		return err
	}
	return a.Remove(r, from)
}

// Copy implements Tree: a scrap becomes no file, nor a file a scrap.
func (a attic) Copy(r *web.Request, from, to string) error {
	switch {
	case !scrap(from) && !scrap(to):
		return a.Tree.Copy(r, from, to)
	case !scrap(from) || !scrap(to):
		return fail.New(fail.Forbidden, "a scrap stays one")
	}
	value, _, err := a.read(r, from)
	if err != nil {
		return err
	}
	_, err = a.Put(r, to, bytes.NewReader(value))
	return err
}

// Key implements Tree.
func (a attic) Key(r *web.Request, name string) (string, error) {
	if scrap(name) {
		return "scrap-" + r.Actor.Person.String() + "/" + name, nil
	}
	return a.Tree.Key(r, name)
}
