package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"preau/core/audience"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web/calm"
)

// Request is what a handler is given. It lives as long as the handler runs.
type Request struct {
	*http.Request
	Visitor
	Tx      *db.Tx // nil for a route with NoTx, a public post and a foreign one
	Printer i18n.Printer
	ID      string     // in the log, in the answer's X-Request-Id and on error pages
	IP      netip.Addr // of the browser, behind our own proxy too; not valid when unknown

	site    *Site
	route   *Route // nil when no route has this method and path
	found   *finder
	token   string                    // of the session cookie; may open nothing
	header  http.Header               // of the answer, when nothing fails
	queried *db.Meter                 // counts what it asks of the database
	notes   []func(*db.Tx) error      // without which nothing is answered
	seen    []func(*db.Tx) error      // that are left out when there is no time for them
	claimed bool                      // the mark of the form is noted by the first transaction of a handler without one
	version string                    // of the page that a device may keep; empty: it may not
	above   map[school.ID][]school.ID // what schools are within, once it was asked for
	proof   proof                     // of a device
	held    *audience.Holdings        // what the visitor holds, once it was asked for
	opened  map[string]opening        // how services stand to them, by name, once it was asked for
	alerts  []ui.Alert                // what they are told on every page
	writing bool                      // its transaction that writes has begun
	refusal error                     // of a service that is shut, while its form is made once more to be given back
	leave   func()                    // gives back a place among the requests under way; nil: it has none
	calm    calm.Reason               // why it was not done; empty: it was
}

// Say says a text of the catalogue in the visitor's language.
func (r *Request) Say(key string, args ...any) string {
	return r.Printer.Say(key, args...)
}

// ToChild has everything that is said from now on be said to a child.
func (r *Request) ToChild() {
	r.Printer.Child = true
	r.Request = r.WithContext(i18n.With(r.Context(), r.Printer))
}

// PathID reads the identifier that stands for a {name} of the pattern. What
// is no identifier is fail.NotFound.
func (r *Request) PathID(name string) (school.ID, error) {
	id, err := school.ParseID(r.PathValue(name))
	if err != nil {
		return 0, fail.New(fail.NotFound, "{%s} of the path: %w", name, err)
	}
	return id, nil
}

// Holds tells whether the visitor holds the right anywhere: whether a link
// or a button is worth showing.
func (r *Request) Holds(right rights.Right) bool {
	_, shut := r.holdsShut(right)
	return r.site.Rights.Allows(r.Actor, right) && !shut
}

// Can is the gate of one object: nil, or fail.NotFound. The areas of an object that
// has a school need not be given: they are read once, or before, by [Request.CanOfMany].
func (r *Request) Can(right rights.Right, object rights.Object) error {
	if r.site.Rights.Reach(r.Actor.Profile, right) == rights.Area && object.School != 0 {
		if err := r.knowAbove(object.School); err != nil {
			return err
		}
		object.Areas = append(slices.Clone(object.Areas), r.above[object.School]...)
	}
	if !r.site.Rights.Can(r.Actor, right, object) {
		return fail.New(fail.NotFound, "%s of %s of %s does not reach %+v", right, r.Actor.Profile, r.Actor.Person, object)
	}
	if service, publishes := r.site.publishes[right]; publishes {
		return r.shuts(service, object.School, r.Actor.Profile, fail.Forbidden)
	}
	return nil
}

// CanOfMany reads by one statement all that [Request.Can] asks of some schools, one after the other,
// by a right.
func (r *Request) CanOfMany(right rights.Right, schools ...school.ID) error {
	if r.site.Rights.Reach(r.Actor.Profile, right) != rights.Area {
		return nil
	}
	return r.knowAbove(schools...)
}

// knowAbove reads what schools are within, where it is not known.
func (r *Request) knowAbove(schools ...school.ID) error {
	schools = slices.DeleteFunc(slices.Clone(schools), func(at school.ID) bool {
		_, known := r.above[at]
		return known
	})
	if len(schools) == 0 {
		return nil
	}
	var above map[school.ID][]school.ID
	err := r.Read(func() (err error) {
		above, err = r.site.Doors.Above(r.Tx, schools...)
		return err
	})
	if err != nil {
		return fmt.Errorf("reading what %s is within: %w", schools, err)
	}
	if r.above == nil {
		r.above = map[school.ID][]school.ID{}
	}
	for _, at := range schools {
		r.above[at] = above[at]
	}
	return nil
}

// By is the visitor, as the journal says who acts.
func (r *Request) By() audit.By {
	return audit.By{Actor: r.Actor.Person, Profile: r.Actor.Profile, Request: r.ID}
}

// Loan tells by which loan the visitor may act on an object; see [rights.Matrix.Loan].
func (r *Request) Loan(right rights.Right, object rights.Object) school.ID {
	return r.site.Rights.Loan(r.Actor, right, object)
}

// MayLend tells whether the visitor may lend a function over an object; see
// [rights.Matrix.MayLend].
func (r *Request) MayLend(function rights.Function, object rights.Object) bool {
	return r.site.Rights.MayLend(r.Actor, function, object)
}

