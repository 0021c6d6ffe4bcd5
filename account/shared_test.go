package account

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// on is a request from home by somebody who says what the device is.
func on(said Sharing) Origin {
	from := home
	from.Said = said
	return from
}

func (h house) signInOn(login string, from Origin) Opened {
	h.t.Helper()
	opened, err := h.SignIn(h.t.Context(), login, good, from)
	if err != nil {
		h.t.Fatal(err)
	}
	return opened
}

// A session on a shared device dies ten minutes after it was last seen, and four
// hours after it was opened, whatever is done with it.
func TestASharedSessionIsShort(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		start := h.now()
		unseen := h.signInOn("claude.martin", on(Shared))
		if !unseen.Shared || unseen.Device != "" {
			h.t.Errorf("opened %+v", unseen)
		}
		h.at(start.Add(10*time.Minute - time.Millisecond))
		if _, err := h.resolve(unseen.Token); err != nil {
			h.t.Errorf("just before: %v", err)
		}
		h.at(start.Add(10 * time.Minute))
		_, err := h.resolve(unseen.Token)
		wants(h.t, "unseen for ten minutes", err, fail.SignIn)

		seen := h.signInOn("claude.martin", on(Shared))
		hats := []school.Profile{school.Teacher, school.Guardian}
		for n := 0; ; n++ {
			h.at(seen.Created.Add(time.Duration(n) * 9 * time.Minute))
			if h.now().Sub(seen.Created) >= sharedLimits.Absolute {
				break
			}
			if n%2 == 0 { // seen, and written down
				if _, err := h.resolve(seen.Token); err != nil {
					h.t.Fatalf("seen all the time, after %s: %v", h.now().Sub(seen.Created), err)
				}
				if err := h.WriteSights(h.t.Context()); err != nil {
					h.t.Fatal(err)
				}
				continue
			}
			h.write(func(tx *db.Tx) (err error) { // or under another token
				seen, err = h.Switch(tx, seen.Token, hats[n/2%2], home)
				return err
			})
			if end := seen.Created.Add(sharedLimits.Absolute); !seen.Shared || seen.Expires.After(end) || seen.Device != "" {
				h.t.Fatalf("with another hat: %+v", seen)
			}
		}
		_, err = h.resolve(seen.Token)
		wants(h.t, "after four hours", err, fail.SignIn)
	})
}

// Who says nothing shares the devices in the network of a school of theirs, and no
// other; what they say wins. It goes for every way in.
func TestWhatIsShared(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		if opened := h.signInOn("claude.martin", home); opened.Shared || opened.Device == "" {
			h.t.Errorf("elsewhere: %+v", opened)
		}
		if err := h.keep(home.IP.String()); err != nil {
			h.t.Fatal(err)
		}
		for said, want := range map[Sharing]bool{"": true, Own: false, Shared: true} {
			if opened := h.signInOn("claude.martin", on(said)); opened.Shared != want || (opened.Device == "") != want {
				h.t.Errorf("%q at the school: %+v", said, opened)
			}
		}
		if opened, err := h.SignIn(h.t.Context(), "claude.martin", good, attack); err != nil || opened.Shared {
			h.t.Errorf("in another network: %+v, %v", opened, err)
		}
		if opened := h.activate(zoe); !opened.Shared || opened.Device != "" {
			h.t.Errorf("by a slip: %+v", opened)
		}
		h.write(func(tx *db.Tx) error { // of another school, a customer of the same operator
			if err := h.KeepNetwork(tx, roses, audit.By{Actor: head}, attack); err != nil {
				return err
			}
			opened, err := h.EnterFederated(tx, claude, []school.Profile{school.Guardian}, attack)
			if err == nil && opened.Shared {
				h.t.Errorf("in the network of a school that is not theirs: %+v", opened)
			}
			return err
		})
		h.write(func(tx *db.Tx) error {
			opened, err := h.EnterFederated(tx, claude, []school.Profile{school.Guardian}, home)
			if err == nil && (!opened.Shared || opened.Device != "") {
				h.t.Errorf("by a provider: %+v", opened)
			}
			return err
		})
	})
}

