// Package web is the portal as a web server: what a room shows of itself
// (Service, Card), where its pages are mounted (Mux), what its handlers are
// given (Request) and give back (Answer), and the only place where an error
// becomes a page.
//
// A handler is a function from a Request to an Answer or an error:
//
//	func (s *Service) show(r *web.Request) (web.Answer, error)
//
// It runs inside one transaction, r.Tx: a read for Get, a write for Post.
// The session, the rights of the actor and the handler's own statements see
// the same state of the register. Answers are made before the commit and sent
// after it: an error, or an answer whose status is 400 or more, leaves nothing
// behind, and nobody is told that something is done before it is. A [PDF] alone is
// drawn after the commit: what was done stays done when the drawing fails.
//
// Each route names its right on its line. Those without a session are
// declared as public, those that other sites may post to as foreign, each with
// its reason; [Site.Routes] lists them all. A route that is half-declared
// panics at start.
//
// What strangers can reach never holds a transaction: bodies are read before
// one is opened, and public and foreign posts open their own when they have
// something to write.
//
// A refusal looks exactly like an absence, and both look to a signed-out
// visitor like any page that needs a session.
//
// Who is behind a session is told by a [Doorkeeper], and what surrounds a page
// (navigation, footer) by Config.Frame: the portal implements both. The look of
// everything is core/ui's.
package web
