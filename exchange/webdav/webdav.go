package webdav

import (
	"bytes"
	"embed"
	"encoding/xml"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/webdav"
	"golang.org/x/text/unicode/norm"

	"preau/account"
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// Prefix is where the drive is.
const Prefix = "/dav"

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of locks and of properties.
func Schema() db.Schema { return db.Schema{Name: "webdav", Files: files} }

// Node is a file or a folder, as a drive shows it.
type Node struct {
	ID       school.ID // 0 for what is no entry: a space, the list of them
	Name     string
	Folder   bool
	Size     int64  // in bytes; of a file
	Type     string // of a file
	Modified time.Time
	Tag      string // another one where a file holds something else
	Writable bool
	Used     int64 // bytes of the space it is in
	Free     int64 // bytes for which there is room there; -1: nobody knows
}

// ErrFull is within the error of a [Tree] that has no room for what is sent.
var ErrFull = errors.New("no room is left")

// Tree is the files that a visitor reaches, by paths without a slash around: "" is the list of their spaces. Every
// method opens a transaction of its own. What the visitor does not see is fail.NotFound, what they may not do
// there fail.Forbidden, what is there already fail.Conflict.
type Tree interface {
	Stat(r *web.Request, path string) (Node, error)
	List(r *web.Request, path string) ([]Node, error)
	// Open reads what a file holds; the caller closes it.
	Open(r *web.Request, path string) (io.ReadSeekCloser, Node, error)
	Mkdir(r *web.Request, path string) error
	// Put writes a new file, or what one that is there holds from now on.
	Put(r *web.Request, path string, content io.Reader) (Node, error)
	// Remove puts what is at a path in the bin.
	Remove(r *web.Request, path string) error
	// Move and Copy give what is at a path another one, where nothing is.
	Move(r *web.Request, from, to string) error
	Copy(r *web.Request, from, to string) error
	// Key names the place at a path, whether something is there or not, by one name for everybody who reaches
	// it; its elements are parted by slashes.
	Key(r *web.Request, path string) (string, error)
}

// open is the right of a drive: of those who have files of their own.
const open rights.Right = "webdav.open"

// Rights is who may have a drive.
var Rights = func() rights.Table {
	holders := rights.Holders{}
	for _, profile := range account.Drivers() {
		holders[profile] = rights.Self
	}
	return rights.Table{open: holders}
}()

// Room is where drives are opened.
type Room struct {
	Tree    Tree
	Service string // whose the files are: where it is shut, a drive is read
	Log     *slog.Logger
}

var _ web.Room = (*Room)(nil)

// Mount implements [web.Room].
func (d *Room) Mount(m *web.Mux) {
	m.Device(Prefix, open, d.serve, web.WritesIn(d.Service))
	m.Device(Prefix+"/{path...}", open, d.serve, web.WritesIn(d.Service))
	m.Probe("/", "Windows asks the top of a site what it can do, before it goes where it is sent", probe)
}

// dav are the headers by which a program knows that drives are served.
func dav(h http.Header) {
	h.Set("DAV", "1, 2") // RFC 4918, 10.1
	h.Set("MS-Author-Via", "DAV")
}

// probe answers what Windows asks of the top of the site: drives are served, elsewhere.
func probe(*web.Request) (web.Answer, error) {
	return web.Handled{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		dav(w.Header())
		w.Header().Set("Allow", "OPTIONS, GET, HEAD")
		if r.Method != http.MethodOptions {
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
	})}, nil
}

// What is read of a request that carries no file, and how long a lock holds that is not refreshed.
const (
	mostXML   = 256 << 10
	longest   = time.Hour
	shortLock = "Second-600" // of who does not say
)

// serve answers a program.
func (d *Room) serve(r *web.Request) (web.Answer, error) {
	return web.Handled{Handler: http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) { d.answer(w, hr, r) })}, nil
}

