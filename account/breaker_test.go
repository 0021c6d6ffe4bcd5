package account

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// many gives accounts with the password good to n people more, from a thousand
// on: person001 is 1001.
func (h house) many(n int) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		hash, err := h.passwords.Hash(h.t.Context(), good)
		if err != nil {
			return err
		}
		for i := range n {
			person := school.ID(1001 + i)
			if _, err := h.Add(tx, person, login(i)); err != nil {
				return err
			}
			if _, err := tx.Exec(`UPDATE account_account SET password = $2, password_at = 1, activated_at = 1 WHERE person_id = $1`, person, hash); err != nil {
				return err
			}
		}
		return nil
	})
}

func login(i int) string { return fmt.Sprintf("person.%c%c", 'a'+i/26, 'a'+i%26) }

// at is a browser that was never seen, at an address.
func at(address string) Origin {
	return Origin{IP: netip.MustParseAddr(address), Agent: "Browser", Request: "x"}
}

// spray tries a wrong password for some logins from an address.
func (h house) spray(from Origin, first, past int) {
	h.t.Helper()
	for i := first; i < past; i++ {
		if _, err := h.SignIn(h.t.Context(), login(i), "Printemps2027!", from); !fail.Is(err, fail.Invalid) {
			h.t.Fatalf("%s: %v", login(i), err)
		}
	}
}

// state reads how somebody's account is.
func (h house) state(person school.ID) (a Account) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		accounts, err := Of(tx, person)
		a = accounts[person]
		return err
	})
	return a
}

func (h house) mustEnter(login string, from Origin) Opened {
	h.t.Helper()
	opened, err := h.SignIn(h.t.Context(), login, good, from)
	if err != nil {
		h.t.Fatalf("%s: %v", login, err)
	}
	return opened
}

// The ordinary life of schools and families freezes nobody.
func TestOrdinaryLifeFreezesNobody(t *testing.T) {
	home, office := "192.0.2.", at("198.51.100.7")
	for name, live := range map[string]func(house){
		"a class that mistypes at school, where it was before": func(h house) {
			for i := range 28 {
				h.mustEnter(login(i), office)
			}
			h.at(h.now().Add(24 * time.Hour))
			h.spray(office, 0, 27)
			h.mustEnter(login(27), office)
		},
		"a class that comes to school for the first time, half of which mistypes": func(h house) {
			for i := range 28 {
				h.mustEnter(login(i), at(home+fmt.Sprint(i+1)))
			}
			for i := range 28 {
				if i%2 == 0 {
					h.spray(office, i, i+1)
				}
				if i%3 == 0 {
					h.mustEnter(login(i), office)
				}
			}
		},
		"the first Monday of a school behind one address": func(h house) {
			for i := range 120 {
				if i%4 == 0 {
					h.spray(office, i, i+1)
				}
				if i%8 != 0 { // the others give up
					h.mustEnter(login(i), office)
				}
			}
		},
		"children who mistype their logins": func(h house) {
			for i := range 40 {
				_, err := h.SignIn(h.t.Context(), login(i)+"x", good, office)
				wants(h.t, "a login nobody has", err, fail.Invalid)
			}
			h.mustEnter(login(0), office)
		},
		"somebody sprays, and who was there before comes in": func(h house) {
			h.mustEnter(login(50), office)
			h.spray(office, 0, 40)
			h.mustEnter(login(50), office)
		},
		"somebody sprays, and a telephone that is known comes in there": func(h house) {
			known := at(home + "1")
			known.Device = h.mustEnter(login(50), known).Device
			known.IP = office.IP
			h.spray(office, 0, 40)
			h.mustEnter(login(50), known)
		},
		"somebody sprayed there before lunch": func(h house) {
			h.spray(office, 0, 40)
			h.at(h.now().Add(61 * time.Minute))
			h.mustEnter(login(50), office)
		},
		"somebody sprays from elsewhere, whoever they try": func(h house) {
			h.spray(at("203.0.113.66"), 0, 60)
			h.mustEnter(login(50), office)
		},
		"a crowd that is turned back": func(h house) {
			for i := range 30 {
				h.write(func(tx *db.Tx) error {
					d, err := h.approach(tx, passwordDoor, login(i), office)
					if err != nil {
						return err
					}
					return d.turnBack(tx)
				})
			}
			h.mustEnter(login(50), office)
		},
		"a father in a train, in private windows": func(h house) {
			h.mustEnter(login(0), at(home+"1"))
			for i := range 6 {
				h.mustEnter(login(0), at(fmt.Sprintf("92.184.%d.9", 96+i)))
				h.at(h.now().Add(10 * time.Minute))
			}
		},
		"a mother who moves, on three devices": func(h house) {
			h.mustEnter(login(0), at(home+"1"))
			for _, address := range []string{"92.184.96.1", "198.51.100.7", "2001:db8::1"} {
				h.mustEnter(login(0), at(address))
			}
		},
		"a telephone on every network of a day": func(h house) {
			phone := at(home + "1")
			phone.Device = h.mustEnter(login(0), phone).Device
			for i := range 8 {
				phone.IP = netip.MustParseAddr(fmt.Sprintf("203.%d.113.1", i))
				h.mustEnter(login(0), phone)
			}
		},
		"new devices of many days": func(h house) {
			for i := range 8 {
				h.mustEnter(login(0), at(fmt.Sprintf("203.%d.113.1", i)))
				h.at(h.now().Add(30 * time.Minute))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(h house) {
				h.many(121)
				live(h)
				h.write(func(tx *db.Tx) error {
					frozen, err := CountFrozen(tx)
					if frozen != 0 {
						h.t.Errorf("%d are frozen", frozen)
					}
					return err
				})
			})
		})
	}
}

