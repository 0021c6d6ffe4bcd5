package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"preau/core/i18n"
	"preau/core/ui"
)

// The cookies. Under https each name has the prefix __Host-, with which
// browsers take it from this host alone, under TLS, for the whole site (RFC
// 6265bis, 4.1.3.2). On a loopback address, which has no TLS, the prefix and
// Secure are left out.
const (
	sessionCookie = "preau"
	noticeCookie  = "preau-notice" // what the page before did
	langCookie    = "preau-lang"
	deviceCookie  = "preau-device"  // tells that people signed in on it
	classCookie   = "preau-class"   // the way into a class, for its pupils
	errandCookie  = "preau-errand"  // of whoever proves elsewhere who they are
	vouchedCookie = "preau-vouched" // of whoever brought the proof back
	ticketCookie  = "preau-ticket"  // what may be read when the node is calm
)

// SetSession opens a session in the browser until an instant; the zero
// instant is until the browser closes.
func (r *Request) SetSession(token string, until time.Time) {
	r.token = token // what is done from here on is done with it
	r.setCookie(sessionCookie, token, until, 0)
}

// ClearSession closes the session in the browser and makes it forget what it
// has in its cache. On a device that others use it forgets all that it stores;
// on somebody's own, a script takes what is theirs (core/ui/scripts/device.js),
// since what waits there for another person is not. Other cookies stay: the
// header's "cookies" would take those of the whole domain.
func (r *Request) ClearSession() {
	r.dropCookie(sessionCookie)
	r.dropTicket()
	r.header.Set("Clear-Site-Data", `"cache"`)
	if r.SignedIn() && r.Keeps.Who == "" {
		r.EmptyDevice()
	}
}

// EmptyDevice makes the browser forget all that it stores, whoever it is of: the
// device is for others from now on.
func (r *Request) EmptyDevice() {
	r.header.Set("Clear-Site-Data", `"cache", "storage"`)
}

// SetLang keeps the visitor's choice of a language for a year.
func (r *Request) SetLang(lang i18n.Lang) {
	r.setCookie(langCookie, string(lang), time.Time{}, 365*24*time.Hour)
}

// SetDevice keeps for a time what tells that somebody signed in on the device.
// It opens nothing, and outlives the session.
func (r *Request) SetDevice(token string, life time.Duration) {
	r.setCookie(deviceCookie, token, time.Time{}, life)
}

// Device is what the browser keeps of whoever signed in on it; empty for nothing.
func (r *Request) Device() string { return r.cookie(deviceCookie) }

// SetClassDoor keeps the way into a class for a time, whatever the clock of the
// tablet says: it outlives the sessions of the children who come in by it one
// after the other.
func (r *Request) SetClassDoor(token string, life time.Duration) {
	r.setCookie(classCookie, token, time.Time{}, life)
}

// ClassDoor is the way into a class that the browser keeps; empty for none. It
// may open nothing.
func (r *Request) ClassDoor() string { return r.cookie(classCookie) }

// DropClassDoor makes the browser forget a way into a class.
func (r *Request) DropClassDoor() { r.dropCookie(classCookie) }

// SetErrand keeps for a time what tells which browser left for an identity
// provider: nobody else's answer is taken from it.
func (r *Request) SetErrand(token string, life time.Duration) {
	r.setCookie(errandCookie, token, time.Time{}, life)
}

// SetVouched keeps for a time what tells which browser brought the answer of an
// identity provider: who left, and who came back, are one.
func (r *Request) SetVouched(token string, life time.Duration) {
	r.setCookie(vouchedCookie, token, time.Time{}, life)
}

// Vouched is what the browser keeps of having brought an answer; empty for
// nothing.
func (r *Request) Vouched() string { return r.cookie(vouchedCookie) }

// ClearErrand forgets both.
func (r *Request) ClearErrand() {
	r.dropCookie(errandCookie)
	r.dropCookie(vouchedCookie)
}

// Errand is what the browser keeps of having left; empty for nothing.
func (r *Request) Errand() string { return r.cookie(errandCookie) }

// leaveNotice keeps the key of a text for the next page; an empty one is none.
func (r *Request) leaveNotice(key string, info bool) error {
	if key == "" {
		return nil
	}
	if !r.site.Words.Has(key) {
		return fmt.Errorf("the notice %q is not in the catalogue", key)
	}
	mark := "done:"
	if info {
		mark = "info:"
	}
	r.setCookie(noticeCookie, mark+key, time.Time{}, time.Minute)
	return nil
}

// takeNotice gives what the page before did, once. Only a key of the
// catalogue is said: whatever else the cookie holds is dropped.
func (r *Request) takeNotice() []ui.Notice {
	value := r.cookie(noticeCookie)
	if value == "" || !r.looks() {
		return nil
	}
	r.dropCookie(noticeCookie)
	mark, key, _ := strings.Cut(value, ":")
	if !r.site.Words.Has(key) {
		return nil
	}
	kind := ui.Success
	if mark == "info" {
		kind = ui.Info
	}
	return []ui.Notice{{Kind: kind, Text: r.Say(key)}}
}

func (r *Request) cookie(name string) string {
	c, err := r.Request.Cookie(r.site.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

func (r *Request) setCookie(name, value string, until time.Time, age time.Duration) {
	r.header.Add("Set-Cookie", (&http.Cookie{
		Name:     r.site.cookieName(name),
		Value:    value,
		Path:     "/",
		Expires:  until,
		MaxAge:   int(age.Seconds()),
		Secure:   r.site.secure,
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	}).String())
}

func (r *Request) dropCookie(name string) { r.setCookie(name, "", time.Time{}, -time.Second) }

func (s *Site) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}
