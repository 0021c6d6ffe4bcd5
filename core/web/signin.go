package web

import (
	"net/http"
	"slices"
	"strings"

	"preau/core/ui"
)

// askSignIn leads a visitor without a session to the page of sign-in, and
// from there to where they were going. What a form held when its session
// ended is not lost: it comes back as a page from which it can be sent again.
func (r *Request) askSignIn() http.Handler {
	if r.Method == http.MethodPost {
		if kept := r.keptForm(); kept != nil {
			return kept
		}
	}
	next := r.self()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		next = r.back()
	}
	to := Redirect{To: signInFor(next)}
	if r.token != "" {
		to.Notice, to.info = "web.session-ended", true
		r.dropCookie(sessionCookie)
	}
	reply, err := to.ready(r)
	if err != nil { // an address too long to come back to
		return &buffered{status: http.StatusSeeOther, location: signIn}
	}
	return reply
}

// keptForm is the page that gives back what was in a form whose session has
// ended: one signs in beside it, then sends the form again. It is nil when
// the form holds nothing, a file, or a password, which must not be written
// in a page. It says nothing of the address, which may not exist.
func (r *Request) keptForm() http.Handler {
	if contentType(r.Request) != "application/x-www-form-urlencoded" || len(r.PostForm) == 0 {
		return nil
	}
	var fields []ui.Hidden
	for name, values := range r.PostForm {
		if strings.Contains(strings.ToLower(name), "password") {
			return nil
		}
		for _, value := range values {
			fields = append(fields, ui.Hidden{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(fields, func(a, b ui.Hidden) int { return strings.Compare(a.Name, b.Name) })
	title := r.Say("web.kept")
	reply, err := Page{
		Title:  title,
		Body:   kept(signIn, ui.PostButton{Action: r.self(), Label: r.Say("web.send-again"), Fields: fields}),
		Status: http.StatusForbidden,
	}.ready(r)
	if err != nil {
		return nil
	}
	return reply
}
