package account

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"preau/account/secret"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// said is what people see of an error.
func said(err error) string {
	var e *fail.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	return fmt.Sprint(e.Kind, e.Key, e.Args, e.Field, e.RetryAfter)
}

func wants(t *testing.T, what string, err error, kind fail.Kind) {
	t.Helper()
	if !fail.Is(err, kind) {
		t.Errorf("%s: %v, want kind %d", what, err, kind)
	}
}

// disabled has leo.petit's account closed, after he had the password good.
func disabled(h house) {
	h.activate(gone)
	h.write(func(tx *db.Tx) error { return h.Disable(tx, gone, audit.By{Actor: head, Request: "x"}) })
}

var strangers = map[string]struct{ login, password string }{
	"a wrong password":       {"claude.martin", "les lapins bleus dorment"},
	"a login nobody has":     {"nobody.here", good},
	"not a login":            {"' OR 1=1 --", good},
	"no login":               {"", good},
	"a long login":           {strings.Repeat("a", 1<<20), good},
	"not activated":          {"ada.petit", ""},
	"disabled":               {"leo.petit", "les lapins bleus dorment"}, // the right one is told so
	"no password":            {"claude.martin", ""},
	"an endless password":    {"claude.martin", strings.Repeat("a", 1<<20)},
	"the password and more":  {"claude.martin", good + strings.Repeat(" ", secret.MaxBytes)},
	"another one's password": {"claude.martin", "zoe's own password"},
	"a hash of ours":         {"claude.martin", "$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAA"},
	"capitals":               {"claude.martin", strings.ToUpper(good)},
	"a number nobody has":    {"claude.martin2", good},
	"a login with a zero":    {"claude.martin01", good},
	"spaces around the word": {"claude.martin", " " + good},
	"broken UTF-8":           {"claude.martin\xff", good + "\xff"},
	"zero bytes":             {"claude\x00.martin\x00", good + "\x00"},
}

// Whoever may not come in hears the same, whatever the reason.
func TestStrangersAllHearTheSame(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		disabled(h)
		want := said(wrongPassword())
		for what, stranger := range strangers {
			opened, err := h.SignIn(h.t.Context(), stranger.login, stranger.password, attack)
			if said(err) != want || opened.Token != "" {
				h.t.Errorf("%s: %v", what, err)
			}
			h.write(func(tx *db.Tx) error { // ten of them are for the same login
				_, err := tx.Exec(`DELETE FROM account_attempt`)
				return err
			})
		}
	})
}

// Each refusal takes the work of one hash: with no hasher free none is given.
func TestStrangersAllTakeTheSameWork(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		disabled(h)
		h.passwords = secret.NewHasher(cheap, 0, time.Millisecond)
		for what, stranger := range strangers {
			_, err := h.SignIn(h.t.Context(), stranger.login, stranger.password, attack)
			wants(h.t, what, err, fail.Unavailable)
		}
		if tries := attempts(h); tries != 0 {
			h.t.Errorf("%d tries are counted, none of which was made", tries)
		}
	})
}

// A refused password does not use the code up, and is refused before it is
// hashed.
func TestPasswordsThatAreRefused(t *testing.T) {
	each(t, func(h house) {
		c := h.code(claude)
		free := h.passwords
		h.passwords = secret.NewHasher(cheap, 0, time.Minute)
		for password, key := range map[string]string{
			"lapins bleu":              "account.password-short",
			strings.Repeat("éa", 65):   "account.password-long",
			strings.Repeat("a", 1<<20): "account.password-long",
			"motdepasse1234":           "account.password-common",
			"Claude.Martin-78":         "account.password-login",
		} {
			_, err := h.Activate(h.t.Context(), "claude.martin", c.Text, password, home)
			var e *fail.Error
			if !errors.As(err, &e) || e.Kind != fail.Invalid || e.Key != key || e.Field != "password" {
				h.t.Errorf("%.20s: %v", password, err)
			}
		}
		h.passwords = free
		if _, err := h.Activate(h.t.Context(), "claude.martin", c.Text, good, home); err != nil {
			h.t.Error(err)
		}
	})
}

func TestTokensThatOpenNothing(t *testing.T) {
	each(t, func(h house) {
		claudes, leos := h.activate(claude), h.activate(gone)
		h.write(func(tx *db.Tx) error { return h.Disable(tx, gone, audit.By{Actor: head, Request: "x"}) })
		token := claudes.Token
		flipped := []byte(token)
		flipped[5] ^= 1
		for what, token := range map[string]string{
			"none":             "",
			"another":          strings.Repeat("A", 43),
			"a changed letter": string(flipped),
			"cut":              token[:42],
			"and more":         token + "A",
			"padded":           token + "=",
			"with a new line":  token + "\n",
			"the last bits":    token[:42] + map[bool]string{true: "B", false: "A"}[token[42] == 'A'],
			"endless":          strings.Repeat(token, 1000),
			"the hash":         fmt.Sprintf("%x", claudes.hash),
			"the identifier":   claudes.ID.String(),
			"of one disabled":  leos.Token,
			"SQL":              "' OR '1'='1",
		} {
			_, err := h.resolve(token)
			wants(h.t, what, err, fail.SignIn)
		}
		if s, err := h.resolve(token); err != nil || s.Person != claude {
			h.t.Errorf("the token itself: %+v, %v", s, err)
		}
	})
}