// The right password that a sprayer finds opens nothing, and says nothing more
// than a wrong one; the account is frozen, and no other.
func TestASprayedPassword(t *testing.T) {
	each(t, func(h house) {
		h.many(60)
		inside := h.mustEnter(login(59), home)
		h.at(h.now().Add(24 * time.Hour))
		lair := at("203.0.113.66")
		h.spray(lair, 0, 20)
		inside, err := h.SignIn(h.t.Context(), login(59), good, at("192.0.2.1")) // its own network
		if err != nil {
			h.t.Fatal(err)
		}
		opened, err := h.SignIn(h.t.Context(), login(59), good, lair)
		if said(err) != said(wrongPassword()) || opened.Token != "" {
			h.t.Errorf("the sprayer hears %v", err)
		}
		if _, err := h.resolve(inside.Token); err == nil {
			h.t.Error("a session is left")
		}
		a := h.state(1060)
		if a.Frozen.Why != Sprayed || a.Frozen.From != "203.0.113.0/24" || a.Disabled.IsZero() {
			h.t.Errorf("frozen: %+v", a)
		}
		if _, err := h.signIn(login(59), good); said(err) != said(wrongPassword()) {
			h.t.Errorf("frozen, it hears %v", err)
		}
		if acts := h.journalled(); !slices.Contains(acts, "account.freeze") {
			h.t.Errorf("journalled: %v", acts)
		}
		h.write(func(tx *db.Tx) error {
			people, err := Frozen(tx)
			if !slices.Equal(people, []school.ID{1060}) {
				h.t.Errorf("frozen: %v", people)
			}
			return err
		})

		// The school knows that it was the person: they come in, from there too.
		h.write(func(tx *db.Tx) error { return h.Verify(tx, 1060, audit.By{Actor: head, Request: "x"}) })
		h.mustEnter(login(59), lair)
		h.write(func(tx *db.Tx) error {
			wants(h.t, "verified twice", h.Verify(tx, 1060, audit.By{Actor: head, Request: "x"}), fail.NotFound)
			wants(h.t, "reopened", h.Reopen(tx, 1060, audit.By{Actor: head, Request: "x"}), fail.NotFound)
			return nil
		})
	})
}

