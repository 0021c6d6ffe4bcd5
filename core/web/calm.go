package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web/calm"
)

// served does what is asked, or serves what a calm node can: when the database does not
// answer, which the last probe found or this request finds, and when more ask than the node
// can answer.
func (s *Site) served(r *Request) (http.Handler, error) {
	if s.Calm == nil {
		return s.transact(r)
	}
	if s.Calm.Away() && !r.needsNothing() {
		return s.turnAway(r, calm.Unreachable)
	}
	if r.holdsTransaction() {
		leave, ok := s.Calm.Enter(r.Context(), r.writes(), s.knows(r))
		if !ok {
			return s.turnAway(r, calm.Crowded)
		}
		r.leave = leave
		defer leave()
	}
	reply, err := s.transact(r)
	if err != nil && !r.writing && statusOf(r.Context(), err) >= http.StatusInternalServerError && s.Calm.Probe(r.Context()) {
		return s.turnAway(r, calm.Unreachable)
	}
	return reply, err
}

// needsNothing tells whether a request may be answered without the database: what strangers
// read of the house itself.
func (r *Request) needsNothing() bool {
	return r.route != nil && r.route.Kind == Public && r.route.Method == http.MethodGet && r.route.noTx && r.token == ""
}

// holdsTransaction tells whether a request holds a transaction for as long as it is under
// way: those that take long open their own when they need one.
func (r *Request) holdsTransaction() bool { return r.route != nil && !r.route.noTx }

// writes tells whether it holds one that writes.
func (r *Request) writes() bool { return !r.route.safe() || r.route.journal }

// knows tells whether a request comes with the ticket of somebody who is signed in. It asks
// nothing of the database.
func (s *Site) knows(r *Request) bool {
	_, ok := s.Calm.Open(r.cookie(ticketCookie), r.token)
	return ok
}

// leaves gives back the place of a request among those under way.
func (r *Request) leaves() {
	if r.leave != nil {
		r.leave()
	}
}

// reads is the context of the transactions of a request that read: where the node may be
// calm, it ends when the database is away.
func (s *Site) reads(r *Request) (context.Context, func()) {
	if s.Calm == nil {
		return r.Context(), func() {}
	}
	return s.Calm.While(r.Context())
}

// renewTicket gives the browser of whoever reads a page a ticket for when the node is calm, in
// the place of one that is old. A device that others use has none.
func (s *Site) renewTicket(r *Request, reply http.Handler) error {
	page, ok := reply.(*buffered)
	if s.Calm == nil || !ok || page.contentType != htmlType || !r.SignedIn() {
		return nil
	}
	if r.Session == 0 {
		r.dropTicket()
		return nil
	}
	if t, good := s.Calm.Open(r.cookie(ticketCookie), r.token); good && !s.Calm.Renews(t) {
		return nil
	}
	holder, err := s.Calm.Holder(r.Tx, r.Actor.Person, r.Actor.Profile)
	if err != nil {
		return err
	}
	holder.Person, holder.Profile, holder.Session = r.Actor.Person, r.Actor.Profile, r.Session
	if holder.Until.IsZero() || r.Ends.Before(holder.Until) {
		holder.Until = r.Ends
	}
	ticket, err := s.Calm.Issue(holder, r.Tx.Now, r.token)
	if err != nil {
		return err
	}
	if ticket == "" {
		r.dropTicket()
		return nil
	}
	r.setCookie(ticketCookie, ticket, time.Time{}, calm.TicketLife)
	return nil
}

// dropTicket makes the browser forget its ticket, if it has one.
func (r *Request) dropTicket() {
	if r.cookie(ticketCookie) != "" {
		r.dropCookie(ticketCookie)
	}
}

