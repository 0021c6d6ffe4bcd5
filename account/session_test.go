package account

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/account/secret"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
)

func TestEveryProfileHasLimits(t *testing.T) {
	for _, profile := range append(school.Profiles, "") {
		if l := limitsOf(profile); l.Idle < 3*seenEvery || l.Absolute < l.Idle {
			t.Errorf("%q: %+v", profile, l)
		}
	}
}

func TestASessionEnds(t *testing.T) {
	each(t, func(h house) {
		h.activate(zoe)
		start := h.now()
		l := limitsOf(school.Pupil)
		idle, err := h.signIn("zoe.martin", good)
		if err != nil {
			h.t.Fatal(err)
		}
		h.at(start.Add(l.Idle - time.Millisecond))
		if _, err := h.resolve(idle.Token); err != nil {
			h.t.Errorf("just before: %v", err)
		}
		h.at(start.Add(l.Idle))
		_, err = h.resolve(idle.Token)
		wants(h.t, "not seen for too long", err, fail.SignIn)

		busy, err := h.signIn("zoe.martin", good)
		if err != nil {
			h.t.Fatal(err)
		}
		for since := time.Duration(0); since < l.Absolute; since += l.Idle / 2 {
			h.at(busy.Created.Add(since))
			if _, err := h.resolve(busy.Token); err != nil {
				h.t.Fatalf("seen all the time, after %s: %v", since, err)
			}
			if err := h.WriteSights(h.t.Context()); err != nil {
				h.t.Fatal(err)
			}
		}
		h.at(busy.Created.Add(l.Absolute))
		_, err = h.resolve(busy.Token)
		wants(h.t, "for longer than a day of school", err, fail.SignIn)
	})
}

// A page that is read writes nothing; a sight is written from time to time.
func TestSightsAreWrittenFromTimeToTime(t *testing.T) {
	each(t, func(h house) {
		opened := h.activate(zoe)
		for _, step := range []struct {
			after, want time.Duration // since the sign-in: now, and what the row says then
		}{
			{seenEvery - time.Second, 0},
			{seenEvery, seenEvery},
			{2*seenEvery - time.Second, seenEvery},
			{2 * seenEvery, 2 * seenEvery},
		} {
			h.at(opened.Created.Add(step.after))
			for range 2 {
				if _, err := h.resolve(opened.Token); err != nil {
					h.t.Fatal(err)
				}
			}
			if err := h.WriteSights(h.t.Context()); err != nil {
				h.t.Fatal(err)
			}
			s, err := h.resolve(opened.Token)
			if err != nil || s.Seen.Sub(opened.Created) != step.want {
				h.t.Errorf("after %s: seen after %s, %v", step.after, s.Seen.Sub(opened.Created), err)
			}
		}
		// A sight of a session that has been closed since opens nothing.
		h.at(h.now().Add(seenEvery))
		if _, err := h.resolve(opened.Token); err != nil {
			h.t.Fatal(err)
		}
		h.write(func(tx *db.Tx) error { return h.SignOut(tx, opened.Token, home) })
		if err := h.WriteSights(h.t.Context()); err != nil {
			h.t.Fatal(err)
		}
		_, err := h.resolve(opened.Token)
		wants(h.t, "after signing out", err, fail.SignIn)
	})
}

func TestAnOldSessionDoesNotOpenAStricterHat(t *testing.T) {
	each(t, func(h house) {
		opened := h.activate(claude) // a guardian first
		h.at(h.now().Add(limitsOf(school.Teacher).Absolute))
		err := h.d.Write(h.t.Context(), func(tx *db.Tx) error {
			_, err := h.Switch(tx, opened.Token, school.Teacher, home)
			return err
		})
		wants(h.t, "to a teacher", err, fail.SignIn)
		if _, err := h.resolve(opened.Token); err != nil {
			h.t.Errorf("the guardian's session is lost: %v", err)
		}
	})
}

