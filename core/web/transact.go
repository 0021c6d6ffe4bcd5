package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web/calm"
)

// transact runs the handler in the transaction that its route asks for. For
// what writes the door is first passed in a read, so that nobody waits for the
// only writer, or holds it, without having a right to; what the write sees
// decides.
func (s *Site) transact(r *Request) (reply http.Handler, err error) {
	if r.isDevice() {
		return s.carried(r)
	}
	if r.token == "" { // nothing to resolve: a stranger costs no transaction
		if err := s.admit(r); err != nil {
			return nil, err
		}
	}
	enter := func(tx *db.Tx) error { return s.enter(r, tx) }
	inside := func(tx *db.Tx) error {
		if err := enter(tx); err != nil {
			return err
		}
		return r.with(func() error {
			if err := r.claim(); err != nil {
				return err
			}
			reply, err = s.handle(r)
			if err == nil && refused(reply) {
				return errRefused
			}
			if err == nil && r.Method == http.MethodGet {
				err = s.renewTicket(r, reply)
			}
			return err
		})(tx)
	}
	ctx, let := s.reads(r)
	defer let()
	switch route := r.route; {
	case route == nil, route.noTx:
		if r.token != "" {
			err = s.DB.Read(ctx, enter)
		}
		if err == nil {
			reply, err = s.handle(r)
		}
		if err == nil && refused(reply) {
			err = s.release(r)
		}
	case route.safe() && !route.journal:
		err = s.DB.Read(ctx, inside)
	default:
		if err = s.DB.Read(ctx, enter); err == nil {
			r.writing = true
			err = s.write(r.Context(), inside)
		}
	}
	if errors.Is(err, errRefused) {
		err = nil
	}
	if page := s.giveBack(r, err); page != nil {
		reply, err = page, nil
	}
	if err == nil && r.looks() {
		err = s.noted(r)
	}
	return reply, err
}

// seenPatience is how long a page waits for its reader to be noted, and crowdPatience where
// others are turned away: then forms fill the queue of the only writer, and who reads would
// wait as long as they do. What is not noted stays new to its reader, and is noted when they
// open it again.
const seenPatience, crowdPatience = 2 * time.Second, 100 * time.Millisecond

