package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
)

// Devices knows the programs of people's devices, which come with a login and a password that serves
// nothing else.
type Devices interface {
	// Device tells for whom a program comes, and where it writes, once the visitor is let in, that it
	// did; nil: nowhere. A password that opens nothing is fail.SignIn. tx may be read-only.
	Device(tx *db.Tx, r *Request, login, password string) (Carried, error)
	// Wrong counts a password that opened nothing, in a transaction of its own, and gives the error to
	// answer: fail.SignIn, or fail.TooMany.
	Wrong(r *Request, login string) error
}

// Carried is for whom a program comes.
type Carried struct {
	Visitor
	Came func(*db.Tx) error // writes that it came; nil: that is written already
}

// proof is what a device proves by for whom it comes.
type proof struct {
	login, password string
	came            func(*db.Tx) error
}

// What a device is given: a day for a file as large as a disc on a slow line, a minute for what carries
// none, and a minute for each piece of what it sends.
const (
	carryLimit  = 24 * time.Hour
	deviceLimit = time.Minute
	pieceTime   = time.Minute
)

// isDevice tells whether the request is a program's.
func (r *Request) isDevice() bool { return r.route != nil && r.route.Kind == Device }

// deviceLimit is how long a program may take.
func (r *Request) deviceLimit() time.Duration {
	switch r.Method {
	case http.MethodGet, http.MethodPut:
		return carryLimit
	}
	return deviceLimit
}

// reading are the methods by which nothing changes.
var reading = []string{http.MethodGet, http.MethodHead, http.MethodOptions, "PROPFIND"}

// changes tells whether the request may change something.
func (r *Request) changes() bool {
	if r.isDevice() {
		return !slices.Contains(reading, r.Method)
	}
	return !r.route.safe()
}

// WritesIn tells in which service a program writes that comes by the route: where that is shut to its
// visitor, it only reads.
func WritesIn(service string) Option { return func(r *Route) { r.writesIn = service } }

// alone refuses what a page of another site has a browser ask: browsers send what they know of HTTP Basic
// by themselves, as they do cookies.
func (r *Request) alone() error {
	switch site := r.Header.Get("Sec-Fetch-Site"); site {
	case "", "none", "same-origin":
	default:
		return fail.New(fail.Forbidden, "asked for by a page: %.20q", site)
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		if from, err := url.Parse(origin); err != nil || from.Host != r.Host {
			return fail.New(fail.Forbidden, "asked for by a page of %.80q", origin)
		}
	}
	return nil
}

// carried does what a program asks, once it is known for whom it comes.
func (s *Site) carried(r *Request) (http.Handler, error) {
	login, password, given := r.BasicAuth()
	if !given {
		return nil, fail.New(fail.SignIn, "no login and no password")
	}
	r.proof = proof{login: login, password: password}
	ctx, let := s.reads(r)
	err := s.DB.Read(ctx, func(tx *db.Tx) error { return s.enter(r, tx) })
	let()
	if errors.Is(err, errUnknown) {
		return nil, s.Devices.Wrong(r, login)
	}
	if err != nil {
		return nil, err
	}
	if came := r.proof.came; came != nil {
		ctx, cancel := context.WithTimeout(r.Context(), seenPatience)
		defer cancel()
		if err := s.write(ctx, came); err != nil {
			s.Log.Warn("that a device came is not noted", "id", r.ID, "err", err)
		}
	}
	return s.handle(r)
}

// errUnknown is within the error of a password that opens nothing.
var errUnknown = errors.New("the password of the device opens nothing")

// whoAsks finds who asks: of a program, for whom it comes.
func (s *Site) whoAsks(r *Request, tx *db.Tx) (Visitor, error) {
	if !r.isDevice() {
		return s.visitor(tx, r.token)
	}
	who, err := s.Devices.Device(tx, r, r.proof.login, r.proof.password)
	if fail.Is(err, fail.SignIn) {
		return Visitor{}, fail.New(fail.SignIn, "%w: %v", errUnknown, err)
	}
	if err != nil {
		return Visitor{}, fmt.Errorf("resolving a device: %w", err)
	}
	r.proof.came = who.Came
	// Things have one name whatever a program asks for: one that mirrors a folder would copy it again.
	r.Printer = i18n.Printer{Catalogue: s.Words, Lang: i18n.French}
	r.Request = r.WithContext(i18n.With(r.Context(), r.Printer))
	return who.Visitor, nil
}

// plainly answers a program what was not done, in few words.
func (r *Request) plainly(err error, status int) http.Handler {
	header := errorHeader(err, status)
	switch {
	case status == http.StatusSeeOther:
		status = http.StatusUnauthorized
		header.Set("WWW-Authenticate", `Basic realm="Preau", charset="UTF-8"`)
	case errors.Is(err, errReadOnly):
		status = http.StatusForbidden
	case status == http.StatusUnprocessableEntity:
		status = http.StatusForbidden
	}
	return &buffered{
		status: status, contentType: "text/plain; charset=utf-8", header: header,
		body: fmt.Appendf(nil, "%d %s (%s)\n", status, http.StatusText(status), r.ID),
	}
}

// steady is a body that gives each piece its own time: a slow line sends a large file whole, one that
// sends nothing is cut.
type steady struct {
	io.ReadCloser
	control *http.ResponseController
}

func (s *steady) Read(b []byte) (int, error) {
	_ = s.control.SetReadDeadline(time.Now().Add(pieceTime)) // without deadlines, it waits
	n, err := s.ReadCloser.Read(b)
	if err == nil {
		_ = s.control.SetWriteDeadline(time.Now().Add(pieceTime + sendingTime))
	}
	return n, err
}

// Handled is an answer that a handler of a protocol makes by itself, in no transaction: it opens its own.
type Handled struct{ Handler http.Handler }

func (a Handled) ready(r *Request) (http.Handler, error) { return &handled{a.Handler, r}, nil }

// handled is such an answer on its way.
type handled struct {
	handler http.Handler
	r       *Request
}

func (h *handled) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sent := &meter{ResponseWriter: &patient{w, http.NewResponseController(w)}}
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if p == http.ErrAbortHandler || sent.status != 0 {
			panic(p)
		}
		h.r.site.Log.Error("a protocol failed", "id", h.r.ID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		lastResort(http.StatusInternalServerError, h.r.ID).ServeHTTP(w, r)
	}()
	h.handler.ServeHTTP(sent, r)
}
