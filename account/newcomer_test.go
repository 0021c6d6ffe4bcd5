package account

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/core/seal"
	"preau/directory"
)

// logins lists the logins by person.
func logins(t *testing.T, tx *db.Tx) map[school.ID]string {
	t.Helper()
	made := map[school.ID]string{}
	err := tx.Each(func(row db.Row) error {
		var person school.ID
		var login Login
		err := row.Scan(&person, &login.Stem, &login.Number)
		made[person] = login.String()
		return err
	}, `SELECT person_id, stem, number FROM account_account`)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func write(t *testing.T, d *db.DB, f func(*db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func TestMakeLogins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		accounts := newAccounts(t, d)
		feeds := []struct {
			newcomers []directory.Newcomer
			made      int
		}{
			{nil, 0},
			{[]directory.Newcomer{{Person: 1, First: "Zoé", Usual: "MARTIN"}, {Person: 2, First: "Zoe", Usual: "Martin"}, {Person: 3, First: "Zoé", Usual: "MARTINET"}}, 3},
			{[]directory.Newcomer{{Person: 1, First: "Zoé", Usual: "MARTIN"}, {Person: 4, First: "ZOÉ", Usual: "MARTIN"}, {Person: 3, First: "Zoé", Usual: "DUPONT"}}, 1}, // 3 is married: same login
			{[]directory.Newcomer{{Person: 5, First: "Léo", Usual: "PETIT"}, {Person: 6, First: "Zoé", Usual: "MARTIN"}}, 2},
		}
		want := map[school.ID]string{
			1: "zoe.martin", 2: "zoe.martin2", 3: "zoe.martinet", 4: "zoe.martin3", 5: "leo.petit", 6: "zoe.martin5",
		}
		write(t, d, func(tx *db.Tx) error {
			for i, feed := range feeds {
				if i == 3 { // an erased person's number is not given again
					if err := accounts.Erase(tx, 4); err != nil {
						return err
					}
					if _, err := accounts.Add(tx, 7, "Zoé.Martin4"); err != nil {
						return err
					}
					if err := accounts.Erase(tx, 7); err != nil {
						return err
					}
					delete(want, 4)
				}
				made, err := makeLogins(accounts, tx, feed.newcomers)
				if err != nil || made != feed.made {
					t.Errorf("feed %d made %d logins, want %d, %v", i, made, feed.made, err)
				}
			}
			if diff := cmp.Diff(want, logins(t, tx)); diff != "" {
				t.Error(diff)
			}
			return nil
		})
	}, Schema())
}

// Several batches and lookups give what one would.
func TestMakeLoginsOfMany(t *testing.T) {
	const n = 2*perLookup + 1
	newcomers := make([]directory.Newcomer, n)
	for i := range newcomers {
		newcomers[i] = directory.Newcomer{Person: school.ID(i + 1), First: "Zoé", Usual: fmt.Sprintf("M%s", string(rune('a'+i%26)))}
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		accounts := newAccounts(t, d)
		write(t, d, func(tx *db.Tx) error {
			if made, err := makeLogins(accounts, tx, newcomers); made != n || err != nil {
				t.Errorf("%d logins, %v", made, err)
			}
			if made, err := makeLogins(accounts, tx, newcomers); made != 0 || err != nil {
				t.Errorf("again: %d logins, %v", made, err)
			}
			if got, want := logins(t, tx)[n], fmt.Sprintf("zoe.m%c%d", 'a'+(n-1)%26, (n-1)/26+1); got != want {
				t.Errorf("the last is %s, want %s", got, want)
			}
			return nil
		})
	}, Schema())
}

// 200,000 people into an empty database: what a first feed waits for.
func BenchmarkMakeLogins(b *testing.B) {
	const people = 200_000
	key, err := seal.Open(filepath.Join(b.TempDir(), "key"))
	if err != nil {
		b.Fatal(err)
	}
	newcomers := make([]directory.Newcomer, people)
	for i := range newcomers {
		newcomers[i] = directory.Newcomer{
			Person: school.ID(i + 1), First: fmt.Sprintf("Prénom %s", name(i%500)), Usual: fmt.Sprintf("NOM %s", name(i/3)),
		}
	}
	for b.Loop() {
		b.StopTimer()
		d, err := db.Open(b.Context(), filepath.Join(b.TempDir(), "preau.db"))
		if err != nil {
			b.Fatal(err)
		}
		if err := d.Migrate(b.Context(), Schema()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		err = d.Write(b.Context(), func(tx *db.Tx) error {
			welcome, err := New(d, key, nil, nil, nil).MakeLogins(tx)
			if err != nil {
				return err
			}
			return welcome(newcomers)()
		})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		d.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(people*b.N)/b.Elapsed().Seconds(), "people/s")
}

// name spells a number.
func name(n int) string {
	spelled := ""
	for ; n > 0; n /= 26 {
		spelled += string(rune('a' + n%26))
	}
	return spelled
}

// makeLogins makes logins in two goes, and counts those that were made.
func makeLogins(a *Accounts, tx *db.Tx, newcomers []directory.Newcomer) (int, error) {
	count := func() (n int, err error) {
		return n, tx.Get([]any{&n}, `SELECT count(*) FROM account_account`)
	}
	before, err := count()
	if err != nil {
		return 0, err
	}
	welcome, err := a.MakeLogins(tx)
	if err != nil {
		return 0, err
	}
	half := len(newcomers) / 2
	if err := errors.Join(welcome(newcomers[:half])(), welcome(newcomers[half:])()); err != nil {
		return 0, err
	}
	after, err := count()
	return after - before, err
}
