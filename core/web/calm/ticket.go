package calm

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"io"
	"time"

	"preau/core/audience"
	"preau/core/school"
)

// TicketLife is how long a ticket is worth something.
const TicketLife = 30 * time.Minute

const (
	// renewAfter is how old the ticket is that a page renews.
	renewAfter = 4 * time.Minute
	// maxTicket is how long a ticket may be, as a cookie: whoever holds more has none.
	maxTicket = 2800
	// maxOpened is how long it may be once it is opened.
	maxOpened = 64 << 10
	ticketUse = "calm ticket"
)

// Held is an audience that somebody holds, for a child of theirs or for none (0).
type Held struct {
	Audience audience.ID `json:"a"`
	Child    school.ID   `json:"c,omitempty"`
}

// Ticket says what somebody may read of the snapshot. A browser keeps it, sealed.
type Ticket struct {
	Person  school.ID            `json:"p"`
	Session school.ID            `json:"s"`
	Profile school.Profile       `json:"h"`
	Issued  time.Time            `json:"i"`
	Until   time.Time            `json:"u"`
	Held    []Held               `json:"l"`
	Names   map[school.ID]string `json:"n,omitempty"` // first names of their children
}

// Holder is who asks for a ticket, with the hat that they wear.
type Holder struct {
	Person, Session school.ID
	Profile         school.Profile
	Held            audience.Holdings    // now, with that hat
	Names           map[school.ID]string // first names of their children
	Until           time.Time            // when something of it ends that Held does not say; zero: it does not
}

// ticket makes the ticket of a holder at an instant. It ends no later than anything that is
// held.
func (h Holder) ticket(now time.Time) Ticket {
	t := Ticket{Person: h.Person, Session: h.Session, Profile: h.Profile, Issued: now, Until: now.Add(TicketLife), Names: h.Names}
	ends := func(at time.Time) {
		if !at.IsZero() && at.Before(t.Until) {
			t.Until = at
		}
	}
	ends(h.Until)
	for _, one := range h.Held {
		ends(one.Until)
		t.Held = append(t.Held, Held{one.ID(), one.Child})
	}
	return t
}

// Issue gives the ticket of a holder, sealed and bound to the token of their session: with
// another it does not open. It is empty for whoever holds too much for a cookie.
func (c *Calm) Issue(h Holder, now time.Time, token string) (string, error) {
	text, err := json.Marshal(h.ticket(now))
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.DefaultCompression)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return "", err
	}
	sealed := base64.RawURLEncoding.EncodeToString(c.Key.Seal(ticketUse, packed.Bytes(), []byte(token)))
	if len(sealed) > maxTicket {
		return "", nil
	}
	return sealed, nil
}

// Open gives a ticket that came with the token of a session. One that is forged, of another
// session or of another installation, over, or void, is none.
func (c *Calm) Open(sealed, token string) (Ticket, bool) {
	if sealed == "" || token == "" || len(sealed) > maxTicket {
		return Ticket{}, false
	}
	packed, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return Ticket{}, false
	}
	if packed, err = c.Key.Open(ticketUse, packed, []byte(token)); err != nil {
		return Ticket{}, false
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxOpened))
	if err != nil {
		return Ticket{}, false
	}
	var t Ticket
	if err := json.Unmarshal(text, &t); err != nil {
		return Ticket{}, false
	}
	now := c.DB.Now()
	if !t.Until.After(now) || t.Issued.After(now.Add(skew)) || t.Issued.Before(now.Add(-TicketLife)) {
		return Ticket{}, false
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	return t, !c.void.voids(t)
}

// Renews tells whether a page that is shown gives a new ticket in the place of one.
func (c *Calm) Renews(t Ticket) bool { return c.DB.Now().Sub(t.Issued) >= renewAfter }

// about lists what a ticket names: whoever changes one of them voids it.
func (t Ticket) about() []school.ID {
	ids := []school.ID{0, t.Person, t.Session}
	for _, held := range t.Held {
		ids = append(ids, held.Child)
		if a, err := audience.Parse(held.Audience); err == nil {
			ids = append(ids, a.Of)
		}
	}
	return ids
}