// The password alone opens nothing of whoever has a second factor: nobody freezes
// them with it.
func TestASprayedPasswordWithASecondFactor(t *testing.T) {
	each(t, func(h house) {
		h.many(60)
		h.write(func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO account_factor (id, person_id, kind, name, made_at) VALUES (1, 1060, 'app', '', 1)`)
			return err
		})
		lair := at("203.0.113.66")
		h.spray(lair, 0, 20)
		if s := h.mustEnter(login(59), lair); !s.Half {
			h.t.Error("the session is whole")
		}
	})
}

// A password that is used all over the internet within an hour is in other hands.
func TestUnusualSignIns(t *testing.T) {
	each(t, func(h house) {
		h.many(1)
		mine := h.mustEnter(login(0), home)
		for _, address := range []string{"203.0.113.1", "198.51.100.1", "2001:db8::1"} {
			h.mustEnter(login(0), at(address))
		}
		opened, err := h.SignIn(h.t.Context(), login(0), good, at("92.184.96.1"))
		if !fail.Is(err, fail.Invalid) || !strings.Contains(said(err), "account.tripped") || opened.Token != "" {
			h.t.Errorf("the fourth hears %v", err)
		}
		if a := h.state(1001); a.Frozen.Why != Unusual || a.Frozen.From != "92.184.96.0/24" {
			h.t.Errorf("frozen: %+v", a.Frozen)
		}
		if _, err := h.resolve(mine.Token); err == nil {
			h.t.Error("a session is left")
		}
		h.write(func(tx *db.Tx) error { return h.Verify(tx, 1001, audit.By{Actor: head, Request: "x"}) })
		h.mustEnter(login(0), at("92.184.96.1"))
	})
}

// Somebody reaches as many people as they may in an hour; beyond, the act is undone
// and the account frozen.
func TestMassActs(t *testing.T) {
	each(t, func(h house) {
		h.activate(head)
		mine := h.activate(zoe)
		act := func(person school.ID, hat school.Profile, people int) error {
			r := &web.Request{Visitor: web.Visitor{Actor: rights.Actor{Person: person, Profile: hat}}, Request: httptest.NewRequest(http.MethodPost, "/", nil), IP: home.IP}
			return h.Settle(t.Context(), h.d.Write(t.Context(), func(tx *db.Tx) error {
				r.Tx = tx
				if _, err := tx.Exec(`UPDATE account_account SET number = number + 1 WHERE person_id = $1`, gone); err != nil {
					return err
				}
				return h.ActsOn(r, people)
			}))
		}
		// A head prints the letters and the badges of twenty classes, twice.
		for range 40 {
			if err := errors.Join(act(head, school.Head, 56), act(head, school.Head, 28)); err != nil {
				t.Fatal(err)
			}
		}
		before := h.state(gone).Login.Number
		for range 60 {
			if err := act(zoe, school.Pupil, 1); err != nil {
				t.Fatal(err)
			}
		}
		wants(t, "one too many", act(zoe, school.Pupil, 1), fail.Forbidden)
		if n := h.state(gone).Login.Number; n != before+60 {
			t.Errorf("%d acts stay", n-before)
		}
		if a := h.state(zoe); a.Frozen.Why != Mass {
			t.Errorf("frozen: %+v", a)
		}
		if _, err := h.resolve(mine.Token); err == nil {
			t.Error("a session is left")
		}
		if a := h.state(head); !a.Disabled.IsZero() {
			t.Error("the head is frozen")
		}
		h.write(func(tx *db.Tx) error { return h.Verify(tx, zoe, audit.By{Actor: head, Request: "x"}) })
		if err := act(zoe, school.Pupil, 60); err != nil {
			t.Errorf("verified: %v", err)
		}
		wants(t, "more than an hour's at once", act(claude, school.Guardian, 61), fail.Forbidden)
	})
}

// What is remembered of an address ends with the hour.
func TestKnocksArePurged(t *testing.T) {
	each(t, func(h house) {
		h.many(20)
		h.spray(at("203.0.113.66"), 0, 20)
		h.at(h.now().Add(2 * time.Hour))
		h.write(func(tx *db.Tx) error {
			if _, err := h.Purge(tx); err != nil {
				return err
			}
			n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM account_knock`)
			if n != 0 {
				t.Errorf("%d are left", n)
			}
			return err
		})
	})
}

