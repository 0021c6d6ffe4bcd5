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
	"preau/core/school"
	"preau/core/ui"
)

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
	if r.isDevice() {
		return r.plainly(err, status)
	}
	if r.called() {
		return r.tellCaller(err, status)
	}
	if errors.Is(err, errStepUp) {
		return r.askAgain()
	}
	if errors.Is(err, errTaken) {
		return r.takenBefore()
	}
	if status == http.StatusSeeOther {
		return r.askSignIn()
	}
	words, ok := wordsOf[status]
	if errors.Is(err, errReadOnly) {
		words = "web.not-saved"
	}
	if !ok {
		return lastResort(status, r.ID)
	}
	page := ui.ErrorPage{
		Code:      status,
		Title:     r.Say(words),
		Text:      r.errorText(err, status, words),
		Next:      append(r.wayOut(status), r.whom(status)...),
		RequestID: r.ID,
	}
	if status == http.StatusNotFound || status == http.StatusForbidden {
		page.Hats, page.Here = r.Hats, r.asked()
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
	var tooLarge *http.MaxBytesError
	known := errors.As(err, &e)
	switch {
	case known && e.Key != "" && e.Kind != fail.NotFound && r.site.Words.Has(e.Key):
		return r.Say(e.Key, e.Args...)
	case status == http.StatusMisdirectedRequest:
		return r.Say(words+"-text", r.site.url.String())
	case errors.As(err, &tooLarge):
		return r.Say(words+"-text", r.size(tooLarge.Limit))
	case status == http.StatusTooManyRequests && known && e.RetryAfter > 0:
		return r.Say("web.wait", int(math.Ceil(e.RetryAfter.Minutes())))
	}
	return r.Say(words + "-text")
}

// size says a number of bytes in round numbers.
func (r *Request) size(bytes int64) string {
	if bytes < 1<<20 {
		return r.Say("web.kilobytes", bytes>>10)
	}
	return r.Say("web.megabytes", bytes>>20)
}

// wayOut lists what one can do now, the best first.
func (r *Request) wayOut(status int) []ui.Link {
	home := ui.Link{Href: "/", Icon: ui.IconHome, Label: r.Say("web.home")}
	back := ui.Link{Href: r.back(), Icon: ui.IconBack, Label: r.Say("web.back")}
	again := ui.Link{Href: r.self(), Icon: ui.IconUndo, Label: r.Say("web.again")}
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

// helpPath is the page of the hall that says whom to call, by name: the head of the school first.
const helpPath = "/help"

// whom leads who is signed in to whom they may give the reference of what went wrong; somebody
// who has left has one page alone.
func (r *Request) whom(status int) []ui.Link {
	wrong := status == http.StatusInternalServerError || status == http.StatusServiceUnavailable
	if !wrong || !r.SignedIn() || r.Actor.Profile == school.Departed || r.URL.Path == helpPath {
		return nil
	}
	return []ui.Link{{Href: helpPath, Icon: ui.IconSupport, Label: r.Say("web.whom")}}
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
