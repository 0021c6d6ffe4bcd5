package account

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// attempts counts the keys for which a wrong try counts now.
func attempts(h house) (n int) {
	h.write(func(tx *db.Tx) (err error) {
		n, err = db.One(tx, db.Column[int], `SELECT count(*) FROM account_attempt WHERE free_at > $1`, db.At(tx.Now))
		return err
	})
	return n
}

func TestBruteForce(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		for _, login := range []string{"claude.martin", "nobody.here"} {
			try := func(password string) error {
				_, err := h.SignIn(h.t.Context(), login, password, attack)
				return err
			}
			for n := 1; n < 10; n++ {
				wants(h.t, fmt.Sprint("wrong ", n), try("wrong"), fail.Invalid)
			}
			for n := 10; n < 15; n++ {
				err := try("wrong")
				wants(h.t, fmt.Sprint("wrong ", n), err, fail.TooMany)
				var e *fail.Error
				if errors.As(err, &e); e.RetryAfter != nearRate.every || e.Key != "account.too-many" || e.Args[0] != 15 {
					h.t.Errorf("wait %s, said %s %v", e.RetryAfter, e.Key, e.Args)
				}
			}
			wants(h.t, "the right one, too late", try(good), fail.TooMany)
			_, err := h.SignIn(h.t.Context(), strings.ToUpper(login)+" ", good, near(attack))
			wants(h.t, "from next to it, in capitals", err, fail.TooMany)
			_, err = h.SignIn(h.t.Context(), login, "wrong", home)
			wants(h.t, "from elsewhere", err, fail.Invalid)
		}
		if _, err := h.signIn("claude.martin", good); err != nil {
			h.t.Errorf("the owner, elsewhere: %v", err)
		}
		h.at(h.now().Add(nearRate.every))
		if _, err := h.SignIn(h.t.Context(), "claude.martin", good, attack); err != nil {
			h.t.Errorf("after the wait: %v", err)
		}
		for n := 1; n < 10; n++ {
			_, err := h.signIn("claude.martin", "wrong")
			wants(h.t, "after coming in, all tries are back", err, fail.Invalid)
		}
		if _, err := h.signIn("claude.martin", good); err != nil {
			h.t.Errorf("right at the tenth: %v", err)
		}
		want := []string{
			"account.code", "account.activate", "account.blocked", "account.blocked",
			"account.sign-in", "account.sign-in", "account.sign-in",
		}
		if diff := cmp.Diff(want, h.journalled()); diff != "" {
			h.t.Error(diff)
		}
	})
}

// near is another address of a network.
func near(from Origin) Origin {
	from.IP = from.IP.Next()
	return from
}

// network is an address of the nth network of a crowd.
func network(n int) Origin {
	return Origin{IP: netip.AddrFrom4([4]byte{203, 0, byte(n), 1}), Request: "crowd"}
}

// Tries from a thousand networks end too, a hundred a day, and the owner goes on
// where they were before, wherever the device is now.
func TestManyNetworksShutOutOnlyStrangers(t *testing.T) {
	each(t, func(h house) {
		own := h.activate(claude)
		tablet := network(254)
		tablet.Device = h.activate(zoe).Device
		for n := range loginRate.burst - 1 {
			_, err := h.SignIn(h.t.Context(), "claude.martin", "wrong", network(n/5))
			wants(h.t, fmt.Sprint("wrong ", n+1), err, fail.Invalid)
		}
		for n := 100; n < 110; n++ {
			_, err := h.SignIn(h.t.Context(), "claude.martin", "wrong", network(n))
			wants(h.t, "too many", err, fail.TooMany)
		}
		_, err := h.SignIn(h.t.Context(), "claude.martin", good, network(111))
		wants(h.t, "the right one, from a device of nobody's", err, fail.TooMany)
		_, err = h.SignIn(h.t.Context(), "claude.martin", good, tablet)
		wants(h.t, "the right one, from a device of somebody else's", err, fail.TooMany)
		for _, from := range []Origin{home, attack, network(0), network(112)} {
			from.Device = own.Device
			again, err := h.SignIn(h.t.Context(), "claude.martin", good, from)
			if err != nil || again.Device != own.Device {
				h.t.Errorf("the owner's device at %s: %v", from.IP, err)
			}
		}
		stolen := attack
		stolen.Device = own.Device
		for n := 1; n < 10; n++ {
			_, err := h.SignIn(h.t.Context(), "claude.martin", "wrong", stolen)
			wants(h.t, "on the owner's device", err, fail.Invalid)
		}
		for range 2 {
			_, err := h.SignIn(h.t.Context(), "claude.martin", "wrong", stolen)
			wants(h.t, "too many on the owner's device", err, fail.TooMany)
		}
		h.at(h.now().Add(DeviceLife))
		for n := range loginRate.burst {
			_, _ = h.SignIn(h.t.Context(), "claude.martin", "wrong", network(n/5))
		}
		_, err = h.SignIn(h.t.Context(), "claude.martin", good, stolen)
		wants(h.t, "a device of long ago", err, fail.TooMany)
	})
}