// noted writes what a handler noted. Where that is only who read the page, the page waits
// for a moment, and no more.
func (s *Site) noted(r *Request) error {
	switch {
	case len(r.notes) > 0:
		return s.inTurn(r.Context(), r)
	case len(r.seen) == 0:
		return nil
	}
	patience := seenPatience
	if s.Calm != nil && s.Calm.Crowds() {
		patience = crowdPatience
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	err := s.inTurn(ctx, r)
	if err != nil && (statusOf(ctx, err) == http.StatusServiceUnavailable || s.away()) {
		s.Log.Warn("who read a page is not noted", "id", r.ID, "err", err)
		return nil
	}
	return err
}

// inTurn writes the notes of a request, among those that write and no more among those that
// read: who waits for the only writer keeps nobody from reading, and no more wait for it than
// a gate lets in.
func (s *Site) inTurn(ctx context.Context, r *Request) error {
	r.leaves()
	if s.Calm != nil {
		leave, ok := s.Calm.Enter(ctx, true, r.SignedIn())
		if !ok {
			return fail.New(fail.Unavailable, "no place among those that write: %s", calm.Crowded).After(calm.Retry())
		}
		defer leave()
	}
	return s.write(ctx, r.note)
}

// away tells whether the node knows that its database does not answer.
func (s *Site) away() bool { return s.Calm != nil && s.Calm.Away() }

// write runs a handler, or a part of one, in a transaction that writes, and has what
// the breaker stopped in it settled once it is rolled back.
func (s *Site) write(ctx context.Context, f func(*db.Tx) error) error {
	err := s.DB.Write(ctx, f)
	if err != nil && s.Breaker != nil {
		err = s.Breaker.Settle(ctx, err)
	}
	return err
}

// note writes what a handler noted.
func (r *Request) note(tx *db.Tx) error {
	return r.with(func() error {
		for _, f := range slices.Concat(r.notes, r.seen) {
			if err := f(tx); err != nil {
				return err
			}
		}
		return nil
	})(tx)
}

// errRefused rolls back the transaction of an answer that says no.
var errRefused = errors.New("the answer is a refusal")

// refused tells whether an answer says no: its status is 400 or more.
func refused(reply http.Handler) bool {
	b, ok := reply.(*buffered)
	return ok && b.status >= http.StatusBadRequest
}

// enter finds who asks, and refuses whoever may not use the route. What was read of them
// before is forgotten.
func (s *Site) enter(r *Request, tx *db.Tx) error {
	visitor, err := s.whoAsks(r, tx)
	if err != nil {
		return err
	}
	r.Visitor, r.held, r.above = visitor, nil, nil
	if r.Actor.Profile == school.Pupil {
		r.ToChild()
	}
	if r.SignedIn() {
		if err := r.with(r.readAlerts)(tx); err != nil {
			return err
		}
	}
	return s.admit(r)
}

// readAlerts reads what the visitor is told on every page.
func (r *Request) readAlerts() error {
	r.alerts = nil
	for _, alerter := range r.site.alerters {
		more, err := alerter.Alerts(r)
		if err != nil {
			return err
		}
		r.alerts = append(r.alerts, more...)
	}
	return nil
}

// Alerted tells whether what is at a path is told at the top of the page already.
func (r *Request) Alerted(path string) bool {
	return slices.ContainsFunc(r.alerts, func(a ui.Alert) bool { return a.Link.Href == path })
}

// admit refuses a visitor who may not use the route. To a signed-out one,
// what does not exist looks like what needs a session.
func (s *Site) admit(r *Request) error {
	route := r.route
	switch {
	case route != nil && !route.needsRight():
		return nil
	case !r.SignedIn():
		return fail.New(fail.SignIn, "no session")
	case r.Resent() && r.Header.Get(resendHeader) != r.Keeps.Who:
		return fail.New(fail.SignIn, "somebody else wrote what is sent again")
	case route == nil && r.found.status == http.StatusMethodNotAllowed:
		return &refusal{status: r.found.status, cause: errors.New("no such method"), allow: r.found.header.Get("Allow")}
	case route == nil:
		return fail.New(fail.NotFound, "no such address")
	case !s.Rights.Allows(r.Actor, route.Right):
		return fail.New(fail.NotFound, "%s of %s does not hold %s", r.Actor.Profile, r.Actor.Person, route.Right)
	case r.ReadOnly && r.changes() && !route.always:
		return fail.New(fail.Unavailable, "%s: %w", r.Actor.Person, errReadOnly)
	case route.journal && slices.Contains([]string{"cross-site", "same-site"}, r.Header.Get("Sec-Fetch-Site")):
		// A page of another site must not have somebody take names out again and again.
		return fail.New(fail.Forbidden, "asked for from another site")
	case route.StepUp && r.Reprove != "":
		return fail.New(fail.SignIn, "%s: %w", r.Actor.Person, errStepUp)
	}
	why, shut := r.holdsShut(route.Right)
	if !shut && route.writesIn != "" {
		why, shut = r.shut(route.writesIn)
	}
	if shut && r.changes() && !route.SaysShut {
		return r.refused(why, fail.Forbidden)
	}
	return nil
}

// errReadOnly is within the error of a visitor who writes while they may only read.
var errReadOnly = errors.New("only reads for now")

// errStepUp is within the error of a visitor who has to prove again who they
// are.
var errStepUp = errors.New("proved too long ago")

// visitor resolves a session; none is a visitor who is signed out.
func (s *Site) visitor(tx *db.Tx, token string) (Visitor, error) {
	if token == "" {
		return Visitor{}, nil
	}
	visitor, err := s.Doors.Visitor(tx, token)
	if fail.Is(err, fail.SignIn) {
		return Visitor{}, nil
	}
	if err != nil {
		return Visitor{}, fmt.Errorf("resolving a session: %w", err)
	}
	return visitor, nil
}
