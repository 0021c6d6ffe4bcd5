package account

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp/totp"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// shown is what the application with a secret shows at an instant.
func (h house) shown(secret string, at time.Time) string {
	h.t.Helper()
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), at)
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}

// appKey is the secret that a session may add.
func (h house) appKey(token string) (key AppKey) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		s, err := Bearer(tx, token)
		if err != nil {
			return err
		}
		key, err = h.AppKey(tx, s)
		return err
	})
	return key
}

// addApp adds an application to whoever holds a session, and gives its secret.
func (h house) addApp(token string) (done Added, secret string) {
	h.t.Helper()
	secret = h.appKey(token).Typed
	done, err := h.AddApp(h.t.Context(), token, h.shown(secret, h.now()), home)
	if err != nil {
		h.t.Fatal(err)
	}
	return done, secret
}

// protected is somebody who has an application, signed out.
func (h house) protected(person school.ID) (secret string, codes []string) {
	h.t.Helper()
	done, secret := h.addApp(h.activate(person).Token)
	h.write(func(tx *db.Tx) error { return closeAll(tx, person, 0) })
	h.at(h.now().Add(time.Minute)) // the code that was typed is used up
	return secret, done.Codes
}

// Whom the second step is asked of, hat by hat.
func TestWhoIsAsked(t *testing.T) {
	parent, teacher, leader := school.Guardian, school.Teacher, school.Head
	for _, c := range []struct {
		who    string
		hats   []school.Profile
		hat    school.Profile
		has    bool
		strict bool
		want   bool
	}{
		{"a head", []school.Profile{leader}, leader, false, true, true},
		{"a head of a demo", []school.Profile{leader}, leader, false, false, false},
		{"a head of a demo who has one", []school.Profile{leader}, leader, true, false, true},
		{"a head, as a parent", []school.Profile{parent, leader}, parent, true, true, false},
		{"a head who is a parent, as a head", []school.Profile{parent, leader}, leader, true, true, true},
		{"a teacher", []school.Profile{teacher}, teacher, false, true, false},
		{"a teacher who has one", []school.Profile{teacher}, teacher, true, true, true},
		{"nobody any more", nil, "", false, true, false},
	} {
		a := &Accounts{Strict: c.strict}
		if got := a.asks(c.hats, c.hat, c.has); got != c.want {
			t.Errorf("%s: %t", c.who, got)
		}
	}
	for _, profile := range school.Profiles {
		strict := &Accounts{Strict: true}
		want := slices.Contains([]school.Profile{school.Head, school.Municipal, school.Pilot, school.Operator, school.Tech}, profile)
		if strict.Demands(profile) != want || MayHaveFactor(profile) == (profile == school.Pupil || profile == school.Departed) {
			t.Errorf("%s: demanded %t, offered %t", profile, strict.Demands(profile), MayHaveFactor(profile))
		}
	}
}

// Who has to have a second factor makes one with the password that they have
// just typed; the first one closes what was open without it.
func TestTheFirstFactor(t *testing.T) {
	each(t, func(h house) {
		other := h.activate(head) // while nothing was demanded
		h.Strict = true
		half := h.halfIn("ada.petit")
		_, err := h.AddApp(h.t.Context(), half.Token, "000000", home)
		wants(h.t, "a wrong code", err, fail.Invalid)
		_, err = h.AddApp(h.t.Context(), half.Token, h.shown(h.appKey(other.Token).Typed, h.now()), home)
		wants(h.t, "the code of another session's secret", err, fail.Invalid)
		done, secret := h.addApp(half.Token)
		if done.Half || len(done.Codes) != recoveryCodes || done.Device == "" {
			h.t.Fatalf("%+v", done)
		}
		if _, err := h.resolve(done.Token); err != nil {
			h.t.Errorf("the session that made it: %v", err)
		}
		_, err = h.resolve(other.Token)
		wants(h.t, "the session of before", err, fail.SignIn)
		_, err = h.prove(h.halfIn("ada.petit").Token, h.shown(secret, h.now()))
		wants(h.t, "the code with which it was made", err, fail.Invalid)
		if h.appKey(done.Token).Typed == secret {
			h.t.Error("the next application would have the same secret")
		}
		pupil := h.activate(zoe)
		_, err = h.AddApp(h.t.Context(), pupil.Token, h.shown(h.appKey(pupil.Token).Typed, h.now()), home)
		wants(h.t, "a pupil", err, fail.NotFound)
	})
}

