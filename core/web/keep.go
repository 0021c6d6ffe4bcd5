package web

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"preau/core/ui"
)

// Keeping is what the device of a visitor may keep for them; the zero Keeping is nothing.
type Keeping struct {
	// Who names whom it is kept for, and tells nothing else: "person.hat", the same in all of
	// their sessions. Browsers forget what they kept for another person.
	Who   string
	Until time.Time // the session ends then, and what it read with it
}

// keptFor is how long a device keeps a page that nobody reads again.
const keptFor = 14 * 24 * time.Hour

// The headers that a service worker reads (core/ui/scripts/sw.js). Without the second, a page is
// not kept.
const (
	personHeader = "Preau-Person" // who reads, as [Keeping.Who]; nobody of whom a device keeps something
	keepHeader   = "Preau-Keep"   // "v=VERSION; max-age=SECONDS"
)

// keepsNothing is the person of a device that others use.
const keepsNothing = "none"

// Keep lets the visitor's own device keep the page that is answered, to be read where there is no
// network. The version is what may be taken back or changed in it: when a device asks later, by
// HEAD, and gets another one, it forgets its copy. What depends on the hour alone is no part of it.
//
// A page that is read says so. One that is filled in (but that of an absence, which a family tells
// from anywhere), that sets something or that lists people does not: what it has on a device that
// is lost is not worth what it gives offline.
func (r *Request) Keep(version ...any) {
	var parts []byte
	for _, part := range version {
		parts = strconv.AppendQuote(parts, fmt.Sprint(part)) // two texts side by side are told apart from one
	}
	sum := sha256.Sum256(parts)
	r.version = base64.RawURLEncoding.EncodeToString(sum[:9])
}

// keeping tells a page, and who carries it, what is kept of it.
func (r *Request) keeping(status int, h http.Header) (k ui.Keep) {
	if !r.SignedIn() {
		return k
	}
	h.Set(personHeader, keepsNothing)
	if r.Keeps.Who == "" {
		return k
	}
	h.Set(personHeader, r.Keeps.Who)
	k.Who, k.Sent = r.Keeps.Who, r.takeSent()
	now := r.site.DB.Now()
	life := min(keptFor, r.Keeps.Until.Sub(now))
	if r.version == "" || status != 0 && status != http.StatusOK || r.Method == http.MethodPost || life < time.Second {
		return k
	}
	h.Set(keepHeader, "v="+r.version+"; max-age="+strconv.Itoa(int(life.Seconds())))
	k.Read = r.Printer.Instant(now)
	return k
}

// looks tells whether somebody gets to see the answer: a device that asks whether what it keeps
// still holds gets no page, and nobody reads it.
func (r *Request) looks() bool { return r.Method != http.MethodHead }