// What its person contested is in other hands: it opens without its password only.
func TestAContestedAccountIsNotVerified(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		h.write(func(tx *db.Tx) error { return h.freeze(tx, claude, audit.By{}, Contested, attack) })
		if a := h.state(claude); a.Frozen.Why != Contested || a.Frozen.From != "" {
			t.Errorf("frozen: %+v", a.Frozen)
		}
		h.write(func(tx *db.Tx) error {
			wants(t, "verified", h.Verify(tx, claude, audit.By{Actor: head, Request: "x"}), fail.NotFound)
			return h.Reopen(tx, claude, audit.By{Actor: head, Request: "x"})
		})
		if _, err := h.signIn("claude.martin", good); err == nil {
			t.Error("the password opens it")
		}
		h.activate(claude)
	})
}

// claim says that the account of a login is somebody's too, and may be joined.
func (h house) claim(by school.ID, of int, password string, from Origin) error {
	return h.Claim(h.t.Context(), rights.Actor{Person: by}, login(of), "", password, from, func(*db.Tx, school.ID) error { return nil })
}

// Who says that other accounts are theirs sprays no more than at the door: the right
// password hears what a wrong one does, and freezes its account. Each has ten tries.
func TestSprayingByClaims(t *testing.T) {
	each(t, func(h house) {
		h.many(40)
		from := at("203.0.113.9")
		for i := 1; i < 30; i++ {
			err := h.claim(school.ID(9000+i), i, "Printemps2027!", from)
			wants(h.t, login(i), err, fail.Invalid)
		}
		err := h.claim(9100, 0, good, from)
		if want := said(wrongClaim()); said(err) != want || h.state(1001).Frozen.Why != Sprayed {
			h.t.Errorf("the right password hears %q, frozen %+v", said(err), h.state(1001).Frozen)
		}
		for range claimRate.burst {
			_ = h.claim(9200, 35, "Printemps2027!", at("198.51.100.77"))
		}
		err = h.claim(9200, 36, good, at("198.51.100.78"))
		wants(h.t, "the eleventh claim", err, fail.TooMany)
	})
}

// Who sprays passwords does not hear that the right one is of an account that is
// closed.
func TestSprayingClosedAccounts(t *testing.T) {
	each(t, func(h house) {
		h.many(40)
		disabled(h)
		const told = "account.closed"
		if _, err := h.SignIn(h.t.Context(), "leo.petit", good, attack); !strings.Contains(said(err), told) {
			h.t.Errorf("who has the password hears %v", err)
		}
		h.spray(attack, 0, 30)
		if _, err := h.SignIn(h.t.Context(), "leo.petit", good, attack); said(err) != said(wrongPassword()) {
			h.t.Errorf("who sprays hears %v", err)
		}
		if _, err := h.SignIn(h.t.Context(), "leo.petit", good, home); !strings.Contains(said(err), told) {
			h.t.Errorf("elsewhere who has the password hears %v", err)
		}
	})
}

// Those who sign in at once, from an address that is new to all of them, are no
// tries in vain while they wait for each other.
func TestACrowdAtOneAddressFreezesNobody(t *testing.T) {
	each(t, func(h house) {
		h.many(40)
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				if _, err := h.SignIn(h.t.Context(), login(i), good, at("203.0.113.9")); err != nil {
					h.t.Errorf("%s: %v", login(i), err)
				}
			})
		}
		all.Wait()
	})
}

// A stranger who tries passwords at an address that many share has three of them
// frozen at most; the others wait, and their accounts are as they were.
func TestAStrangerFreezesNoCrowd(t *testing.T) {
	each(t, func(h house) {
		h.many(60)
		for i := range 40 {
			_, err := h.SignIn(h.t.Context(), login(i), "Printemps2027!", at("203.0.113.9"))
			wants(h.t, login(i), err, fail.Invalid)
		}
		for i := 40; i < 50; i++ {
			want := fail.Invalid
			if i >= 40+sprayedRate.burst {
				want = fail.TooMany
			}
			_, err := h.SignIn(h.t.Context(), login(i), good, at("203.0.113.9"))
			wants(h.t, login(i), err, want)
		}
		h.write(func(tx *db.Tx) error {
			frozen, err := CountFrozen(tx)
			if frozen != sprayedRate.burst {
				h.t.Errorf("%d accounts are frozen", frozen)
			}
			return err
		})
		if _, err := h.SignIn(h.t.Context(), login(49), good, at("198.51.100.7")); err != nil {
			h.t.Errorf("elsewhere: %v", err)
		}
	})
}
