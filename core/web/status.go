package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"preau/core/fail"
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

// statusClientGone is what the log shows of a request whose browser left
// before the answer; nobody receives it.
const statusClientGone = 499

// statusOf gives the status of an error: the one place where it is decided.
func statusOf(ctx context.Context, err error) int {
	var refused *refusal
	if errors.As(err, &refused) {
		return refused.status
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
