package web

import (
	"fmt"
	"net/http"
	"strings"

	"preau/core/rights"
)

// Handler answers one route.
type Handler func(*Request) (Answer, error)

// Mux is where a room mounts its routes. Patterns are those of
// [http.ServeMux] without the method, relative to the room's prefix: "/" is
// its first page, "/class/{class}" a page about one class.
type Mux struct {
	site   *Site
	prefix string // "/liaison", or empty for the hall
}

// Get mounts a page for those who hold the right. It changes nothing: its
// transaction is a read, unless the page is [Journalled].
func (m *Mux) Get(pattern string, right rights.Right, h Handler, options ...Option) {
	m.add(&Route{Method: http.MethodGet, Pattern: pattern, Kind: Protected, Right: right, handler: h}, options)
}

// Post mounts what those who hold the right may change. Its transaction is
// committed before the answer is sent, and rolled back on an error or on an
// answer whose status is 400 or more.
func (m *Mux) Post(pattern string, right rights.Right, h Handler, options ...Option) {
	m.add(&Route{Method: http.MethodPost, Pattern: pattern, Kind: Protected, Right: right, handler: h}, options)
}

// PublicGet mounts a page that needs no session, and says why.
func (m *Mux) PublicGet(pattern, why string, h Handler, options ...Option) {
	m.add(&Route{Method: http.MethodGet, Pattern: pattern, Kind: Public, Why: why, handler: h}, options)
}

// PublicPost mounts what may be posted from our own pages without a session,
// and says why. It holds no transaction: the handler opens its own when it
// has something to write.
func (m *Mux) PublicPost(pattern, why string, h Handler, options ...Option) {
	m.add(&Route{Method: http.MethodPost, Pattern: pattern, Kind: Public, Why: why, handler: h, noTx: true}, options)
}

// Foreign mounts what pages of other sites may post (the answer of an
// identity provider), and says why. No cookie reaches the handler, which must
// find its proof in the body, and opens its own transaction once it has.
func (m *Mux) Foreign(pattern, why string, h Handler, options ...Option) {
	m.add(&Route{Method: http.MethodPost, Pattern: pattern, Kind: Foreign, Why: why, handler: h, noTx: true}, options)
}

// Device mounts what a program does by any method for those who hold the right: it comes with their
// login and a password of its own ([Devices]), by HTTP Basic. It holds no transaction, its body is read
// by the handler and has no greatest size, and its refusals are plain.
func (m *Mux) Device(pattern string, right rights.Right, h Handler, options ...Option) {
	if m.site.Devices == nil {
		panic(fmt.Sprintf("web: nobody knows the devices that come to %s", pattern))
	}
	m.add(&Route{Pattern: pattern, Kind: Device, Right: right, handler: h, noTx: true, upload: true}, options)
}

// Probe mounts what a program asks of an address, by OPTIONS or PROPFIND, before it says for whom it
// comes, and says why.
func (m *Mux) Probe(pattern, why string, h Handler) {
	for _, method := range []string{http.MethodOptions, "PROPFIND"} {
		m.add(&Route{Method: method, Pattern: pattern, Kind: Foreign, Why: why, handler: h, noTx: true}, nil)
	}
}

// Call mounts what a script of our pages asks for by any method, PATCH or DELETE among them, for those who
// hold the right. It is a [Mux.Get] where the method changes nothing (GET, HEAD, OPTIONS), else a [Mux.Post]; but who
// asks shows no page: a refusal is its status and a sentence, and a session that is over is 401.
func (m *Mux) Call(method, pattern string, right rights.Right, h Handler, options ...Option) {
	m.add(&Route{Method: method, Pattern: pattern, Kind: Protected, Right: right, Called: true, handler: h}, options)
}

// add completes a route and mounts it. What is half-declared is a fault of
// the program and panics at start.
func (m *Mux) add(r *Route, options []Option) {
	if !strings.HasPrefix(r.Pattern, "/") {
		panic(fmt.Sprintf("web: the pattern %q does not begin with /", r.Pattern))
	}
	r.Pattern = m.prefix + r.Pattern
	if strings.HasSuffix(r.Pattern, "/") {
		r.Pattern += "{$}" // the page itself, not everything under it
	}
	r.body, r.limit = defaultBody, defaultLimit
	for _, option := range options {
		option(r)
	}
	switch {
	case r.handler == nil:
		panic(fmt.Sprintf("web: %s has no handler", r))
	case r.needsRight() && r.Right == "":
		panic(fmt.Sprintf("web: %s has no right", r))
	case r.needsRight() && !m.site.Rights.Declared(r.Right):
		panic(fmt.Sprintf("web: %s needs the right %q, which no room declares", r, r.Right))
	case !r.needsRight() && strings.TrimSpace(r.Why) == "":
		panic(fmt.Sprintf("web: %s does not say why it needs no right", r))
	}
	m.site.add(r)
}