// Another factor takes a proof that is not old: the password of whoever has none,
// the second factor of whoever has one.
func TestAddingTakesAProof(t *testing.T) {
	each(t, func(h house) {
		s := h.activate(claude)
		h.at(h.now().Add(ProofLife + time.Millisecond))
		_, err := h.AddApp(h.t.Context(), s.Token, h.shown(h.appKey(s.Token).Typed, h.now()), home)
		wants(h.t, "ten minutes later", err, fail.SignIn)
		_, err = h.ProvePassword(h.t.Context(), s.Token, "pas le bon du tout", home)
		wants(h.t, "a wrong password", err, fail.Invalid)
		again, err := h.ProvePassword(h.t.Context(), s.Token, good, home)
		if err != nil || again.Token == s.Token {
			h.t.Fatalf("%+v, %v", again, err)
		}
		done, secret := h.addApp(again.Token)
		h.at(h.now().Add(ProofLife + time.Minute))
		_, err = h.ProvePassword(h.t.Context(), done.Token, good, home)
		wants(h.t, "the password, once there is a factor", err, fail.NotFound)
		_, err = h.AddApp(h.t.Context(), done.Token, h.shown(h.appKey(done.Token).Typed, h.now()), home)
		wants(h.t, "another application", err, fail.SignIn)
		fresh, err := h.prove(done.Token, h.shown(secret, h.now()))
		if err != nil {
			h.t.Fatal(err)
		}
		next, newer := h.addApp(fresh.Token)
		if len(next.Codes) != 0 {
			h.t.Error("a second factor more gives recovery codes again")
		}
		h.at(h.now().Add(time.Minute))
		_, err = h.prove(next.Token, h.shown(secret, h.now()))
		wants(h.t, "the application that was replaced", err, fail.Invalid)
		if _, err := h.prove(next.Token, h.shown(newer, h.now())); err != nil {
			h.t.Errorf("the new one: %v", err)
		}
	})
}

// A parent who is a head too reads as a parent with the password alone, and
// leads the school after the second step.
func TestAStricterHatAsks(t *testing.T) {
	each(t, func(h house) {
		h.Strict = true
		hats := h.Hats
		h.Hats = func(tx *db.Tx, person school.ID) ([]school.Profile, error) {
			if person == claude {
				return []school.Profile{school.Guardian, school.Head}, nil
			}
			return hats(tx, person)
		}
		change := func(token string, to school.Profile) (opened Opened, err error) {
			err = h.d.Write(h.t.Context(), func(tx *db.Tx) (err error) {
				opened, err = h.Switch(tx, token, to, home)
				return err
			})
			return opened, err
		}
		parent := h.activate(claude)
		if parent.Half {
			h.t.Fatal("a parent's hat asks")
		}
		_, err := change(parent.Token, school.Head)
		wants(h.t, "to a head, with no factor", err, fail.SignIn)
		done, secret := h.addApp(parent.Token)
		leads, err := change(done.Token, school.Head)
		if err != nil || leads.Profile != school.Head || !leads.Proved.Equal(done.Proved) {
			h.t.Fatalf("after the first one was made: %+v, %v", leads, err)
		}
		h.at(h.now().Add(time.Minute))
		again, err := h.signIn("claude.martin", good)
		if err != nil || again.Half {
			h.t.Fatalf("as a parent: %+v, %v", again, err)
		}
		_, err = change(again.Token, school.Head)
		wants(h.t, "to a head, with the password alone", err, fail.SignIn)
		if _, err := h.resolve(again.Token); err != nil {
			h.t.Errorf("the parent is put out: %v", err)
		}
		proved, err := h.prove(again.Token, h.shown(secret, h.now()))
		if err != nil {
			h.t.Fatal(err)
		}
		leads, err = change(proved.Token, school.Head)
		if err != nil {
			h.t.Fatal(err)
		}
		back, err := change(leads.Token, school.Guardian)
		if err != nil {
			h.t.Fatal(err)
		}
		if _, err := change(back.Token, school.Head); err != nil {
			h.t.Errorf("a session asks twice: %v", err)
		}
	})
}

// The last factor of whoever has to have one stays; that of anybody else goes, with
// the recovery codes.
func TestRemovingAFactor(t *testing.T) {
	each(t, func(h house) {
		for _, c := range []struct {
			who  school.ID
			kind fail.Kind
		}{{head, fail.Conflict}, {claude, fail.Fault}} {
			h.Strict = false
			done, _ := h.addApp(h.activate(c.who).Token)
			h.Strict = true
			s, err := h.resolve(done.Token)
			if err != nil {
				h.t.Fatal(err)
			}
			var mine []Factor
			h.write(func(tx *db.Tx) (err error) {
				mine, err = FactorsOf(tx, c.who)
				return err
			})
			err = h.d.Write(h.t.Context(), func(tx *db.Tx) error {
				wants(h.t, "of nobody", h.RemoveFactor(tx, s, mine[0].ID+1, home), fail.NotFound)
				wants(h.t, "a name of nothing", h.RenameFactor(tx, s, mine[0].ID, "  ", home), fail.Invalid)
				if err := h.RenameFactor(tx, s, mine[0].ID, "Mon téléphone", home); err != nil {
					return err
				}
				return h.RemoveFactor(tx, s, mine[0].ID, home)
			})
			if c.kind == fail.Fault && err != nil || c.kind != fail.Fault && !fail.Is(err, c.kind) {
				h.t.Errorf("%d: %v", c.who, err)
			}
			h.write(func(tx *db.Tx) error {
				left, err := RecoveryLeft(tx, c.who)
				if (left == 0) != (c.kind == fail.Fault) {
					h.t.Errorf("%d has %d recovery codes left", c.who, left)
				}
				return err
			})
		}
	})
}

