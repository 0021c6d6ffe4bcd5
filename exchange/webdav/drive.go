package webdav

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"
	"time"

	"golang.org/x/net/webdav"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// drive is the tree of one request, as the handler of x/net sees a file system.
type drive struct {
	*Room
	r      *web.Request
	method string
	at, to string // the path of the request, and that of its Destination

	status   int   // of the answer, where an error has its own
	failed   error // that is a fault of ours
	replaced bool  // what is written was there already

	asksScopes          bool
	asksRoom, asksLocks bool            // what a PROPFIND asks for
	known               map[string]Node // what was listed for it
	keys                map[string]string
	noted               map[school.ID]properties
	held                []held // the locks around and below the path, once they were asked for
	asked               bool
	now                 time.Time // when they were

	copied bool // the whole of a folder
	shared bool // the lock, with others
}

var _ webdav.FileSystem = (*drive)(nil)

// wrong makes of an error of the tree one that the handler understands, and keeps the status that it has.
func (f *drive) wrong(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, ErrFull) {
		f.status = webdav.StatusInsufficientStorage // RFC 4918, 11.5
		return err
	}
	switch fail.KindOf(err) {
	case fail.NotFound:
		return fs.ErrNotExist // as it is: the handler looks into no error
	case fail.Forbidden, fail.Invalid, fail.SignIn:
		f.status = http.StatusForbidden
		return fs.ErrPermission
	case fail.Conflict:
		if f.method != "MKCOL" { // RFC 4918, 9.3.1: 405, which the handler gives
			f.status = http.StatusConflict
		}
		return fs.ErrExist
	case fail.TooMany:
		f.status = http.StatusTooManyRequests
	case fail.Unavailable:
		f.status = http.StatusServiceUnavailable
	default:
		f.status, f.failed = http.StatusInternalServerError, err
	}
	return err
}

// node reads what is at a path. What a PROPFIND has listed is not read again.
func (f *drive) node(name string) (Node, error) {
	if n, ok := f.known[name]; ok {
		return n, nil
	}
	n, err := f.Tree.Stat(f.r, name)
	return n, f.wrong(err)
}

// Stat implements webdav.FileSystem.
func (f *drive) Stat(_ context.Context, name string) (os.FileInfo, error) {
	n, err := f.node(clean(name))
	if err != nil {
		return nil, err
	}
	return info{n}, nil
}

// Mkdir implements webdav.FileSystem. That of a COPY copies all that is in the folder, of which no byte is read.
func (f *drive) Mkdir(_ context.Context, name string, _ os.FileMode) error {
	name = clean(name)
	if f.method == copying && name == f.to && f.r.Header.Get("Depth") != "0" {
		f.copied = true
		return f.wrong(f.Tree.Copy(f.r, f.at, name))
	}
	if f.method == "MKCOL" {
		if _, err := f.node(clean(path.Dir("/" + name))); err != nil {
			return err
		}
	}
	return f.wrong(f.Tree.Mkdir(f.r, name))
}

// RemoveAll implements webdav.FileSystem. A file that another one takes the place of stays what it is, to those
// to whom it is opened, and holds what the other one did: it has one version more.
func (f *drive) RemoveAll(_ context.Context, name string) error {
	name = clean(name)
	if (f.method == moving || f.method == copying) && name == f.to {
		from, err := f.node(f.at)
		if err != nil {
			return err
		}
		to, err := f.node(name)
		if err != nil {
			return err
		}
		f.replaced = true
		if !from.Folder && !to.Folder {
			return nil
		}
		return f.wrong(f.Tree.Remove(f.r, name))
	}
	key, err := f.key(name)
	if err != nil {
		return f.wrong(err)
	}
	if err := f.Tree.Remove(f.r, name); err != nil {
		return f.wrong(err)
	}
	return f.wrong(f.dropLocks(key))
}

// Rename implements webdav.FileSystem.
func (f *drive) Rename(_ context.Context, from, to string) error {
	from, to = clean(from), clean(to)
	key, err := f.key(from)
	if err != nil {
		return f.wrong(err)
	}
	if f.replaced {
		if n, err := f.Tree.Stat(f.r, to); err == nil && !n.Folder {
			if err := f.pour(from, to); err != nil {
				return f.wrong(err)
			}
			if err := f.Tree.Remove(f.r, from); err != nil {
				return f.wrong(err)
			}
			return f.wrong(f.dropLocks(key))
		}
	}
	if err := f.Tree.Move(f.r, from, to); err != nil {
		return f.wrong(err)
	}
	return f.wrong(f.dropLocks(key))
}

// pour writes what a file holds, and what programs noted of it, in another one.
func (f *drive) pour(from, to string) error {
	content, n, err := f.Tree.Open(f.r, from)
	if err != nil {
		return err
	}
	defer content.Close()
	poured, err := f.Tree.Put(f.r, to, content)
	if err != nil {
		return err
	}
	return f.passOn(n.ID, poured.ID)
}

