package account

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

func TestCodesThatOpenNothing(t *testing.T) {
	each(t, func(h house) {
		first := h.code(claude)
		old := h.code(zoe).Text
		zoes := h.code(zoe)
		h.activate(gone)
		disabledCode := h.code(gone)
		h.write(func(tx *db.Tx) error { return h.Disable(tx, gone, audit.By{Actor: head, Request: "x"}) })
		want := said(wrongCode())
		for what, c := range map[string]struct{ login, code string }{
			"a wrong code":       {"zoe.martin", "2222-2222-2222"},
			"another one's":      {"zoe.martin", first.Text},
			"replaced":           {"zoe.martin", old},
			"nobody's login":     {"nobody.here", zoes.Text},
			"cut":                {"zoe.martin", zoes.Text[:13]},
			"and more":           {"zoe.martin", zoes.Text + "2"},
			"empty":              {"zoe.martin", ""},
			"endless":            {"zoe.martin", strings.Repeat(zoes.Text, 1000)},
			"without a code":     {"ada.petit", zoes.Text},
			"of one disabled":    {"leo.petit", disabledCode.Text},
			"with other letters": {"zoe.martin", "AEIO-U01L-222é"},
		} {
			_, err := h.Activate(h.t.Context(), c.login, c.code, good, attack)
			if said(err) != want {
				h.t.Errorf("%s: %v", what, err)
			}
		}
		h.at(zoes.Expires)
		_, err := h.Activate(h.t.Context(), "zoe.martin", zoes.Text, good, home)
		if said(err) != want {
			h.t.Errorf("expired: %v", err)
		}
		h.at(zoes.Expires.Add(-time.Millisecond))
		if _, err := h.Activate(h.t.Context(), " Zoé.MARTIN", strings.ToLower(strings.ReplaceAll(zoes.Text, "-", " ")), good, home); err != nil {
			h.t.Errorf("in time, as a child types: %v", err)
		}
		_, err = h.Activate(h.t.Context(), "zoe.martin", zoes.Text, good+" encore", home)
		if said(err) != want {
			h.t.Errorf("used: %v", err)
		}
	})
}

func TestBruteForceOfACode(t *testing.T) {
	each(t, func(h house) {
		c := h.code(zoe)
		for n := 1; n < 100; n++ {
			_, err := h.Activate(h.t.Context(), "zoe.martin", "2222-2222-2222", good, attack)
			wants(h.t, fmt.Sprint("wrong ", n), err, fail.Invalid)
		}
		for range 2 {
			_, err := h.Activate(h.t.Context(), "zoe.martin", "2222-2222-2222", good, attack)
			wants(h.t, "the hundredth", err, fail.TooMany)
		}
		_, err := h.Activate(h.t.Context(), "zoe.martin", c.Text, good, near(attack))
		wants(h.t, "the right one, too late", err, fail.TooMany)
		_, err = h.SignIn(h.t.Context(), "zoe.martin", "wrong", attack)
		wants(h.t, "the other door is not closed", err, fail.Invalid)
		if _, err := h.Activate(h.t.Context(), "zoe.martin", c.Text, good, home); err != nil {
			h.t.Errorf("the right one, elsewhere: %v", err)
		}
	})
}

func TestOneOfManyUsesACode(t *testing.T) {
	each(t, func(h house) {
		c := h.code(zoe)
		var mu sync.Mutex
		heard := map[string]int{}
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				_, err := h.Activate(h.t.Context(), "zoe.martin", c.Text, fmt.Sprintf("%s %d", good, i), home)
				mu.Lock()
				defer mu.Unlock()
				heard[said(err)]++
			})
		}
		all.Wait()
		if heard["<nil>"] != 1 || heard[said(wrongCode())] != 7 {
			h.t.Errorf("heard %v", heard)
		}
		h.write(func(tx *db.Tx) error {
			open, err := Sessions(tx, zoe)
			if len(open) != 1 {
				h.t.Errorf("%d sessions", len(open))
			}
			return err
		})
	})
}

// A code opens what its holder was when it was handed out: whoever made it
// could not make one for what they have become since.
func TestACodeDoesNotGrowWithItsHolder(t *testing.T) {
	each(t, func(h house) {
		c := h.code(zoe)
		before := h.Standing
		for name, post := range map[string]directory.Post{
			"runs the installation":     {Structure: lilas, Profile: school.Operator},
			"is of another school too":  {Structure: roses, Profile: school.Pupil},
			"is a guardian in no place": {Profile: school.Guardian},
		} {
			h.Standing = func(tx *db.Tx, person school.ID) ([]directory.Post, error) {
				posts, err := before(tx, person)
				return append(posts, post), err
			}
			_, err := h.Activate(t.Context(), c.Login.String(), c.Text, good, Origin{})
			if said(err) != said(outgrown(zoe)) {
				t.Errorf("an older code of somebody who %s now: %v", name, err)
			}
			_, err = h.Activate(t.Context(), c.Login.String(), "2222-2222-2222", good, Origin{})
			if said(err) != said(wrongCode()) {
				t.Errorf("a wrong code of somebody who %s now: %v", name, err)
			}
		}
		h.Standing = func(*db.Tx, school.ID) ([]directory.Post, error) { return nil, nil }
		wrote := h.code(zoe)
		h.Standing = before
		if _, err := h.Activate(t.Context(), c.Login.String(), wrote.Text, good, Origin{}); said(err) != said(outgrown(zoe)) {
			t.Errorf("the code of somebody who was nothing yet: %v", err)
		}
		c = h.code(zoe)
		if _, err := h.Activate(t.Context(), c.Login.String(), c.Text, good, Origin{}); err != nil {
			t.Errorf("refused although nothing has changed: %v", err)
		}
	})
}

// Whoever knows a password does not end the code that its owner was handed: a
// thief who signs in again and again would never be put out.
func TestSigningInLeavesTheCode(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		c := h.code(claude)
		if _, err := h.signIn("claude.martin", good); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Activate(t.Context(), c.Login.String(), c.Text, "un autre mot de passe long", Origin{}); err != nil {
			t.Errorf("the code, after somebody signed in: %v", err)
		}
		_, err := h.signIn("claude.martin", good)
		wants(t, "the password of before", err, fail.Invalid)
	})
}