// Somebody else's factor is neither renamed nor removed, and no code of one
// opens the session of another.
func TestFactorsAreOnesOwn(t *testing.T) {
	each(t, func(h house) {
		secret, codes := h.protected(claude)
		mine, _ := h.addApp(h.activate(head).Token)
		s, err := h.resolve(mine.Token)
		if err != nil {
			h.t.Fatal(err)
		}
		h.write(func(tx *db.Tx) error {
			theirs, err := FactorsOf(tx, claude)
			if err != nil {
				return err
			}
			wants(h.t, "renaming", h.RenameFactor(tx, s, theirs[0].ID, "à moi", home), fail.NotFound)
			wants(h.t, "removing", h.RemoveFactor(tx, s, theirs[0].ID, home), fail.NotFound)
			return nil
		})
		half := h.halfIn("ada.petit")
		_, err = h.prove(half.Token, h.shown(secret, h.now()))
		wants(h.t, "their application", err, fail.Invalid)
		_, err = h.prove(half.Token, codes[0])
		wants(h.t, "their recovery code", err, fail.Invalid)
	})
}

// A new password, a new code and a reset: only the last takes the factor away.
func TestWhatWasLost(t *testing.T) {
	each(t, func(h house) {
		h.protected(head)
		if opened := h.activate(head); !opened.Half {
			h.t.Error("a code handed out takes the second factor away")
		}
		half := h.halfIn("ada.petit")
		h.write(func(tx *db.Tx) error {
			wants(h.t, "of who has none", h.ResetFactors(tx, claude, audit.By{Actor: zoe, Request: "reset"}), fail.NotFound)
			return h.ResetFactors(tx, head, audit.By{Actor: zoe, Request: "reset"})
		})
		_, err := h.prove(half.Token, "000000")
		wants(h.t, "a session of before", err, fail.SignIn)
		opened, err := h.signIn("ada.petit", good)
		if err != nil || opened.Half {
			h.t.Errorf("%+v, %v", opened, err)
		}
		if !slices.Contains(h.journalled(), "account.factor-reset") {
			h.t.Error("the journal does not tell")
		}
	})
}

// When the login of the record that goes is the one that stays, its second
// factor stays with it, and comes back with the undoing.
func TestAMergeKeepsTheFactorWithItsLogin(t *testing.T) {
	each(t, func(h house) {
		secret, codes := h.protected(claude)
		if c := h.merge(head, claude); !c.Crossed { // ada.petit was never used
			h.t.Fatalf("%+v", c)
		}
		half := h.halfIn("claude.martin")
		_, err := h.prove(half.Token, codes[0])
		wants(h.t, "a recovery code of before", err, fail.Invalid)
		if opened, err := h.prove(half.Token, h.shown(secret, h.now())); err != nil || opened.Person != head {
			h.t.Errorf("the application, after the merge: %+v, %v", opened, err)
		}
		h.unmerge(head, claude)
		h.at(h.now().Add(time.Minute))
		if opened, err := h.prove(h.halfIn("claude.martin").Token, h.shown(secret, h.now())); err != nil || opened.Person != claude {
			h.t.Errorf("the application, after the undoing: %+v, %v", opened, err)
		}
		h.write(func(tx *db.Tx) error {
			rows, err := h.Export(tx, claude)
			for _, row := range rows {
				for _, hidden := range []string{"secret", "code", "public_key", "credential"} {
					if _, told := row.Values[hidden]; told {
						h.t.Errorf("the export of %s tells %s", row.Table, hidden)
					}
				}
			}
			if err != nil {
				return err
			}
			return h.Erase(tx, claude)
		})
		h.write(func(tx *db.Tx) error {
			has, err := HasFactor(tx, claude)
			if has {
				h.t.Error("the factor of an erased person is left")
			}
			return err
		})
	})
}

// Nothing that the database holds of a second factor can be typed.
func TestNoSecretIsInClear(t *testing.T) {
	each(t, func(h house) {
		typed, codes := h.protected(claude)
		raw, err := appEncoding.DecodeString(strings.ReplaceAll(typed, " ", ""))
		if err != nil {
			h.t.Fatal(err)
		}
		h.write(func(tx *db.Tx) error {
			kept, err := db.All(tx, db.Column[[]byte], `SELECT secret FROM account_factor UNION ALL SELECT code FROM account_recovery`)
			for _, value := range kept {
				if bytes.Contains(value, raw) || bytes.Contains(value, []byte(strings.ReplaceAll(codes[0], "-", ""))) {
					h.t.Error("a secret is in clear")
				}
			}
			if diff := cmp.Diff(1+recoveryCodes, len(kept)); diff != "" {
				h.t.Error(diff)
			}
			return err
		})
	})
}