// answer answers a program, by the handler of x/net where it does what RFC 4918 asks.
func (d *Room) answer(w http.ResponseWriter, hr *http.Request, r *web.Request) {
	hr = hr.Clone(hr.Context())
	hr.Body = r.Body
	hr.URL.Path, hr.URL.RawPath = norm.NFC.String(hr.URL.Path), "" // macOS parts letters and accents
	f := &drive{Room: &Room{Tree: attic{d.Tree}, Log: d.Log}, r: r, method: hr.Method, at: clean(strings.TrimPrefix(hr.URL.Path, Prefix))}
	if status := f.prepare(hr); status != 0 {
		w.WriteHeader(status)
		if status == http.StatusForbidden && hr.Method == propfind {
			io.WriteString(w, `<?xml version="1.0" encoding="utf-8"?><D:error xmlns:D="DAV:"><D:propfind-finite-depth/></D:error>`)
		}
		return
	}
	if hr.Method == http.MethodGet || hr.Method == http.MethodHead {
		// A browser that is sent there shows nothing of what somebody put there.
		w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
		w.Header().Set("Content-Disposition", "attachment")
	}
	handler := webdav.Handler{Prefix: Prefix, FileSystem: f, LockSystem: f.locks()}
	handler.ServeHTTP(&reply{ResponseWriter: w, drive: f}, hr)
	if f.failed != nil {
		d.Log.Error("a drive failed", "id", r.ID, "method", hr.Method, "err", f.failed)
	}
}

// The methods of RFC 4918 that are looked at here.
const (
	propfind = "PROPFIND"
	lock     = "LOCK"
	unlock   = "UNLOCK"
	copying  = "COPY"
	moving   = "MOVE"
)

// prepare makes of a request what the handler understands, or gives the status by which it is refused.
func (f *drive) prepare(hr *http.Request) (status int) {
	if to := hr.Header.Get("Destination"); to != "" && (hr.Method == copying || hr.Method == moving) {
		u, err := url.Parse(to)
		if err != nil {
			return http.StatusBadRequest
		}
		u.Path, u.RawPath = norm.NFC.String(u.Path), ""
		hr.Header.Set("Destination", u.String())
		f.to = clean(strings.TrimPrefix(u.Path, Prefix))
		// RFC 4918, 9.8.3 and 9.9.3: nothing goes into itself.
		if u.Path != Prefix && !strings.HasPrefix(u.Path, Prefix+"/") || f.to == f.at || strings.HasPrefix(f.to, f.at+"/") || litter(f.to) && !scrap(f.to) {
			return http.StatusForbidden
		}
	}
	if !kept(f.at) || !kept(f.to) {
		return http.StatusBadRequest
	}
	if litter(f.at) && !scrap(f.at) {
		switch hr.Method {
		case http.MethodGet, http.MethodHead, propfind, http.MethodDelete, http.MethodOptions:
			return http.StatusNotFound
		}
		return http.StatusForbidden
	}
	if depth := hr.Header.Get("Depth"); strings.EqualFold(depth, "1,noroot") { // Windows
		hr.Header.Set("Depth", "1")
	}
	switch hr.Method {
	case propfind:
		return f.prepareFind(hr)
	case lock:
		f.shorten(hr)
		return f.prepareLock(hr)
	case moving:
		if hr.Header.Get("Overwrite") == "" { // RFC 4918, 10.6: as T
			hr.Header.Set("Overwrite", "T")
		}
		return f.matches(hr)
	case http.MethodPut, http.MethodDelete, copying, "PROPPATCH":
		return f.matches(hr)
	}
	return 0
}

// prepareFind reads what a PROPFIND asks for. All of a tree at once is refused (RFC 4918, 9.1).
func (f *drive) prepareFind(hr *http.Request) (status int) {
	if depth := hr.Header.Get("Depth"); depth != "0" && depth != "1" {
		return http.StatusForbidden
	}
	body, err := io.ReadAll(io.LimitReader(hr.Body, mostXML+1))
	if err != nil || len(body) > mostXML || !wellNamed(body) {
		return http.StatusBadRequest
	}
	hr.Body = io.NopCloser(bytes.NewReader(body))
	f.asksRoom = bytes.Contains(body, []byte("quota-"))
	f.asksScopes = bytes.Contains(body, []byte("supportedlock"))
	f.asksLocks = len(body) == 0 || bytes.Contains(body, []byte("lockdiscovery")) || bytes.Contains(body, []byte("allprop"))
	return 0
}