func TestSessionsOfAPerson(t *testing.T) {
	each(t, func(h house) {
		mine, other := h.activate(claude), h.activate(zoe)
		phone, err := h.SignIn(h.t.Context(), "claude.martin", good, Origin{Agent: strings.Repeat("é", 150)})
		if err != nil {
			h.t.Fatal(err)
		}
		h.write(func(tx *db.Tx) error {
			list, err := Sessions(tx, claude)
			if err != nil || len(list) != 2 || list[0].ID != phone.ID || list[1].ID != mine.ID {
				h.t.Fatalf("%+v, %v", list, err)
			}
			if diff := cmp.Diff([]string{"", strings.Repeat("é", 100), "192.0.2.1", "Browser"},
				[]string{list[0].IP, list[0].Agent, list[1].IP, list[1].Agent}); diff != "" {
				h.t.Error(diff)
			}
			wants(h.t, "closing somebody else's", h.Close(tx, mine.Session, other.ID, home), fail.NotFound)
			return h.Close(tx, mine.Session, phone.ID, home)
		})
		_, err = h.resolve(phone.Token)
		wants(h.t, "closed", err, fail.SignIn)
		third, err := h.signIn("claude.martin", good)
		if err != nil {
			h.t.Fatal(err)
		}
		h.write(func(tx *db.Tx) error { return h.CloseOthers(tx, mine.Session, home) })
		_, err = h.resolve(third.Token)
		wants(h.t, "the others closed", err, fail.SignIn)
		if _, err := h.resolve(mine.Token); err != nil {
			h.t.Errorf("one's own: %v", err)
		}
		if _, err := h.resolve(other.Token); err != nil {
			h.t.Errorf("somebody else's: %v", err)
		}
	})
}

// The whole life of an account, and what the journal and the register say.
func TestALife(t *testing.T) {
	each(t, func(h house) {
		c := h.code(claude)
		if want := "/activate#claude.martin/" + c.Text; c.Link() != want {
			h.t.Errorf("link %s, want %s", c.Link(), want)
		}
		opened, err := h.Activate(h.t.Context(), "claude.martin", c.Text, "e\u0301lan bleu de minuit", home)
		if err != nil || opened.Profile != school.Guardian {
			h.t.Fatalf("%+v, %v", opened, err)
		}
		h.passwords.Cost.Passes = 2                                         // dearer from now on
		again, err := h.signIn("claude.martin", "\u00e9lan bleu de minuit") // from another keyboard
		if err != nil {
			h.t.Fatal(err)
		}
		h.write(func(tx *db.Tx) error {
			hash, err := db.One(tx, db.Column[string], `SELECT password FROM account_account WHERE person_id = $1`, claude)
			if !strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=2,p=1$") {
				h.t.Errorf("not hashed again: %s", hash)
			}
			return err
		})
		if err := h.ChangePassword(h.t.Context(), again.Session, "élan bleu de minuit", good, home); err != nil {
			h.t.Fatal(err)
		}
		h.write(func(tx *db.Tx) (err error) {
			again, err = h.Switch(tx, again.Token, school.Teacher, home)
			return err
		})
		h.write(func(tx *db.Tx) error { return h.SignOut(tx, again.Token, home) })
		h.write(func(tx *db.Tx) error { return h.SignOut(tx, again.Token, home) }) // twice is once
		want := []string{"account.code", "account.activate", "account.sign-in", "account.password", "account.switch", "account.sign-out"}
		if diff := cmp.Diff(want, h.journalled()); diff != "" {
			h.t.Error(diff)
		}
		h.write(func(tx *db.Tx) error {
			accounts, err := Of(tx, claude, zoe, 99)
			if err != nil {
				return err
			}
			now := h.now()
			if diff := cmp.Diff(map[school.ID]Account{
				claude: {Person: claude, Login: Login{"claude.martin", 1}, Activated: now, Password: now, OpenedBy: BySlip, Seen: now},
				zoe:    {Person: zoe, Login: Login{"zoe.martin", 1}},
			}, accounts); diff != "" {
				h.t.Error(diff)
			}
			if err := h.Erase(tx, claude); err != nil {
				return err
			}
			rows, err := h.Export(tx, claude)
			if len(rows) != 0 || err != nil {
				h.t.Errorf("left: %v, %v", rows, err)
			}
			_, err = h.Add(tx, 50, "claude.martin")
			wants(h.t, "the login of an erased person", err, fail.Conflict)
			return nil
		})
	})
}

