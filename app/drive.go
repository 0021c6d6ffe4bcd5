package app

import (
	"fmt"
	"io"

	"preau/core/web"
	"preau/exchange/webdav"
	"preau/service/file"
)

// drive is the files of the portal, as the drive of a computer reaches them.
type drive struct{ file.Tree }

var _ webdav.Tree = drive{}

// Stat implements webdav.Tree.
func (d drive) Stat(r *web.Request, path string) (webdav.Node, error) {
	n, err := d.Tree.Stat(r, path)
	return webdav.Node(n), err
}

// List implements webdav.Tree.
func (d drive) List(r *web.Request, path string) ([]webdav.Node, error) {
	all, err := d.Tree.List(r, path)
	nodes := make([]webdav.Node, len(all))
	for i, n := range all {
		nodes[i] = webdav.Node(n)
	}
	return nodes, err
}

// Open implements webdav.Tree.
func (d drive) Open(r *web.Request, path string) (io.ReadSeekCloser, webdav.Node, error) {
	content, n, err := d.Tree.Open(r, path)
	return content, webdav.Node(n), err
}

// Put implements webdav.Tree.
func (d drive) Put(r *web.Request, path string, content io.Reader) (webdav.Node, error) {
	n, err := d.Tree.Put(r, path, content)
	return webdav.Node(n), full(err)
}

// Copy implements webdav.Tree.
func (d drive) Copy(r *web.Request, from, to string) error { return full(d.Tree.Copy(r, from, to)) }

// Move implements webdav.Tree.
func (d drive) Move(r *web.Request, from, to string) error { return full(d.Tree.Move(r, from, to)) }

// full says of an error that there is no room, where that is what it says.
func full(err error) error {
	if file.IsFull(err) {
		return fmt.Errorf("%w: %w", webdav.ErrFull, err)
	}
	return err
}
