package web

import (
	"errors"
	"net/http"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// A form that somebody writes in carries a mark that the browser makes: what is sent again, because
// no answer came, is taken once.
const (
	onceField    = "once"
	sentCookie   = "preau-sent"   // the mark of the form that the page before took
	resendHeader = "Preau-Resend" // a script sends a form that waited for the network: whose it is, as [Keeping.Who]
)

// Marks remembers the marks of the forms that were taken, for longer than a device sends one again.
type Marks interface {
	// Take notes that a form of somebody's is taken, and tells whether it was not before.
	Take(tx *db.Tx, person school.ID, mark string) (fresh bool, err error)
	// Release forgets one that was not taken after all.
	Release(tx *db.Tx, person school.ID, mark string) error
}

// maxMark is the longest mark.
const maxMark = 40

// errTaken is within the error of a form that was taken before.
var errTaken = errors.New("the form was taken before")

// mark is that of the form of the request; empty for one that has none.
func (r *Request) mark() string {
	if mark := r.PostForm.Get(onceField); len(mark) <= maxMark && r.SignedIn() && r.site.Marks != nil {
		return mark
	}
	return ""
}

// claim notes, in the transaction that takes a form, that it is taken; and undoes the
// transaction when it was before.
func (r *Request) claim() error {
	if r.isDevice() { // what it sends is no form
		return nil
	}
	mark := r.mark()
	if mark == "" {
		return nil
	}
	fresh, err := r.site.Marks.Take(r.Tx, r.Actor.Person, mark)
	if err == nil && !fresh {
		err = fail.New(fail.Conflict, "%w", errTaken)
	}
	return err
}

// release forgets the mark of a form that a handler of its own transaction took and then gave back
// to be corrected.
func (s *Site) release(r *Request) error {
	mark := r.mark()
	if mark == "" || !r.claimed {
		return nil
	}
	return s.DB.Write(r.Context(), func(tx *db.Tx) error { return s.Marks.Release(tx, r.Actor.Person, mark) })
}

// leaveSent tells the next page that the form of this request was taken.
func (r *Request) leaveSent() {
	if mark := r.mark(); mark != "" {
		r.setCookie(sentCookie, mark, time.Time{}, time.Minute)
	}
}

// takeSent gives the mark of the form that the page before took, once.
func (r *Request) takeSent() string {
	mark := r.cookie(sentCookie)
	if mark != "" && r.looks() {
		r.dropCookie(sentCookie)
	}
	return mark
}

// takenBefore leads back to the page of a form that was taken before, which says so.
func (r *Request) takenBefore() http.Handler {
	r.leaveSent()
	reply, err := Redirect{To: r.back(), Notice: "web.taken-before", Info: true}.ready(r)
	if err != nil {
		return lastResort(http.StatusConflict, r.ID)
	}
	return reply
}

// Resent tells whether a script sends the form: it follows no redirect and shows no page.
func (r *Request) Resent() bool {
	return r.Method == http.MethodPost && r.Header.Get(resendHeader) != ""
}

// refusedForm is what a script is told of a form that was not taken.
type refusedForm struct {
	Said string `json:"said"` // to the person: what happened, and what to do
}

// tell is the answer to a script that sent a form again: 204 once it is taken, this time or before.
func (r *Request) tell(reply http.Handler, err error) http.Handler {
	var answer JSON
	switch status := statusOf(r.Context(), err); {
	case errors.Is(err, errTaken), err == nil && !refused(reply):
		return &buffered{status: http.StatusNoContent}
	case err == nil: // the page of a form to correct
		answer = JSON{refusedForm{r.Say("web.resend-correct")}, http.StatusUnprocessableEntity}
	case errors.Is(err, errStepUp), status == http.StatusSeeOther:
		answer = JSON{refusedForm{r.Say("web.resend-sign-in")}, http.StatusUnauthorized}
	case errors.Is(err, errReadOnly):
		answer = JSON{refusedForm{r.Say("web.not-saved-text")}, status}
	default:
		answer = JSON{refusedForm{r.errorText(err, status, wordsOf[status])}, status}
	}
	told, err := answer.ready(r)
	if err != nil {
		return lastResort(http.StatusInternalServerError, r.ID)
	}
	return told
}
