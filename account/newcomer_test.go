package account

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/core/seal"
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
			newcomers []Newcomer
			made      int
		}{
			{nil, 0},
			{[]Newcomer{{1, "Zoé", "MARTIN"}, {2, "Zoe", "Martin"}, {3, "Zoé", "MARTINET"}}, 3},
			{[]Newcomer{{1, "Zoé", "MARTIN"}, {4, "ZOÉ", "MARTIN"}, {3, "Zoé", "DUPONT"}}, 1}, // 3 is married: same login
			{[]Newcomer{{5, "Léo", "PETIT"}, {6, "Zoé", "MARTIN"}}, 2},
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
				made, err := accounts.MakeLogins(tx, slices.Values(feed.newcomers))
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
	const n = perBatch + perLookup + 1
	newcomers := func(yield func(Newcomer) bool) {
		for i := range n {
			if !yield(Newcomer{school.ID(i + 1), "Zoé", fmt.Sprintf("M%s", string(rune('a'+i%26)))}) {
				return
			}
		}
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		accounts := newAccounts(t, d)
		write(t, d, func(tx *db.Tx) error {
			if made, err := accounts.MakeLogins(tx, newcomers); made != n || err != nil {
				t.Errorf("%d logins, %v", made, err)
			}
			if made, err := accounts.MakeLogins(tx, newcomers); made != 0 || err != nil {
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
	newcomers := func(yield func(Newcomer) bool) {
		for i := range people {
			first, usual := fmt.Sprintf("Prénom %s", name(i%500)), fmt.Sprintf("NOM %s", name(i/3))
			if !yield(Newcomer{school.ID(i + 1), first, usual}) {
				return
			}
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
			_, err := New(d, key, nil, nil).MakeLogins(tx, newcomers)
			return err
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
