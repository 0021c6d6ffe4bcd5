package account

import (
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"preau/account/secret"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/notify"
	"preau/core/school"
	"preau/core/seal"
	"preau/directory"
)

const (
	zoe, claude, head, gone = 1, 2, 3, 4 // people; claude is a guardian and a teacher
	lilas, roses            = 11, 12     // schools; all four are of lilas
	good                    = "les lapins bleus dansent"
)

var (
	home   = Origin{IP: netip.MustParseAddr("192.0.2.1"), Agent: "Browser", Request: "home"}
	attack = Origin{IP: netip.MustParseAddr("198.51.100.1"), Agent: "Robot", Request: "attack"}
)

// house is a door with four people behind it: zoe.martin, claude.martin,
// ada.petit and leo.petit, whose account is disabled. All but nobody have the
// password good, except where a test says so.
type house struct {
	*Accounts
	t *testing.T
	d *db.DB
}

// newAccounts makes a door whose passwords cost little.
func newAccounts(t *testing.T, d *db.DB) *Accounts {
	t.Helper()
	key, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	hats := map[school.ID][]school.Profile{
		zoe: {school.Pupil}, claude: {school.Guardian, school.Teacher}, head: {school.Head}, gone: {school.Guardian},
	}
	accounts := New(d, key, audit.New(key), func(_ *db.Tx, person school.ID) ([]school.Profile, error) {
		return hats[person], nil
	}, func(_ *db.Tx, person school.ID) (posts []directory.Post, err error) {
		for _, hat := range hats[person] {
			posts = append(posts, directory.Post{Structure: lilas, Profile: hat})
		}
		return posts, nil
	})
	accounts.passwords = secret.NewHasher(cheap, 2, time.Minute)
	accounts.queue = newQueue(2, takes)
	return accounts
}

// cheap is the cost of a hash that protects nothing.
var cheap = secret.Cost{Memory: 64, Passes: 1, Threads: 1}

// each runs a test in a house on both databases.
func each(t *testing.T, f func(h house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house{newAccounts(t, d), t, d}
		h.write(func(tx *db.Tx) error {
			for person, login := range map[school.ID]string{
				zoe: "zoe.martin", claude: "claude.martin", head: "ada.petit", gone: "leo.petit",
			} {
				if _, err := h.Add(tx, person, login); err != nil {
					return err
				}
			}
			return nil
		})
		f(h)
	}, directory.Schema(), Schema(), audit.Schema(), notify.Schema())
}

func (h house) write(f func(*db.Tx) error) {
	h.t.Helper()
	write(h.t, h.d, f)
}

// at moves the clock.
func (h house) at(now time.Time) { h.d.Now = func() time.Time { return now } }

func (h house) now() time.Time { return h.d.Now() }

// code hands a code out.
func (h house) code(person school.ID) (c Code) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		c, err = h.IssueCode(tx, person, audit.By{Actor: head, Request: "slip"}, SlipLife)
		return err
	})
	return c
}

// activate gives a person the password good, and their session.
func (h house) activate(person school.ID) Opened {
	h.t.Helper()
	c := h.code(person)
	opened, err := h.Activate(h.t.Context(), c.Login.String(), c.Text, good, home)
	if err != nil {
		h.t.Fatal(err)
	}
	return opened
}

func (h house) signIn(login, password string) (Opened, error) {
	return h.SignIn(h.t.Context(), login, password, home)
}

// resolve tells whose session a token opens.
func (h house) resolve(token string) (s Session, err error) {
	h.t.Helper()
	err = h.d.Read(h.t.Context(), func(tx *db.Tx) (err error) {
		s, err = h.Resolve(tx, token)
		return err
	})
	return s, err
}

// journal lists the actions that were journalled, in order.
func (h house) journalled() (actions []string) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		actions, err = db.All(tx, db.Column[string], `SELECT action FROM audit_entry ORDER BY id`)
		return err
	})
	return actions
}