// wellNamed tells whether an XML text declares no prefix of nothing, which the names of XML do not allow
// (Namespaces in XML 1.0, 5) and encoding/xml does. What is no XML is refused by who reads it.
func wellNamed(body []byte) bool {
	for d := xml.NewDecoder(bytes.NewReader(body)); ; {
		token, err := d.RawToken()
		if err != nil {
			return true
		}
		start, _ := token.(xml.StartElement)
		for _, a := range start.Attr {
			if a.Name.Space == "xmlns" && a.Value == "" {
				return false
			}
		}
	}
}

// scope is that of a lock which others may have too.
var scope = regexp.MustCompile(`<([A-Za-z_][\w.-]*:)?shared\s*(/>|>\s*</([A-Za-z_][\w.-]*:)?shared\s*>)`)

// prepareLock reads which lock is asked for: the handler knows those of one alone.
func (f *drive) prepareLock(hr *http.Request) (status int) {
	body, err := io.ReadAll(io.LimitReader(hr.Body, mostXML+1))
	if err != nil || len(body) > mostXML {
		return http.StatusBadRequest
	}
	alone := scope.ReplaceAll(body, []byte("<${1}exclusive/>"))
	f.shared = !bytes.Equal(alone, body)
	hr.Body = io.NopCloser(bytes.NewReader(alone))
	return 0
}

// shorten bounds how long a lock is asked for: a program that stops leaves no file shut.
func (f *drive) shorten(hr *http.Request) {
	first, _, _ := strings.Cut(hr.Header.Get("Timeout"), ",")
	asked, err := time.ParseDuration(strings.TrimPrefix(strings.TrimSpace(first), "Second-") + "s")
	switch {
	case err != nil || asked <= 0:
		hr.Header.Set("Timeout", shortLock)
	case asked > longest:
		hr.Header.Set("Timeout", "Second-3600")
	}
}

// matches compares what a program believes is there with what is (RFC 9110, 13.1).
func (f *drive) matches(hr *http.Request) (status int) {
	wants, not := hr.Header.Get("If-Match"), hr.Header.Get("If-None-Match")
	if wants == "" && not == "" {
		return 0
	}
	n, err := f.Tree.Stat(f.r, f.at)
	there := err == nil
	if wants != "" && !(there && (wants == "*" || listed(wants, n.Tag))) || not != "" && there && (not == "*" || listed(not, n.Tag)) {
		return http.StatusPreconditionFailed
	}
	return 0
}

// listed tells whether a tag is in a list of them.
func listed(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if tag != "" && strings.TrimSpace(one) == `"`+tag+`"` {
			return true
		}
	}
	return false
}

// longestPath is how many bytes a path may have: the databases find none that is longer.
const longestPath = 2000

// kept tells whether a database keeps a path as it is.
func kept(p string) bool {
	return len(p) <= longestPath && utf8.ValidString(p) && !strings.ContainsRune(p, 0)
}

// clean is a path without a slash around.
func clean(p string) string { return strings.Trim(path.Clean("/"+p), "/") }

// reply gives an error of the tree its own status, where the handler has one for all.
type reply struct {
	http.ResponseWriter
	drive *drive
	sent  bool
}

func (a *reply) WriteHeader(status int) {
	if !a.sent {
		switch {
		case a.drive.status != 0 && (status >= http.StatusBadRequest || a.drive.method == lock):
			status = a.drive.status
			a.Header().Del("Lock-Token")
		case status == http.StatusCreated && a.drive.replaced:
			status = http.StatusNoContent // RFC 4918, 9.7.1, 9.8.5, 9.9.4
		}
	}
	a.sent = true
	a.ResponseWriter.WriteHeader(status)
}

func (a *reply) Write(b []byte) (int, error) {
	a.sent = true
	switch {
	case a.drive.method != lock:
	case a.drive.status != 0: // of no lock there is anything to tell
		return len(b), nil
	default:
		_, err := a.ResponseWriter.Write(a.drive.toldOfLock(b))
		return len(b), err
	}
	return a.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (a *reply) Unwrap() http.ResponseWriter { return a.ResponseWriter }
