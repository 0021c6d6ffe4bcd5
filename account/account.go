package account

import (
	"embed"
	"fmt"
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/seal"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the migrations of the tables account_*.
func Schema() db.Schema { return db.Schema{Name: "account", Files: files} }

// Accounts is the door of the house.
type Accounts struct {
	personal.Tables
	DB  *db.DB
	Key *seal.Key
}

// New makes the door.
func New(d *db.DB, key *seal.Key) *Accounts {
	return &Accounts{Tables: holdings, DB: d, Key: key}
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
