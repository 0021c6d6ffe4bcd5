package web

import (
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
	if !publishes {
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
	return fail.New(kind, "%s is shut to %s as %s", why.Service, r.Actor.Person, r.Actor.Profile).Say(key, args...)
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

// shutNotice is what every page of a service says while the visitor writes nothing new there.
func (r *Request) shutNotice() []ui.Notice {
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
