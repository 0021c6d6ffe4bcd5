package account

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"preau/account/secret"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/personal"
	"preau/core/rank"
	"preau/core/school"
	"preau/core/seal"
	"preau/directory"

	"golang.org/x/sync/semaphore"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the migrations of the tables account_*.
func Schema() db.Schema { return db.Schema{Name: "account", Files: files} }

// Words holds what account says to people.
//
//go:embed words/*.json
var Words embed.FS

// Accounts is the door of the house.
type Accounts struct {
	personal.Tables
	DB  *db.DB
	Key *seal.Key
	Log *audit.Log
	// Hats tells what a person is now, the hat that they wear when they come
	// in first. It is directory's, as Standing and Gone are; they are fields so that a
	// test says what somebody is without a delivery.
	Hats func(tx *db.Tx, person school.ID) ([]school.Profile, error)
	// Standing tells what a person is now and where.
	Standing func(tx *db.Tx, person school.ID) ([]directory.Post, error)
	// Gone tells whether a person left longer ago than their things are kept: their
	// login is nobody's. Nil: nobody did.
	Gone func(tx *db.Tx, person school.ID) (bool, error)
	// Withhold keeps back what somebody wrote in the rooms to leave later, as their account is
	// shut; nil: nothing is.
	Withhold func(tx *db.Tx, person school.ID) error
	// KeepBack keeps back what is about to leave in the rooms, as something is stopped; nil: nothing is.
	KeepBack func(tx *db.Tx) error
	// Strict makes those whose hat reaches many people come in with a second
	// factor; a demo does without.
	Strict bool

	// Mail is how people are written to; nil: nobody is.
	Mail *Mail

	passwords *secret.Hasher
	queue     *queue              // of those who prove who they are
	desk      *semaphore.Weighted // of those of them who are at the database
	seen      sights
	shown     showings
	switches  db.Recent[[]Switch]
	networks  db.Recent[map[string]bool] // of schools
}

// New makes the door, which asks hats and standing what people are.
func New(d *db.DB, key *seal.Key, log *audit.Log, hats func(*db.Tx, school.ID) ([]school.Profile, error),
	standing func(*db.Tx, school.ID) ([]directory.Post, error)) *Accounts {
	return &Accounts{
		Tables: holdings, DB: d, Key: key, Log: log, Hats: hats, Standing: standing,
		passwords: secret.NewHasher(secret.Today, int64(rank.Processors), longestQueue),
		queue:     newQueue(rank.Processors, takes), desk: semaphore.NewWeighted(desks),
	}
}

// Quick makes the hashes of a test cost nearly nothing, and protect nothing:
// it is asked with what only a test has.
func (a *Accounts) Quick(test interface{ Helper() }) {
	test.Helper()
	a.passwords.Cost = secret.Cost{Memory: 64, Passes: 1, Threads: 1}
}

// Account is what is known of a person's account.
type Account struct {
	Person    school.ID
	Login     Login
	Activated time.Time // zero: not yet
	Password  time.Time // when it was last set
	Disabled  time.Time // zero: it is not
	Frozen    Freeze    // by its person or the breaker; the zero one: it is not
	OpenedBy  Way       // of the last activation
	Seen      time.Time // when its person was last in, to a day; zero: never
}

// Of gives the accounts of the people who have one.
func Of(tx *db.Tx, people ...school.ID) (map[school.ID]Account, error) {
	accounts, err := ofEach(tx, people, func(row db.Row) (person school.ID, one Account, err error) {
		var activated, password, disabled, frozen, seen db.Time
		err = row.Scan(&one.Person, &one.Login.Stem, &one.Login.Number, &activated, &password, &disabled, &frozen,
			&one.Frozen.Why, &one.Frozen.From, &one.OpenedBy, &seen)
		one.Activated, one.Password, one.Disabled, one.Frozen.At = activated.Time, password.Time, disabled.Time, frozen.Time
		one.Seen = seen.Time
		return one.Person, one, err
	}, `SELECT person_id, stem, number, activated_at, password_at, disabled_at, frozen_at, frozen_why, frozen_from, activated_by, seen_at
		FROM account_account WHERE person_id IN (%s)`)
	if err != nil {
		return nil, fmt.Errorf("reading accounts: %w", err)
	}
	return accounts, nil
}

// ofEach reads what a table has of each of some people; who is not in it is not in
// what it gives. The query has %s where their identifiers stand.
func ofEach[T any](tx *db.Tx, people []school.ID, scan func(db.Row) (school.ID, T, error), query string, args ...any) (map[school.ID]T, error) {
	all := make(map[school.ID]T, len(people))
	for some := range slices.Chunk(people, perLookup) {
		err := tx.Each(func(row db.Row) error {
			person, one, err := scan(row)
			all[person] = one
			return err
		}, fmt.Sprintf(query, db.In(some)), args...)
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Add gives a person the login that somebody chose. A login that is taken,
// or was once, is fail.Conflict.
func (a *Accounts) Add(tx *db.Tx, person school.ID, typed string) (Login, error) {
	login := ParseLogin(typed)
	if login == (Login{}) || len(login.Stem) > maxFirst+1+maxLast {
		return Login{}, fail.New(fail.Invalid, "not a login").Say("account.login-form").At("login")
	}
	var retired, taken, has bool
	err := tx.Get([]any{&retired, &taken, &has}, `SELECT
		EXISTS (SELECT 1 FROM account_retired WHERE stem = $1 AND last >= $2),
		EXISTS (SELECT 1 FROM account_account WHERE stem = $3 AND number = $2),
		EXISTS (SELECT 1 FROM account_account WHERE person_id = $4)`, a.stemMAC(login.Stem), login.Number, login.Stem, person)
	switch {
	case err != nil:
		return Login{}, err
	case has:
		return Login{}, fail.New(fail.Conflict, "person %d has an account", person)
	case retired || taken:
		return Login{}, fail.New(fail.Conflict, "the login is taken").Say("account.login-taken").At("login")
	}
	return login, insert(tx, []candidate{{person, login}})
}

// loginOf reads the login of somebody; fail.NotFound for whoever has none.
func loginOf(tx *db.Tx, person school.ID) (Login, error) {
	return db.One(tx, scanLogin, `SELECT stem, number FROM account_account WHERE person_id = $1`, person)
}

func scanLogin(row db.Row) (l Login, err error) { return l, row.Scan(&l.Stem, &l.Number) }

func (a *Accounts) stemMAC(stem string) []byte { return a.Key.MAC("account stem", []byte(stem)) }

// places writes n numbered placeholders.
func places(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	return b.String()
}

// cut shortens a text to n bytes, without cutting a character.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "")
}