// The token changes whenever what it opens does: one that somebody else knew
// before is worth nothing after.
func TestNoTokenSurvives(t *testing.T) {
	each(t, func(h house) {
		first := h.activate(claude)
		second, err := h.signIn("claude.martin", good)
		if err != nil || second.Token == first.Token {
			h.t.Fatalf("%v", err)
		}
		var third Opened
		h.write(func(tx *db.Tx) (err error) {
			third, err = h.Switch(tx, second.Token, school.Teacher, home)
			return err
		})
		if third.Token == second.Token || third.Profile != school.Teacher || third.ID != second.ID {
			h.t.Errorf("%+v", third)
		}
		_, err = h.resolve(second.Token)
		wants(h.t, "the token of the other hat", err, fail.SignIn)
		if s, err := h.resolve(third.Token); err != nil || s.Profile != school.Teacher {
			h.t.Errorf("%+v, %v", s, err)
		}
		for what, refused := range map[string]struct {
			token string
			to    school.Profile
			kind  fail.Kind
		}{
			"with an old token":         {second.Token, school.Guardian, fail.SignIn},
			"to a hat of somebody else": {third.Token, school.Head, fail.NotFound},
			"to no hat":                 {third.Token, "", fail.NotFound},
		} {
			err := h.d.Write(h.t.Context(), func(tx *db.Tx) error {
				_, err := h.Switch(tx, refused.token, refused.to, home)
				return err
			})
			wants(h.t, what, err, refused.kind)
		}
		// A new password closes every session but the one that changes it.
		if err := h.ChangePassword(h.t.Context(), third.Session, good, "un tout autre mot de passe", home); err != nil {
			h.t.Fatal(err)
		}
		_, err = h.resolve(first.Token)
		wants(h.t, "after another password", err, fail.SignIn)
		if _, err := h.resolve(third.Token); err != nil {
			h.t.Errorf("its own session: %v", err)
		}
		h.activate(claude)
		_, err = h.resolve(third.Token)
		wants(h.t, "after a new code", err, fail.SignIn)
	})
}

// Wrong passwords at one door do not shut the other: who is in may change the
// password while a stranger tries to sign in, and whoever found a session open
// guesses no more than at the front door.
func TestChangePasswordIsADoorOfItsOwn(t *testing.T) {
	each(t, func(h house) {
		s := h.activate(claude).Session
		next := "un tout autre mot de passe"
		for n := 1; n < 10; n++ {
			wants(h.t, "wrong", h.ChangePassword(h.t.Context(), s, "wrong", next, home), fail.Invalid)
		}
		wants(h.t, "the tenth", h.ChangePassword(h.t.Context(), s, "wrong", next, home), fail.TooMany)
		if _, err := h.signIn("claude.martin", good); err != nil {
			h.t.Errorf("at the other door: %v", err)
		}
		own := h.activate(zoe).Session
		for range 12 {
			_, _ = h.signIn("zoe.martin", "wrong")
		}
		_, err := h.signIn("zoe.martin", good)
		wants(h.t, "the front door", err, fail.TooMany)
		if err := h.ChangePassword(h.t.Context(), own, good, next, home); err != nil {
			h.t.Errorf("from inside: %v", err)
		}
	})
}

func TestADisabledAccountIsClosed(t *testing.T) {
	each(t, func(h house) {
		opened := h.activate(gone)
		c := h.code(gone)
		h.write(func(tx *db.Tx) error { return h.Disable(tx, gone, audit.By{Actor: head, Request: "x"}) })
		h.write(func(tx *db.Tx) error {
			_, err := h.IssueCode(tx, gone, audit.By{Actor: head, Request: "x"}, SlipLife)
			wants(h.t, "a new code", err, fail.NotFound)
			return nil
		})
		h.write(func(tx *db.Tx) error { return h.Enable(tx, gone, audit.By{Actor: head, Request: "x"}) })
		_, err := h.resolve(opened.Token)
		wants(h.t, "the old session, after it is enabled again", err, fail.SignIn)
		_, err = h.Activate(h.t.Context(), "leo.petit", c.Text, good, home)
		wants(h.t, "the old code", err, fail.Invalid)
		if _, err := h.signIn("leo.petit", good); err != nil {
			h.t.Errorf("the password: %v", err)
		}
		h.write(func(tx *db.Tx) error {
			wants(h.t, "nobody", h.Disable(tx, 99, audit.By{Actor: head, Request: "x"}), fail.NotFound)
			return nil
		})
	})
}

// A database that is stolen opens nothing.
func TestTheDatabaseHoldsNoSecret(t *testing.T) {
	each(t, func(h house) {
		opened := h.activate(claude)
		c := h.code(zoe)
		secrets := []string{good, opened.Token, opened.Device, c.Text, strings.ReplaceAll(c.Text, "-", "")}
		h.write(func(tx *db.Tx) error {
			for _, table := range append(h.Holdings(), h.Log.Holdings()...) {
				for _, column := range table.Columns() {
					values, err := db.All(tx, db.Column[any], `SELECT `+column+` FROM `+table.Name)
					if err != nil {
						return err
					}
					for _, value := range values {
						for _, secret := range secrets {
							if strings.Contains(fmt.Sprintf("%s", value), secret) {
								h.t.Errorf("%s.%s holds %s", table.Name, column, secret)
							}
						}
					}
				}
			}
			rows, err := h.Export(tx, claude)
			for _, row := range rows {
				for _, column := range []string{"password", "token", "network", "challenge"} {
					if value, ok := row.Values[column]; ok {
						h.t.Errorf("the export holds %s.%s: %v", row.Table, column, value)
					}
				}
			}
			if len(rows) != 3 {
				h.t.Errorf("%d rows exported", len(rows))
			}
			return err
		})
	})
}
