package account

import (
	"net/netip"

	"preau/core/audit"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web"
)

// Origin is where a request comes from.
type Origin struct {
	IP      netip.Addr
	Agent   string // User-Agent
	Device  string // what a sign-in before left in the browser; may be empty
	Request string // identifier of the request
	Turn    string // in the queue at the door, which gave it before; may be empty
	// ClassDoor is the way into a class that the browser keeps; may be empty.
	ClassDoor string
	Said      Sharing   // by whoever signs in, of the device: [Own], [Shared] or nothing
	Lang      i18n.Lang // of the page; empty: not known
}

// OriginOf is where a request of the portal comes from.
func OriginOf(r *web.Request) Origin {
	return Origin{IP: r.IP, Agent: r.UserAgent(), Device: r.Device(), Request: r.ID, ClassDoor: r.ClassDoor(), Lang: r.Printer.Lang}
}

// by is who acts from there; 0 for a visitor.
func (o Origin) by(person school.ID) audit.By { return audit.By{Actor: person, Request: o.Request} }

func (o Origin) address() string {
	if !o.IP.IsValid() {
		return ""
	}
	return o.IP.String()
}

func (o Origin) browser() string { return cut(o.Agent, maxAgent) }
