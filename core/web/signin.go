package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"preau/core/ui"
)

// askSignIn leads a visitor without a session to the page of sign-in, and
// from there to where they were going. What a form held when its session
// ended is not lost: it comes back as a page from which it can be sent again.
// A session that waits for its second step is led there.
func (r *Request) askSignIn() http.Handler {
	if r.Method == http.MethodPost {
		kept := r.keptForm(keptWords{"web.kept", "web.kept-text", "web.sign-in-beside"}, cmp.Or(r.Awaited, signIn))
		if kept != nil {
			return kept
		}
	}
	if r.Awaited != "" {
		return r.leadTo(r.Awaited, r.asked())
	}
	next := r.self()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		next = r.back()
	}
	to := Redirect{To: signInFor(next)}
	if r.token != "" {
		to.Notice, to.Info = "web.session-ended", true
		r.dropCookie(sessionCookie)
		r.dropTicket()
	}
	reply, err := to.ready(r)
	if err != nil { // an address too long to come back to
		return &buffered{status: http.StatusSeeOther, location: signIn}
	}
	return reply
}

// askAgain leads a visitor to where they prove again who they are, and back. A
// form comes back as one whose session has ended; a file is asked for again from
// the page that it was on, since it would leave the visitor where they proved.
func (r *Request) askAgain() http.Handler {
	if r.Method == http.MethodPost {
		if kept := r.keptForm(keptWords{"web.again-kept", "web.again-kept-text", "web.again-beside"}, beside(r.Reprove)); kept != nil {
			return kept
		}
	}
	next := r.asked()
	if r.route.journal && r.Referer() != "" {
		next = r.back()
	}
	return r.leadTo(r.Reprove, next)
}

// beside is the address of the page where one proves who one is, opened in another tab:
// it ends on itself, with nothing to do there any more.
func beside(page string) string {
	return page + "?" + url.Values{"next": {page + "?done=1"}}.Encode()
}

// leadTo redirects to a page of ours that leads on to next.
func (r *Request) leadTo(page, next string) http.Handler {
	to := page + "?" + url.Values{"next": {next}}.Encode()
	if next == "/" || !Local(to) { // or too long to come back to
		to = page
	}
	return &buffered{status: http.StatusSeeOther, location: to}
}

// keptWords are the keys of a page that gives a form back.
type keptWords struct{ title, lead, beside string }

// keptForm is the page that gives back what was in a form that was sent too
// late: one opens the door beside it, then sends the form again. It is nil when
// the form holds nothing, a file, or a password, which must not be written
// in a page. It says nothing of the address, which may not exist.
func (r *Request) keptForm(words keptWords, door string) http.Handler {
	fields := r.givenBack()
	if fields == nil {
		return nil
	}
	title := r.Say(words.title)
	reply, err := Page{
		Title:  title,
		Body:   kept(words, door, ui.PostButton{Action: r.self(), Label: r.Say("web.send-again"), Fields: fields}),
		Status: http.StatusForbidden,
	}.ready(r)
	if err != nil {
		return nil
	}
	return reply
}

// filesNone tells whether a form that may carry files has none. It is read for that, unless it
// is longer than one without any.
func (r *Request) filesNone() bool {
	if r.route == nil || !r.route.upload || r.ContentLength < 0 || r.ContentLength > textBody || r.ParseFiles() != nil {
		return false
	}
	for _, files := range r.MultipartForm.File {
		for _, one := range files {
			if one.Size > 0 {
				return false
			}
		}
	}
	return true
}

// givenBack is what a form held, to be sent again from another page: nothing of one that
// holds nothing, a file, or a password, which must not be written in a page.
func (r *Request) givenBack() (fields []ui.Hidden) {
	if contentType(r.Request) != urlEncoded && !r.filesNone() {
		return nil
	}
	for name, values := range r.PostForm {
		if strings.Contains(strings.ToLower(name), "password") {
			return nil
		}
		for _, value := range values {
			fields = append(fields, ui.Hidden{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(fields, func(a, b ui.Hidden) int { return strings.Compare(a.Name, b.Name) })
	return fields
}
