package web

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"preau/core/fail"
	"preau/core/ui"
)

// refusal is what HTTP itself refuses, beside the kinds of core/fail.
type refusal struct {
	status int
	cause  error
	allow  string // the methods that would be accepted
}

func (e *refusal) Error() string { return e.cause.Error() }
func (e *refusal) Unwrap() error { return e.cause }

// panicked is a handler that panicked.
type panicked struct {
	value any
	stack []byte
}

func (e *panicked) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// unreadable explains why a body could not be taken in.
func unreadable(err error) error {
	status := http.StatusBadRequest
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		status = http.StatusRequestEntityTooLarge
	case timeout(err):
		status = http.StatusRequestTimeout
	}
	return &refusal{status: status, cause: fmt.Errorf("reading the body: %w", err)}
}

func timeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// statusClientGone is what the log shows of a request whose browser left
// before the answer; nobody receives it.
const statusClientGone = 499

// statusOf gives the status of an error: the one place where it is decided.
func statusOf(ctx context.Context, err error) int {
	var refused *refusal
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &refused):
		return refused.status
	case errors.As(err, &tooLarge): // met by a handler that reads its own body
		return http.StatusRequestEntityTooLarge
	}
	switch fail.KindOf(err) {
	case fail.NotFound:
		return http.StatusNotFound
	case fail.Conflict:
		return http.StatusConflict
	case fail.Invalid:
		return http.StatusUnprocessableEntity
	case fail.Forbidden:
		return http.StatusForbidden
	case fail.SignIn:
		return http.StatusSeeOther
	case fail.TooMany:
		return http.StatusTooManyRequests
	case fail.Unavailable:
		return http.StatusServiceUnavailable
	}
	switch ctx.Err() {
	case context.DeadlineExceeded:
		return http.StatusServiceUnavailable
	case context.Canceled:
		return statusClientGone
	}
	return http.StatusInternalServerError
}

// wordsOf holds the key of the title that goes with a status; the sentence
// below it has the same key with "-text".
var wordsOf = map[int]string{
	http.StatusBadRequest:            "web.unreadable",
	http.StatusForbidden:             "web.forbidden",
	http.StatusNotFound:              "web.not-found",
	http.StatusMethodNotAllowed:      "web.not-found",
	http.StatusRequestTimeout:        "web.slow-line",
	http.StatusConflict:              "web.conflict",
	http.StatusRequestEntityTooLarge: "web.too-large",
	http.StatusMisdirectedRequest:    "web.misdirected",
	http.StatusUnprocessableEntity:   "web.invalid",
	http.StatusTooManyRequests:       "web.too-many",
	http.StatusInternalServerError:   "web.fault",
	http.StatusServiceUnavailable:    "web.unavailable",
}

// explain makes the answer that takes the place of the one that failed. The
// error itself goes to the log; people read what happened, in their
// language, and what they can do now.
func (s *Site) explain(r *Request, err error) (reply http.Handler) {
	status := statusOf(r.Context(), err)
	r.Request = r.WithContext(context.WithoutCancel(r.Context())) // a page is not rendered past its time
	defer func() {
		if p := recover(); p != nil { // the page of the error has an error
			s.Log.Error("the error page failed", "id", r.ID, "panic", fmt.Sprint(p))
			reply = lastResort(status, r.ID)
		}
	}()
	if status == http.StatusSeeOther {
		return r.askSignIn()
	}
	words, ok := wordsOf[status]
	if !ok {
		return lastResort(status, r.ID)
	}
	page := ui.ErrorPage{
		Code:      status,
		Title:     r.Say(words),
		Text:      r.errorText(err, status, words),
		Next:      r.wayOut(status),
		RequestID: r.ID,
	}
	shown, err2 := Page{Title: page.Title, Body: page, Status: status}.ready(r)
	if err2 != nil {
		s.Log.Error("the error page failed", "id", r.ID, "err", err2)
		return lastResort(status, r.ID)
	}
	answer := shown.(*buffered)
	answer.header = errorHeader(err, status)
	return answer
}

// errorText is the sentence of an error page: the error's own when it has
// one. An absence has none, so that a refusal cannot be told from it.
func (r *Request) errorText(err error, status int, words string) string {
	var e *fail.Error
	known := errors.As(err, &e)
	switch {
	case known && e.Key != "" && e.Kind != fail.NotFound && r.site.Words.Has(e.Key):
		return r.Say(e.Key, e.Args...)
	case status == http.StatusMisdirectedRequest:
		return r.Say(words+"-text", r.site.url.String())
	case status == http.StatusTooManyRequests && known && e.RetryAfter > 0:
		return r.Say("web.wait", int(math.Ceil(e.RetryAfter.Minutes())))
	}
	return r.Say(words + "-text")
}

// wayOut lists what one can do now, the best first.
func (r *Request) wayOut(status int) []ui.Link {
	home := ui.Link{Href: "/", Icon: ui.IconHome, Label: r.Say("web.home")}
	back := ui.Link{Href: r.back(), Icon: ui.IconBack, Label: r.Say("web.back")}
	again := ui.Link{Href: r.URL.RequestURI(), Icon: ui.IconUndo, Label: r.Say("web.again")}
	switch status {
	case http.StatusMisdirectedRequest:
		home.Href = r.site.Absolute("/")
		return []ui.Link{home}
	case http.StatusConflict, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge, http.StatusBadRequest, http.StatusRequestTimeout:
		return []ui.Link{back, home}
	case http.StatusServiceUnavailable, http.StatusInternalServerError, http.StatusTooManyRequests:
		if r.Method == http.MethodGet {
			return []ui.Link{again, home}
		}
		return []ui.Link{back, home}
	}
	return []ui.Link{home}
}

// errorHeader holds what programs read of an error.
func errorHeader(err error, status int) http.Header {
	h := http.Header{}
	var refused *refusal
	if errors.As(err, &refused) && refused.allow != "" {
		h.Set("Allow", refused.allow)
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		wait := 10 * time.Second
		var e *fail.Error
		if errors.As(err, &e) && e.RetryAfter > 0 {
			wait = e.RetryAfter
		}
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	}
	return h
}

// lastResort is the page when no page can be made.
func lastResort(status int, id string) http.Handler {
	return &buffered{
		status:      status,
		contentType: "text/plain; charset=utf-8",
		body:        fmt.Appendf(nil, "Préau : erreur %d, référence %s\n", status, id),
	}
}

// askSignIn leads a visitor without a session to the page of sign-in, and
// from there to where they were going. What a form held when its session
// ended is not lost: it comes back as a page from which it can be sent again.
func (r *Request) askSignIn() http.Handler {
	if r.Method == http.MethodPost {
		if kept := r.keptForm(); kept != nil {
			return kept
		}
	}
	next := r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		next = r.back()
	}
	to := Redirect{To: signInFor(next)}
	if r.token != "" {
		to.Notice, to.info = "web.session-ended", true
		r.dropCookie(sessionCookie)
	}
	reply, err := to.ready(r)
	if err != nil { // an address that no browser would ask for
		return &buffered{status: http.StatusSeeOther, location: signIn}
	}
	return reply
}