// A device is known to the logins that signed in on it, to the last of them, and
// by a token that we gave.
func TestDevices(t *testing.T) {
	each(t, func(h house) {
		first := h.activate(claude)
		for name, device := range map[string]string{
			"none": "", "one that we never gave": strings.Repeat("A", 43), "what is no token": "x", "the session's": first.Token,
		} {
			from := home
			from.Device = device
			opened, err := h.SignIn(h.t.Context(), "claude.martin", good, from)
			if err != nil || opened.Device == device || opened.Device == "" {
				h.t.Errorf("%s is kept, or %v", name, err)
			}
		}
		shared := home
		shared.Device = first.Device
		c := h.code(zoe)
		opened, err := h.Activate(h.t.Context(), "zoe.martin", c.Text, good, shared)
		if err != nil || opened.Device != first.Device {
			h.t.Errorf("a second person on a tablet gets another token: %v", err)
		}
		known := func(person school.ID, token string) (is bool) {
			h.write(func(tx *db.Tx) (err error) {
				known, err := h.acquaintanceOf(tx, person, Origin{Device: token})
				is = known.device
				return err
			})
			return is
		}
		if !known(claude, first.Device) || !known(zoe, first.Device) || known(head, first.Device) {
			h.t.Error("a tablet knows who signed in on it, and nobody else")
		}
		for n := range maxDevices {
			h.at(h.now().Add(time.Minute))
			if opened, err = h.signIn("claude.martin", good); err != nil {
				h.t.Fatal(n, err)
			}
		}
		if known(claude, first.Device) || !known(claude, opened.Device) {
			h.t.Errorf("the last %d devices are not those that are known", maxDevices)
		}
		h.activate(claude)
		if known(claude, opened.Device) {
			h.t.Error("a device of before a new code is known")
		}
		h.at(h.now().Add(DeviceLife + time.Minute))
		h.write(func(tx *db.Tx) error {
			_, err := h.Purge(tx)
			if err != nil {
				return err
			}
			left, err := db.One(tx, db.Column[int], `SELECT count(*) FROM account_device`)
			if left != 0 {
				h.t.Errorf("%d devices are kept past their term", left)
			}
			return err
		})
	})
}

// A thousand tries at once are no better than one after the other.
func TestBruteForceAtOnce(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		var mu sync.Mutex
		heard := map[fail.Kind]int{}
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() {
				_, err := h.SignIn(h.t.Context(), "claude.martin", "wrong", attack)
				mu.Lock()
				defer mu.Unlock()
				heard[fail.KindOf(err)]++
			})
		}
		all.Wait()
		if heard[fail.Invalid] != 9 || heard[fail.TooMany] != 21 {
			h.t.Errorf("heard %v", heard)
		}
	})
}

// Behind one address a class mistypes and comes in, and still does when one of
// them tries a password on every login of the school: that one, and who never
// signed in from there, wait. Nothing tells these apart but the right password.
func TestOneAddressForAWholeSchool(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		for pupil := range 28 {
			for range 9 {
				_, err := h.signIn(fmt.Sprintf("eleve.martin%d", pupil+2), "wrong")
				wants(h.t, "mistyped", err, fail.Invalid)
			}
			if _, err := h.signIn("claude.martin", good); err != nil {
				h.t.Fatalf("after %d pupils: %v", pupil+1, err)
			}
		}
		for n := 28 * 9; n < addressRate.burst; n++ {
			_, err := h.signIn(fmt.Sprintf("enseignant.martin%d", n), "wrong")
			wants(h.t, "sprayed", err, fail.Invalid)
		}
		elsewhere := h.code(zoe)
		own, err := h.Activate(h.t.Context(), "zoe.martin", elsewhere.Text, good, attack)
		if err != nil {
			h.t.Fatal(err)
		}
		heard := map[string]bool{}
		for _, try := range [][2]string{{"zoe.martin", good}, {"zoe.martin", "wrong"}, {"claude.martin", "wrong"}, {"nobody.here", good}} {
			_, err := h.signIn(try[0], try[1])
			wants(h.t, "sprayed too much, "+try[0], err, fail.TooMany)
			heard[said(err)] = true
		}
		if len(heard) != 1 {
			h.t.Errorf("who is known there can be told from who is not: %v", heard)
		}
		if _, err := h.signIn("claude.martin", good); err != nil {
			h.t.Errorf("who signed in from there before: %v", err)
		}
		phone := home
		phone.Device = own.Device
		if _, err := h.SignIn(h.t.Context(), "zoe.martin", good, phone); err != nil {
			h.t.Errorf("on a device that knows them: %v", err)
		}
		slip := h.code(head)
		if _, err := h.Activate(h.t.Context(), "ada.petit", slip.Text, good, home); err != nil {
			h.t.Errorf("a first sign-in, with a code: %v", err)
		}
		if _, err := h.SignIn(h.t.Context(), "zoe.martin", good, attack); err != nil {
			h.t.Errorf("from another address: %v", err)
		}
		h.at(h.now().Add(addressRate.every))
		if _, err := h.signIn("zoe.martin", good); err != nil {
			h.t.Errorf("after a while: %v", err)
		}
	})
}
