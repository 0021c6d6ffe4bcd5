package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
)

// ServeHTTP answers one request, compressed when the browser takes it.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.compressed.ServeHTTP(w, r) }

// serve finds an answer, or explains the error that took its place, sends
// it, and writes the line of the log.
func (s *Site) serve(inner http.ResponseWriter, hr *http.Request) {
	w := &meter{ResponseWriter: inner}
	r := &Request{
		Request: hr,
		ID:      strings.ToLower(rand.Text()[:10]), // 50 bits, short enough to be read out
		IP:      s.address(hr),
		site:    s,
		header:  http.Header{},
	}
	s.guard(w.Header(), r.ID)
	start := time.Now()
	var err error
	defer func() { s.record(r, w, time.Since(start), err) }()

	s.find(r)
	if r.route != nil {
		for name, values := range r.route.header {
			w.Header()[name] = values
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), r.limit())
	defer cancel()
	ctx, r.queried = db.Metered(ctx)
	r.Request = r.WithContext(i18n.With(ctx, r.Printer))
	extend(w, start.Add(r.limit()+sendingTime))

	reply, err := s.answer(w, r)
	switch {
	case r.Resent():
		reply = r.tell(reply, err)
	case err != nil:
		reply = s.explain(r, err)
	}
	for name, values := range r.header {
		w.Header()[name] = values
	}
	reply.ServeHTTP(w, r.Request)
}

// find matches the request to a route, and settles what depends on it: no
// cookie of a foreign post is read.
func (s *Site) find(r *Request) {
	found := &finder{header: http.Header{}}
	s.mux.ServeHTTP(found, r.Request) // sets the values of the path in the request
	r.route, r.found = found.route, found
	if r.route != nil && (r.route.Kind == Foreign || r.route.Kind == Device) {
		r.Header.Del("Cookie")
	}
	r.token = r.cookie(sessionCookie)
	r.Printer = i18n.Printer{Catalogue: s.Words, Lang: r.language()}
}

// finder is the writer that the mux is given: a route makes itself known to
// it, and what the mux answers by itself (not found, method not allowed, a
// cleaner path) leaves its status and headers.
type finder struct {
	route  *Route
	status int
	header http.Header
}

func (f *finder) Header() http.Header         { return f.header }
func (f *finder) WriteHeader(status int)      { f.status = status }
func (f *finder) Write(b []byte) (int, error) { return len(b), nil }

// answer is the way of every request, in order: what HTTP refuses, the body,
// the session and the right, the handler, the commit, and what is drawn after it.
func (s *Site) answer(w http.ResponseWriter, r *Request) (reply http.Handler, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicked{value: p, stack: debug.Stack()}
		}
		if err != nil {
			discard(reply)
			clear(r.header) // no cookie of what was not done
		}
	}()
	route := r.route
	if route != nil && route.Kind == Machine {
		return s.handle(r)
	}
	if !s.ours(r.Host) {
		return nil, &refusal{status: http.StatusMisdirectedRequest, cause: fmt.Errorf("host %.80q", r.Host)}
	}
	switch {
	case route != nil && route.Kind == Foreign:
	case r.isDevice():
		if err := r.alone(); err != nil {
			return nil, err
		}
	default:
		if err := s.origins.Check(r.Request); err != nil {
			return nil, fail.New(fail.Forbidden, "%w", err)
		}
	}
	if to := r.found.header.Get("Location"); Local(to) {
		return &buffered{status: r.found.status, location: to}, nil // the same path without // or ..
	}
	if err := r.readBody(w); err != nil {
		return nil, err
	}
	reply, err = s.served(r)
	if d, ok := reply.(*drawing); ok && err == nil {
		err = d.draw()
	}
	return reply, err
}

// handle runs the handler and makes its answer ready to be sent.
func (s *Site) handle(r *Request) (http.Handler, error) {
	answer, err := r.route.handler(r)
	if err != nil {
		return nil, err
	}
	if answer == nil {
		return nil, errors.New("the handler gave no answer")
	}
	return answer.ready(r)
}

// extend gives a connection until an instant, beyond what the server grants
// every request. A writer without deadlines, a test's, waits as it will.
func extend(w http.ResponseWriter, until time.Time) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(until)
	_ = control.SetWriteDeadline(until)
}

// limit is how long the request may take.
func (r *Request) limit() time.Duration {
	switch {
	case r.route == nil:
		return defaultLimit
	case r.isDevice():
		return r.deviceLimit()
	}
	return r.route.limit
}

// discard closes an answer that will not be sent.
func discard(reply http.Handler) {
	if c, ok := reply.(io.Closer); ok {
		c.Close() // it was only going to be read
	}
}