// Scope is the gate of a list; see [rights.Matrix.Scope].
func (r *Request) Scope(right rights.Right, columns rights.Columns, args ...any) (string, []any) {
	return r.site.Rights.Scope(r.Actor, right, columns, args...)
}

// Read runs a part of a handler whose route has no transaction, [NoTx], in one that
// reads; in that of the request, when there is one.
func (r *Request) Read(f func() error) error {
	if r.Tx != nil {
		return f()
	}
	return r.site.DB.Read(r.Context(), r.with(f))
}

// Write runs a part of such a handler in a transaction that writes: nothing of it
// remains when f returns an error. That of the request, when there is one, is the
// one it runs in. Minutes may have passed since the visitor was let in, and a file came:
// they are asked for again, and refused as anybody who comes then.
func (r *Request) Write(f func() error) error {
	if r.Tx != nil {
		return f()
	}
	claimed := r.claimed
	r.claimed = true
	err := r.site.write(r.Context(), func(tx *db.Tx) error {
		if err := r.enterAgain(tx); err != nil {
			return err
		}
		return r.with(func() error {
			if !claimed {
				if err := r.claim(); err != nil {
					return err
				}
			}
			if err := f(); err != nil || r.refusal == nil {
				return err
			}
			return errRefused
		})(tx)
	})
	if errors.Is(err, errRefused) {
		return nil
	}
	return err
}

// enterAgain finds who asks as they are now. Where anybody may come there is nothing to ask
// for.
func (r *Request) enterAgain(tx *db.Tx) error {
	if !r.route.needsRight() {
		return nil
	}
	return r.site.enter(r, tx)
}

// Note has something written once the handler is done, in a short transaction of its
// own: who looked at a page that is only read. It is written though the answer says no,
// and nothing is answered when it cannot be. What a browser fetches before anybody looks
// is fail.Forbidden; of what it asks by HEAD nobody sees anything, and nothing is noted.
func (r *Request) Note(f func(*db.Tx) error) error {
	return r.takeNote(&r.notes, f)
}

// NoteSeen has something written as [Request.Note] does, without which the page is answered
// all the same: that somebody has read it. It is left out, and said in the log, when there is
// no time to write it; whoever reads the page again is noted then.
func (r *Request) NoteSeen(f func(*db.Tx) error) error {
	return r.takeNote(&r.seen, f)
}

func (r *Request) takeNote(notes *[]func(*db.Tx) error, f func(*db.Tx) error) error {
	if strings.Contains(r.Header.Get("Sec-Purpose"), "prefetch") {
		return fail.New(fail.Forbidden, "nobody looks at it yet")
	}
	*notes = append(*notes, f)
	return nil
}

// with makes of a part of a handler what a transaction runs: it has its Tx meanwhile.
func (r *Request) with(f func() error) func(*db.Tx) error {
	return func(tx *db.Tx) error {
		r.Tx = tx
		defer func() { r.Tx = nil }()
		return f()
	}
}

// ActsOn counts, in its transaction or else in one of its own, that the visitor
// acts on some people at once: prints their codes, takes a list of them away,
// writes to them. Whatever room lets somebody act on many says so here. The error
// of whoever acts on too many undoes the act, and is to be given back as it is.
func (r *Request) ActsOn(people int) error {
	if r.refusal != nil { // of a form that is given back nobody is acted on
		return r.refusal
	}
	if r.site.Breaker == nil {
		return nil
	}
	if r.Tx != nil {
		return r.site.Breaker.ActsOn(r, people)
	}
	return r.Write(func() error { return r.site.Breaker.ActsOn(r, people) })
}

// Absolute makes a whole address of a local path, for what leaves the
// portal (a mail, a QR code).
func (r *Request) Absolute(path string) string { return r.site.Absolute(path) }

// Next is where to go after signing in: the local path that the page of
// sign-in was asked to lead to, or the home page.
func (r *Request) Next() string {
	next := r.FormValue("next")
	if !Local(next) || leadsToSignIn(next) {
		return "/"
	}
	return next
}

// frame is the page around what a handler makes.
func (r *Request) frame() ui.Page {
	page := ui.Page{
		Accent: r.Accent,
		School: r.School,
		Reader: r.Reader,
		Demo:   r.site.Demo,
		Path:   r.URL.Path,
	}
	if r.SignedIn() {
		page.Alerts = r.alerts
		page.Person = &ui.Person{Name: r.Name, Hat: r.hat(), Hats: r.Hats, Picture: r.Picture}
	}
	if r.site.Frame != nil {
		r.site.Frame(r, &page)
	}
	return page
}

// self is the address that was asked for, as a link of a page.
func (r *Request) self() string {
	if self := r.URL.RequestURI(); Local(self) {
		return self
	}
	return "/"
}

// asked is the page that the visitor wanted: that of the request, or the one
// that its form was on.
func (r *Request) asked() string {
	if r.Method == http.MethodGet {
		return r.self()
	}
	return r.back()
}

// back is the page of ours that the request came from, or the home page.
func (r *Request) back() string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host {
		return "/"
	}
	if path := from.RequestURI(); Local(path) {
		return path
	}
	return "/"
}
