package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"preau/core/ui"
)

// Answer is what a handler gives back: a [Page], a [Redirect], an [Away], a
// [Done], a [File], a [PDF], a [JSON] or a [Text].
type Answer interface {
	// ready does all that can fail, within the transaction, and gives what
	// is sent once it is committed. Only a [PDF] is drawn after that.
	ready(*Request) (http.Handler, error)
}

// Page is a page for a person. Its body begins with a ui.Heading. What is shown
// to somebody signed in names people: a browser keeps nothing of it, since the
// next one to open a shared tablet is somebody else.
type Page struct {
	Title   string // already said; of the browser's tab
	Body    templ.Component
	Status  int             // 200 when zero; 422 for a form to be corrected
	Help    templ.Component // what to do when stuck; optional
	Notices []ui.Notice
	School  string    // what the page is about, when not where the visitor is
	Accent  ui.Accent // its colour
	Doorway bool      // for someone who is signed out, or about to be
	Private bool      // names people, though nobody is signed in: a browser keeps nothing of it
	Finds   bool      // it has a field of its own where one looks for something: the frame has none
	Records bool      // it has a ui.Recorder: the browser may ask for the microphone
	Poster  Poster    // that anybody reads, signed in or not; empty: it is none
	Home    string    // where the house of a child who does not read leads, when not to the home page
}

// Poster is a page that anybody may read and that says the same to all: it is kept for a
// minute on its way, and where it leads learns nothing of it.
type Poster string

// The posters.
const (
	Unlisted Poster = "noindex" // search engines leave it
	Listed   Poster = "all"
)

// headers are those of a poster.
func (p Poster) headers() http.Header {
	if p == "" {
		return http.Header{}
	}
	return http.Header{"Referrer-Policy": {"no-referrer"}, "X-Robots-Tag": {string(p)}}
}

// htmlType is that of pages.
const htmlType = "text/html; charset=utf-8"

func (p Page) ready(r *Request) (http.Handler, error) {
	if r.refusal != nil {
		p.Status = http.StatusForbidden
	}
	page, header := r.frame(), p.Poster.headers()
	if p.Records {
		header.Set("Permissions-Policy", permissions("self"))
		header.Set("Content-Security-Policy", policy+" blob:") // the voice, before it is sent
	}
	page.Title, page.Help, page.Home = p.Title, p.Help, p.Home
	page.Keep = r.keeping(p.Status, header)
	page.Notices = slices.Concat(r.shutNotice(), r.takeNotice(), p.Notices)
	if r.ReadOnly {
		page.Notices = append([]ui.Notice{{Kind: ui.Warning, Text: r.Say("web.read-only")}}, page.Notices...)
	}
	if r.Method == http.MethodPost && p.Status != http.StatusNotFound { // an absence is the same however it was asked for
		page.Back = r.back()
	}
	if p.School != "" {
		page.School = p.School
	}
	if p.Accent != 0 {
		page.Accent = p.Accent
	}
	if p.Finds {
		page.Search = ""
	}
	layout := ui.Layout
	if p.Doorway {
		layout = ui.Doorway
	}
	var body bytes.Buffer
	ctx := templ.WithChildren(r.Context(), p.Body)
	if err := layout(page).Render(ctx, &body); err != nil {
		return nil, fmt.Errorf("rendering a page: %w", err)
	}
	return &buffered{
		status: p.Status, contentType: htmlType, kept: !r.SignedIn() && r.Awaited == "" && !p.Private, posted: p.Poster != "",
		header: header, body: body.Bytes(),
	}, nil
}

// Redirect sends to another page of the portal once something is done.
type Redirect struct {
	To     string // a local path: "/liaison/12?page=2"; anything else is refused
	Notice string // key of the text, without places, that says what was done; optional
	Info   bool   // the notice tells something else than a success
}

func (a Redirect) ready(r *Request) (http.Handler, error) {
	if !Local(a.To) {
		return nil, fmt.Errorf("redirect to %.80q, which is no local path", a.To)
	}
	if err := r.leaveNotice(a.Notice, a.Info); err != nil {
		return nil, fmt.Errorf("redirect to %.80q: %w", a.To, err)
	}
	r.leaveSent()
	return &buffered{status: http.StatusSeeOther, location: a.To}, nil
}

// Away sends the browser to a page of another site. The address is one that an
// operator declared, or that was made of it; never one that came with the
// request.
type Away struct{ To string } // https; http too where the portal itself has no TLS

func (a Away) ready(r *Request) (http.Handler, error) {
	to, err := url.Parse(a.To)
	if err != nil || to.Host == "" || to.User != nil || to.Scheme != "https" && (to.Scheme != "http" || r.site.secure) {
		return nil, fmt.Errorf("away to %.80q, which is no address of another site", a.To)
	}
	return &buffered{status: http.StatusSeeOther, location: to.String()}, nil
}

// JSON is an answer for a program.
type JSON struct {
	Value  any
	Status int // 200 when zero
}

func (a JSON) ready(*Request) (http.Handler, error) {
	body, err := json.Marshal(a.Value)
	if err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	return &buffered{status: a.Status, contentType: "application/json", body: body}, nil
}

// Text is a plain answer for a program.
type Text struct {
	Body   string
	Status int // 200 when zero
}

func (a Text) ready(*Request) (http.Handler, error) {
	return &buffered{status: a.Status, contentType: "text/plain; charset=utf-8", body: []byte(a.Body)}, nil
}