// OpenFile implements webdav.FileSystem. What is to be written is there once its bytes have come.
func (f *drive) OpenFile(_ context.Context, name string, flag int, _ os.FileMode) (webdav.File, error) {
	name = clean(name)
	n, err := f.node(name)
	if flag&os.O_CREATE == 0 {
		if err != nil {
			return nil, err
		}
		return &opened{drive: f, path: name, n: n}, nil
	}
	switch {
	case err == nil && n.Folder:
		f.status = http.StatusMethodNotAllowed
		return nil, fs.ErrExist
	case err == nil:
		f.replaced = true
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	default:
		if n, err = f.node(clean(path.Dir("/" + name))); err != nil { // RFC 4918, 9.7.1: 409
			return nil, err
		}
	}
	if f.method == http.MethodPut && n.Free >= 0 && f.r.ContentLength > n.Free { // nobody sends for an hour in vain
		f.status = webdav.StatusInsufficientStorage
		return nil, ErrFull
	}
	return &written{opened: opened{drive: f, path: name}}, nil
}

// opened is a file or a folder that is read. Its bytes are asked for once they are needed.
type opened struct {
	*drive
	path    string
	n       Node
	content io.ReadSeekCloser
}

func (o *opened) reader() (io.ReadSeekCloser, error) {
	if o.content == nil {
		content, _, err := o.Tree.Open(o.r, o.path)
		if err != nil {
			return nil, o.wrong(err)
		}
		o.content = content
	}
	return o.content, nil
}

func (o *opened) Read(b []byte) (int, error) {
	content, err := o.reader()
	if err != nil {
		return 0, err
	}
	return content.Read(b)
}

func (o *opened) Seek(offset int64, whence int) (int64, error) {
	content, err := o.reader()
	if err != nil {
		return 0, err
	}
	return content.Seek(offset, whence)
}

func (o *opened) Write([]byte) (int, error) { return 0, fs.ErrPermission }

func (o *opened) Close() error {
	if o.content == nil {
		return nil
	}
	return o.content.Close()
}

func (o *opened) Stat() (os.FileInfo, error) { return info{o.n}, nil }

// Readdir lists a folder, and keeps what it read for the properties of each.
func (o *opened) Readdir(int) ([]os.FileInfo, error) {
	if o.copied { // with the folder
		return nil, nil
	}
	nodes, err := o.Tree.List(o.r, o.path)
	if err != nil {
		return nil, o.wrong(err)
	}
	infos := make([]os.FileInfo, 0, len(nodes))
	ids := make([]school.ID, 0, len(nodes))
	if o.known == nil {
		o.known = map[string]Node{}
	}
	for _, n := range nodes {
		if litter(n.Name) {
			continue
		}
		infos = append(infos, info{n})
		if o.method == propfind {
			o.known[clean(o.path+"/"+n.Name)] = n
			ids = append(ids, n.ID)
		}
	}
	return infos, o.wrong(o.readNoted(ids...))
}

// written is a file that is being written.
type written struct {
	opened
	done bool
}

// ReadFrom writes all that comes: nothing of it is kept in memory. What comes from another file of the tree is not
// read at all.
func (w *written) ReadFrom(from io.Reader) (n int64, err error) {
	w.done = true
	if source, ours := from.(*opened); ours && w.method == copying {
		if w.replaced {
			err = w.pour(source.path, w.path)
		} else {
			err = w.Tree.Copy(w.r, source.path, w.path)
		}
		if err == nil {
			w.n, err = w.Tree.Stat(w.r, w.path)
		}
		return source.n.Size, w.wrong(err)
	}
	if w.n, err = w.Tree.Put(w.r, w.path, from); err != nil {
		return 0, w.wrong(err)
	}
	return w.n.Size, nil
}

// Close writes an empty file, where nothing was: a LOCK makes it (RFC 4918, 9.10.4).
func (w *written) Close() error {
	if w.done {
		return nil
	}
	_, err := w.ReadFrom(strings.NewReader(""))
	if err == nil || w.method != lock {
		return err
	}
	key, err2 := w.key(w.path) // the handler hears no error of this, and would keep the lock
	if err2 == nil {
		err2 = w.dropLocks(key)
	}
	if w.status == 0 {
		w.status = http.StatusConflict
	}
	return errors.Join(err, err2)
}

// info is a node, as the handler reads it.
type info struct{ n Node }

func (i info) Name() string       { return i.n.Name }
func (i info) Size() int64        { return i.n.Size }
func (i info) ModTime() time.Time { return i.n.Modified }
func (i info) IsDir() bool        { return i.n.Folder }
func (i info) Sys() any           { return nil }

func (i info) Mode() os.FileMode {
	if i.n.Folder {
		return fs.ModeDir | 0o700
	}
	return 0o600
}

// ETag implements webdav.ETager.
func (i info) ETag(context.Context) (string, error) {
	if i.n.Tag == "" {
		return "", webdav.ErrNotImplemented
	}
	return `"` + i.n.Tag + `"`, nil
}

// ContentType implements webdav.ContentTyper.
func (i info) ContentType(context.Context) (string, error) {
	if i.n.Type == "" {
		return "", webdav.ErrNotImplemented
	}
	return i.n.Type, nil
}

// property is one of the space that is called DAV:.
func property(name, value string) webdav.Property {
	return webdav.Property{XMLName: xml.Name{Space: "DAV:", Local: name}, InnerXML: []byte(value)}
}