// A class that comes in at the same moment, from one address: nobody waits
// for one who waits for them.
func TestAClassComesInAtOnce(t *testing.T) {
	each(t, func(h house) {
		logins := []string{"zoe.martin", "claude.martin", "ada.petit"}
		for _, person := range []school.ID{zoe, claude, head} {
			h.activate(person)
		}
		var all sync.WaitGroup
		for i := range 24 {
			all.Go(func() {
				opened, err := h.signIn(logins[i%len(logins)], good)
				if err != nil {
					h.t.Errorf("%s: %v", logins[i%len(logins)], err)
				} else if err := h.ChangePassword(h.t.Context(), opened.Session, "wrong", good, home); !fail.Is(err, fail.Invalid) {
					h.t.Errorf("%s: %v", logins[i%len(logins)], err)
				}
			})
		}
		all.Wait()
	})
}

func TestAdd(t *testing.T) {
	each(t, func(h house) {
		h.write(func(tx *db.Tx) error {
			for typed, kind := range map[string]fail.Kind{
				"zoe.martin":            fail.Conflict, // taken
				"Zoé.Martin":            fail.Conflict,
				"":                      fail.Invalid,
				"admin@preau.test":      fail.Invalid,
				strings.Repeat("a", 60): fail.Invalid,
			} {
				_, err := h.Add(tx, 50, typed)
				wants(h.t, typed, err, kind)
			}
			_, err := h.Add(tx, zoe, "another")
			wants(h.t, "a second account", err, fail.Conflict)
			login, err := h.Add(tx, 50, "Admin")
			if login != (Login{"admin", 1}) {
				h.t.Errorf("%+v", login)
			}
			return err
		})
	})
}

func TestPurge(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude) // a session
		h.code(zoe)
		if _, err := h.signIn("nobody.here", "wrong"); err == nil {
			h.t.Fatal("nobody came in")
		}
		purge := func() (n int64) {
			h.write(func(tx *db.Tx) (err error) {
				n, err = h.Purge(tx)
				return err
			})
			return n
		}
		for _, step := range []struct {
			after time.Duration
			want  int64
		}{
			{0, 0},
			{nearRate.every + time.Second, 3}, // the tries of the login, there and everywhere, and of the address
			{knocksLife + time.Second, 1},
			{limitsOf(school.Guardian).Idle + time.Second, 1},
			{SlipLife + time.Second, 1},
			{SlipLife + time.Minute, 0},
			{DeviceLife + time.Second, 1},
		} {
			start := h.now()
			h.at(start.Add(step.after))
			if n := purge(); n != step.want {
				h.t.Errorf("after %s: %d rows purged, want %d", step.after, n, step.want)
			}
			h.at(start)
		}
		if _, err := h.signIn("claude.martin", good); err != nil {
			h.t.Errorf("the account was purged: %v", err)
		}
	})
}

func TestEveryWordIsSaid(t *testing.T) {
	catalogue, err := i18n.Load(Words)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		wrongPassword(), wrongCode(), outgrown(zoe), wrongOld(), tooMany(time.Second), wrongSecond(), wrongName(), wrongPasskey(errors.New("test")),
		secret.Check("", ""), secret.Check(strings.Repeat("a", 200), ""),
		secret.Check("motdepasse123", ""), secret.Check("zoe.martin.123", "zoe.martin"),
	} {
		e := err.(*fail.Error)
		for _, lang := range catalogue.Langs() {
			if text := catalogue.Say(lang, e.Key, e.Args...); strings.Contains(text, "%!") {
				t.Errorf("%s in %s: %s", e.Key, lang, text)
			}
		}
	}
}