// A session that waits for its second step is shared from the first one on.
func TestASharedSecondStep(t *testing.T) {
	each(t, func(h house) {
		secret, _ := h.protected(claude)
		half := h.signInOn("claude.martin", on(Shared))
		if !half.Half || !half.Shared || half.Device != "" {
			h.t.Fatalf("the first step: %+v", half)
		}
		whole, err := h.ProveCode(h.t.Context(), half.Token, h.shown(secret, h.now()), home)
		if err != nil {
			h.t.Fatal(err)
		}
		if whole.Half || !whole.Shared || whole.Device != "" || whole.Expires.Sub(h.now()) != sharedLimits.Idle {
			h.t.Errorf("the second step: %+v", whole)
		}
	})
}

// Who signs in every day on the machines of a school is told of it once; somewhere
// else, whatever they say of the device.
func TestASharedDeviceIsNew(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		h.write(func(tx *db.Tx) error { _, err := tx.Exec(`DELETE FROM audit_entry`); return err })
		far := attack
		far.Said = Shared
		for _, from := range []Origin{on(Shared), on(Shared), far, on(Shared), far} {
			h.signInOn("claude.martin", from)
		}
		var details []string
		h.write(func(tx *db.Tx) (err error) {
			details, err = db.All(tx, db.Column[string], `SELECT detail FROM audit_entry WHERE action = 'account.sign-in' ORDER BY id`)
			return err
		})
		var told []bool
		for _, detail := range details {
			told = append(told, strings.Contains(detail, "new"))
		}
		if want := []bool{true, false, true, false, false}; !slices.Equal(told, want) {
			h.t.Errorf("told %v, want %v: %q", told, want, details)
		}
	})
}

// Among the 256 addresses around the school's, whoever has stolen a password does not
// come in quietly by ticking the box.
func TestASharedDeviceNearbyIsNew(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		h.signInOn("claude.martin", on(Shared))
		near := on(Shared)
		near.IP = netip.MustParseAddr("192.0.2.200")
		h.signInOn("claude.martin", near)
		if detail := h.lastSignIn(); !strings.Contains(detail, "new") {
			h.t.Errorf("from %s: %s", near.IP, detail)
		}
	})
}

// Who says of a device of theirs that it is shared leaves nothing there: with what it
// has kept, nobody is known on it any more.
func TestADeviceThatBecomesShared(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		before := h.signInOn("claude.martin", home)
		now := on(Shared)
		now.Device = before.Device
		h.signInOn("claude.martin", now)
		next := attack
		next.Device, next.Said = before.Device, Own
		opened := h.signInOn("claude.martin", next)
		if detail := h.lastSignIn(); !strings.Contains(detail, "new") || opened.Device == before.Device {
			h.t.Errorf("known there: %s, device kept %t", detail, opened.Device == before.Device)
		}
	})
}

// lastSignIn is what the journal says of the last sign-in.
func (h house) lastSignIn() (detail string) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		detail, err = db.One(tx, db.Column[string], `SELECT detail FROM audit_entry WHERE action = 'account.sign-in' ORDER BY id DESC LIMIT 1`)
		return err
	})
	return detail
}

// A shared session that is used now and then is in for ten minutes after the last
// time, not five.
func TestASharedSessionIsSeenEveryMinute(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		start := h.now()
		s := h.signInOn("claude.martin", on(Shared))
		h.at(start.Add(4*time.Minute + 59*time.Second))
		if _, err := h.resolve(s.Token); err != nil {
			h.t.Fatal(err)
		}
		if err := h.WriteSights(h.t.Context()); err != nil {
			h.t.Fatal(err)
		}
		h.at(start.Add(14 * time.Minute))
		if _, err := h.resolve(s.Token); err != nil {
			h.t.Errorf("nine minutes after: %v", err)
		}
	})
}