// turnAway answers what is not done. A page becomes the words of the day; what was to be
// written comes back to whoever wrote it; a program is told when to come back.
func (s *Site) turnAway(r *Request, why calm.Reason) (http.Handler, error) {
	r.calm = why
	if r.isDevice() {
		s.Calm.Refused()
		return nil, fail.New(fail.Unavailable, "nothing is done: %s", why).After(calm.Retry())
	}
	if r.signsOut() {
		s.Calm.Served()
		return r.calmOut()
	}
	if (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.navigates() {
		s.Calm.Served()
		return s.calmPage(r)
	}
	s.Calm.Refused()
	refused := fail.New(fail.Unavailable, "nothing is done: %s", why).After(calm.Retry())
	if r.Method != http.MethodPost || r.called() {
		return nil, refused
	}
	if reply := r.calmForm(refused); reply != nil {
		return reply, nil
	}
	return nil, refused.Say("web.calm-lost")
}

// navigates tells whether somebody looks at what a request gives: it is no image, nor what
// a script asks for, nor a file to be kept. What a service worker passes on of a browser that
// goes to a page has no destination any more, and is a navigation still.
func (r *Request) navigates() bool {
	dest := r.Header.Get("Sec-Fetch-Dest")
	passedOn := dest == "empty" && r.Header.Get("Sec-Fetch-Mode") == "navigate"
	return (dest == "" || dest == "document" || passedOn) && strings.Contains(r.Header.Get("Accept"), "text/html") && (r.route == nil || !r.route.journal)
}

// calmHeader tells a device that an answer says nothing of the page that was asked for: what it
// keeps of that one stays.
const calmHeader = "Preau-Calm"

// calmView is the page of a calm node.
type calmView struct {
	calm.Page
	Mine   bool   // it is what somebody reads by their ticket
	Poster bool   // it is what anybody reads of a public page
	Again  string // the address that was asked for
	Now    time.Time
}

// calmPage shows the words of the day: of a public page, where anybody reads one, else of
// whom the ticket says. Nothing keeps it on its way.
func (s *Site) calmPage(r *Request) (http.Handler, error) {
	v := calmView{Again: r.self(), Now: s.DB.Now()}
	if poster := s.Calm.Poster(r.URL.Path); len(poster.Lines) > 0 {
		v.Page, v.Poster = poster, true
	} else if ticket, ok := s.Calm.Open(r.cookie(ticketCookie), r.token); ok {
		if ticket.Profile == school.Pupil {
			r.ToChild()
		}
		v.Page, v.Mine = s.Calm.Words(ticket), true
	}
	reply, err := Page{Title: r.Say("web.calm"), Body: calmPage(v), Private: true}.ready(r)
	if page, ok := reply.(*buffered); ok {
		page.header = http.Header{"X-Robots-Tag": {"noindex"}, calmHeader: {"1"}}
	}
	return reply, err
}

// signsOut tells whether the visitor asks to be signed out.
func (r *Request) signsOut() bool {
	return r.route != nil && r.route.Method == http.MethodPost && r.route.Pattern == signOut
}

// calmOut signs the visitor out of the browser, which needs no database: whoever sits there
// next reads nothing of theirs. The session itself ends at its hour, and nobody has what
// opens it any more.
func (r *Request) calmOut() (http.Handler, error) {
	r.ClearSession()
	r.Visitor, r.token = Visitor{}, "" // who is out is nobody on the page
	return Page{Title: r.Say("web.calm-out"), Body: calmOut(), Private: true}.ready(r)
}

// calmForm gives back what a form held that was not written, to be sent again; nil when
// there is nothing to give.
func (r *Request) calmForm(refused error) http.Handler {
	fields := r.givenBack()
	if fields == nil {
		return nil
	}
	again := ui.PostButton{Action: r.self(), Label: r.Say("web.calm-send"), Fields: fields}
	reply, err := Page{Title: r.Say("web.calm-kept"), Body: calmKept(again), Status: http.StatusServiceUnavailable}.ready(r)
	if err != nil {
		return nil
	}
	page := reply.(*buffered)
	page.header = errorHeader(refused, http.StatusServiceUnavailable)
	return page
}
