package web

import (
	"net/http"
	"strings"
	"time"

	"preau/core/rights"
)

// Kind is who may use a route.
type Kind uint8

// The kinds.
const (
	Protected Kind = iota // a session that holds the right
	Public                // anybody, from our own pages
	Foreign               // anybody, from anywhere; no cookie is read
	Machine               // probes and assets: no person, under any host name
	Device                // a program that proves by itself for whom it comes, and holds the right; no cookie is read
)

// String gives the kind's name, as the list of routes prints it.
func (k Kind) String() string {
	return [...]string{"protected", "public", "foreign", "machine", "device"}[k]
}

// Route is one line of the table of routes.
type Route struct {
	Method  string // GET also answers HEAD; empty: every method
	Pattern string // the whole path
	Kind    Kind
	Right   rights.Right // of a protected route, or of a device's
	Why     string       // it needs none
	StepUp  bool         // it is for whoever proved lately who they are
	// SaysShut tells that the handler refuses by itself what is posted where its service is
	// shut, and keeps what was typed.
	SaysShut bool
	Called   bool // by a script, which shows no page: see [Mux.Call]

	handler  Handler
	noTx     bool
	journal  bool          // a file whose taking is written
	always   bool          // what is posted is written even by whoever only reads
	listable bool          // search engines may look, and are told by each page whether to list it
	upload   bool          // the handler reads the body
	writesIn string        // the service in which a device writes
	body     int64         // bytes
	limit    time.Duration // from the request to the answer
	header   http.Header   // of every answer, of a refusal too
}

// What a route allows unless an option says otherwise.
const (
	defaultBody  = 64 << 10        // a long text; thousands of visitors may send one at once
	textBody     = 4 * defaultBody // [rich.Max] letters, six bytes each in a form
	defaultLimit = 15 * time.Second
)

// Option changes what a route allows.
type Option func(*Route)

// NoTx makes the handler run without a transaction, once the session and the
// right have been seen in a short one: for what takes long (hashing,
// sending) and must not hold the only writer.
func NoTx(r *Route) { r.noTx = true }

// Journalled makes the transaction of a page a write: what leaves the portal
// in a file of names is journalled by the handler, or does not leave. A long file
// takes [NoTx] too: its handler gathers it in [Request.Read], then journals in
// [Request.Write], and answers once that is done.
func Journalled(r *Route) { r.journal = true }

// EvenReadOnly makes a route take what is posted by whoever only reads for now: one's
// own account, and what makes an end of it.
func EvenReadOnly(r *Route) { r.always = true }

// SaysShut makes a route take what is posted by whoever writes nothing new in its service: the
// handler refuses it by itself, and keeps what was typed, as a draft. Of every other route
// the form comes back by itself ([Request.Again]).
func SaysShut(r *Route) { r.SaysShut = true }

// StepUp asks a visitor who can prove again who they are to do so first, when
// they did too long ago ([Visitor.Reprove]): for what takes many people's data
// out, or gives others access. A session that was left open does not.
func StepUp(r *Route) { r.StepUp = true }

// Listable lets search engines look at a public page, which says itself whether they list
// it: see [Poster].
func Listable(r *Route) { r.listable = true }

// Upload makes the handler read the body itself, up to a number of bytes. It
// implies [NoTx]: a slow sender must not hold a transaction.
func Upload(bytes int64) Option {
	return func(r *Route) { r.upload, r.noTx, r.body = true, true, bytes }
}

// LongText makes a route take a text with a little form, of the greatest length
// in any alphabet ([Request.Rich]).
func LongText(r *Route) { r.body = textBody }

// Limit sets how long the route may take, 15 seconds otherwise.
func Limit(d time.Duration) Option {
	return func(r *Route) { r.limit = d }
}

// Header sets a header of every answer of a route, of a refusal too: the version of a protocol.
func Header(name, value string) Option {
	return func(r *Route) {
		if r.header == nil {
			r.header = http.Header{}
		}
		r.header.Set(name, value)
	}
}

// safe tells that the method of a route changes nothing (RFC 9110, 9.2.1).
func (r *Route) safe() bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions
}

// String is the route as the log has it: method and pattern, never the
// address itself.
func (r *Route) String() string { return strings.TrimSpace(r.Method + " " + r.Pattern) }

// needsRight tells whether the route is for those who hold a right.
func (r *Route) needsRight() bool { return r.Kind == Protected || r.Kind == Device }

// room is the first folder of the path: the name of a service, by which its texts begin.
func (r *Route) room() string {
	room, _, _ := strings.Cut(strings.TrimPrefix(r.Pattern, "/"), "/")
	return room
}

// ServeHTTP makes the route known to the [finder].
func (r *Route) ServeHTTP(w http.ResponseWriter, _ *http.Request) { w.(*finder).route = r }
