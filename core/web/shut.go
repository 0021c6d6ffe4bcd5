package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
)

// Shut is a service in which nothing new is written: in a school, or by somebody in any of
// theirs. What is written there is read.
type Shut struct {
	Service string
	Stopped bool   // in an emergency, for a time; else a school has chosen to work without it
	Reason  string // of a stop, as those whom it stops read it
}

// Same tells whether another is about the same service.
func (s Shut) Same(other Shut) bool { return s.Service == other.Service }

// shut is why the visitor writes nothing new in a service, if they do not.
func (v Visitor) shut(service string) (why Shut, is bool) {
	i := slices.IndexFunc(v.Shut, func(s Shut) bool { return s.Service == service })
	if i < 0 {
		return Shut{}, false
	}
	return v.Shut[i], true
}

// Without tells whether none of the visitor's schools works with a service. One that is
// stopped for a time is theirs still.
func (v Visitor) Without(service string) bool {
	why, is := v.shut(service)
	return is && !why.Stopped
}

// holdsShut tells whether a right is of a service in which the visitor writes nothing new,
// and why they do not.
func (r *Request) holdsShut(right rights.Right) (Shut, bool) {
	service, publishes := r.site.publishes[right]
	if !publishes || r.refusal != nil {
		return Shut{}, false
	}
	return r.shut(service)
}

// Shuts is nil where those who wear a hat may write something new in a service, in a school;
// else fail.Conflict, with a sentence that says why they may not: a room that has the right
// asked elsewhere ties it to a field of its form, see [SaysShut].
func (r *Request) Shuts(service string, at school.ID, profile school.Profile) error {
	return r.shuts(service, at, profile, fail.Conflict)
}

func (r *Request) shuts(service string, at school.ID, profile school.Profile, kind fail.Kind) error {
	if r.refusal != nil { // the form is made as it was while the service was open
		return nil
	}
	shut, err := r.site.Doors.Shut(r.Tx, at, profile)
	if err != nil {
		return err
	}
	if why, is := (Visitor{Shut: shut}).shut(service); is {
		return r.refused(why, kind)
	}
	return nil
}

// refused is the refusal of whoever writes in a service that is shut.
func (r *Request) refused(why Shut, kind fail.Kind) error {
	key, args := r.sentence(why)
	return fail.New(kind, "%s of %s: %w", r.Actor.Profile, r.Actor.Person, &shutError{why.Service}).Say(key, args...)
}

// shutError is within the error of whoever writes in a service that is shut.
type shutError struct{ service string }

func (e *shutError) Error() string { return e.service + " is shut" }

// giveBack makes the form that was refused because a service is shut once more, with all that was
// typed in it: its handler runs as if the service was open still, nothing of what it does remains,
// and the page that it answers says at its head why nothing was sent. It is nil where the handler
// answers no page, and to a script, which shows none: the refusal itself is said.
func (s *Site) giveBack(r *Request, refusal error) (page http.Handler) {
	var shut *shutError
	if r.route == nil || r.route.Method != http.MethodPost || r.called() || r.Resent() || !errors.As(refusal, &shut) {
		return nil
	}
	clear(r.header)
	r.refusal = refusal
	defer func() { r.refusal = nil }()
	handle := func() (err error) {
		page, err = s.handle(r)
		return err
	}
	var err error
	if r.route.noTx { // it opens its own transactions
		err = handle()
	} else {
		err = r.Write(handle)
	}
	if shown, is := page.(*buffered); err != nil || !is || shown.contentType != htmlType {
		discard(page)
		return nil
	}
	return page
}

// sentence says why nothing new is written in a service.
func (r *Request) sentence(why Shut) (key string, args []any) {
	title := r.Say(why.Service + ".title")
	switch {
	case !why.Stopped:
		return "web.shut", []any{title}
	case r.Printer.Child: // the reason is said among adults
		return "web.stopped-child", []any{title}
	}
	return "web.stopped", []any{title, why.Reason}
}

// shutNotice is what every page of a service says while the visitor writes nothing new there; that
// of a form that is given back says that it was not sent.
func (r *Request) shutNotice() []ui.Notice {
	if r.refusal != nil {
		why := r.errorText(r.refusal, http.StatusForbidden, wordsOf[http.StatusForbidden])
		return []ui.Notice{{Kind: ui.Danger, Title: r.Say("web.not-sent"), Text: why + " " + r.Say("web.not-sent-kept")}}
	}
	if r.route == nil || r.route.Kind != Protected {
		return nil
	}
	service, _, _ := strings.Cut(strings.TrimPrefix(r.route.Pattern, "/"), "/")
	why, is := r.shut(service)
	if !is {
		return nil
	}
	key, args := r.sentence(why)
	return []ui.Notice{{Kind: ui.Warning, Text: r.Say(key, args...)}}
}
