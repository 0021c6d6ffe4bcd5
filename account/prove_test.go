package account

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// halfIn types the password.
func (h house) halfIn(login string) Opened {
	h.t.Helper()
	opened, err := h.signIn(login, good)
	if err != nil {
		h.t.Fatal(err)
	}
	if !opened.Half || opened.Device != "" {
		h.t.Fatalf("the password alone: %+v", opened)
	}
	return opened
}

func (h house) prove(token, code string) (Opened, error) {
	return h.ProveCode(h.t.Context(), token, code, home)
}

// A session that knows the password only opens nothing, changes nothing, and
// may leave.
func TestAHalfOpenSession(t *testing.T) {
	each(t, func(h house) {
		secret, _ := h.protected(claude)
		half := h.halfIn("claude.martin")
		_, err := h.resolve(half.Token)
		wants(h.t, "resolving it", err, fail.SignIn)
		err = h.d.Write(h.t.Context(), func(tx *db.Tx) error {
			_, err := h.Switch(tx, half.Token, school.Teacher, home)
			return err
		})
		wants(h.t, "switching", err, fail.SignIn)
		_, err = h.AddApp(h.t.Context(), half.Token, h.shown(h.appKey(half.Token).Typed, h.now()), home)
		wants(h.t, "adding an app of the thief's own", err, fail.SignIn)
		_, err = h.OfferPasskey(h.t.Context(), half.Token, "https://ecole.example")
		wants(h.t, "adding a passkey", err, fail.SignIn)
		_, err = h.ProvePassword(h.t.Context(), half.Token, good, home)
		wants(h.t, "proving with the password again", err, fail.SignIn)

		whole, err := h.prove(half.Token, h.shown(secret, h.now()))
		if err != nil || whole.Half || whole.Token == half.Token || whole.Device == "" || !whole.Proved.Equal(h.now()) {
			h.t.Fatalf("%+v, %v", whole, err)
		}
		if _, err := h.resolve(whole.Token); err != nil {
			h.t.Errorf("the whole session: %v", err)
		}
		_, err = h.prove(half.Token, h.shown(secret, h.now().Add(30*time.Second)))
		wants(h.t, "the token of before", err, fail.SignIn)

		left := h.halfIn("claude.martin")
		h.write(func(tx *db.Tx) error { return h.SignOut(tx, left.Token, home) })
		_, err = h.prove(left.Token, h.shown(secret, h.now()))
		wants(h.t, "after leaving", err, fail.SignIn)

		late := h.halfIn("claude.martin")
		h.at(h.now().Add(halfLife))
		_, err = h.prove(late.Token, h.shown(secret, h.now()))
		wants(h.t, "half an hour later", err, fail.SignIn)
	})
}

// A code of the application holds for its step, the one before and the one
// after, and is taken once; so is one of recovery.
func TestACodeIsTakenOnce(t *testing.T) {
	each(t, func(h house) {
		secret, codes := h.protected(claude)
		if len(codes) != recoveryCodes {
			h.t.Fatalf("%d recovery codes", len(codes))
		}
		for _, typed := range []string{
			"", "12345", "1234567", "abcdef", "2222-3333-4444", codes[0][:len(codes[0])-1],
			h.shown(secret, h.now().Add(-90*time.Second)), h.shown(secret, h.now().Add(90*time.Second)),
		} {
			_, err := h.prove(h.halfIn("claude.martin").Token, typed)
			wants(h.t, "typing "+typed, err, fail.Invalid)
			if said(err) != said(wrongSecond()) {
				h.t.Errorf("%q is refused with %v", typed, err)
			}
		}
		h.at(h.now().Add(12 * time.Hour))
		now := h.shown(secret, h.now())
		early := h.shown(secret, h.now().Add(-30*time.Second))
		if _, err := h.prove(h.halfIn("claude.martin").Token, " "+now[:3]+"\u00a0"+now[3:]); err != nil {
			h.t.Fatalf("the right code: %v", err)
		}
		_, err := h.prove(h.halfIn("claude.martin").Token, now)
		wants(h.t, "the same code again", err, fail.Invalid)
		_, err = h.prove(h.halfIn("claude.martin").Token, early)
		wants(h.t, "the code before it, afterwards", err, fail.Invalid)
		if _, err := h.prove(h.halfIn("claude.martin").Token, h.shown(secret, h.now().Add(30*time.Second))); err != nil {
			h.t.Errorf("the code of a clock that is fast: %v", err)
		}
		if _, err := h.prove(h.halfIn("claude.martin").Token, strings.ToLower(codes[0])); err != nil {
			h.t.Errorf("a recovery code: %v", err)
		}
		_, err = h.prove(h.halfIn("claude.martin").Token, codes[0])
		wants(h.t, "the same recovery code again", err, fail.Invalid)

		h.write(func(tx *db.Tx) error {
			left, err := RecoveryLeft(tx, claude)
			if left != recoveryCodes-1 {
				h.t.Errorf("%d codes are left", left)
			}
			return err
		})
	})
}

// Two who type one code at once: one comes in.
func TestOneCodeOpensOnce(t *testing.T) {
	each(t, func(h house) {
		secret, codes := h.protected(claude)
		for _, code := range []string{h.shown(secret, h.now()), codes[3]} {
			halves := []Opened{h.halfIn("claude.martin"), h.halfIn("claude.martin"), h.halfIn("claude.martin")}
			var mu sync.Mutex
			var all sync.WaitGroup
			in := 0
			for _, half := range halves {
				all.Go(func() {
					if _, err := h.prove(half.Token, code); err == nil {
						mu.Lock()
						in++
						mu.Unlock()
					}
				})
			}
			all.Wait()
			if in != 1 {
				h.t.Errorf("%d came in with one code", in)
			}
		}
	})
}

// Ten wrong codes, from wherever they are typed, and one waits; a device that
// gave the second factor before does not.
func TestWrongSecondStepsAreCounted(t *testing.T) {
	each(t, func(h house) {
		secret, codes := h.protected(claude)
		known, err := h.prove(h.halfIn("claude.martin").Token, h.shown(secret, h.now()))
		if err != nil {
			h.t.Fatal(err)
		}
		half := h.halfIn("claude.martin")
		for try := 1; try <= secondRate.burst; try++ {
			from := attack
			if try%2 == 0 {
				from = home
			}
			_, err := h.ProveCode(h.t.Context(), half.Token, "000000", from)
			wants(h.t, "a wrong code", err, map[bool]fail.Kind{true: fail.Invalid, false: fail.TooMany}[try < secondRate.burst])
		}
		_, err = h.prove(half.Token, codes[0])
		wants(h.t, "a right one then", err, fail.TooMany)
		if !slices.Contains(h.journalled(), "account.blocked") {
			h.t.Error("the journal does not tell")
		}
		from := home
		from.Device = known.Device
		if _, err := h.ProveCode(h.t.Context(), half.Token, codes[0], from); err != nil {
			h.t.Errorf("on a device that is known: %v", err)
		}
	})
}
