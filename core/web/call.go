package web

import (
	"errors"
	"net/http"
)

// Done tells a script that something is done: by a status and headers, without a body.
type Done struct {
	Status int // 204 when zero
	Header http.Header
}

func (a Done) ready(*Request) (http.Handler, error) {
	if a.Status == 0 {
		a.Status = http.StatusNoContent
	}
	return &buffered{status: a.Status, header: a.Header}, nil
}

// Refuse gives an error a status that its kind has not, and that a protocol asks for: 410, 412, 413, 415.
func Refuse(status int, err error) error { return &refusal{status: status, cause: err} }

// called tells whether a script asks, by a route of [Mux.Call].
func (r *Request) called() bool { return r.route != nil && r.route.Called }

// tellCaller explains an error to a script: by a status, and a sentence that it may show.
func (r *Request) tellCaller(err error, status int) http.Handler {
	var text string
	switch words, known := wordsOf[status]; {
	case errors.Is(err, errStepUp), status == http.StatusSeeOther:
		status, text = http.StatusUnauthorized, r.Say("web.resend-sign-in")
	case errors.Is(err, errReadOnly):
		text = r.Say("web.not-saved-text")
	case known:
		text = r.errorText(err, status, words)
	default:
		text = r.errorText(err, status, wordsOf[http.StatusBadRequest])
	}
	return &buffered{status: status, contentType: "text/plain; charset=utf-8", header: errorHeader(err, status), body: []byte(text)}
}
