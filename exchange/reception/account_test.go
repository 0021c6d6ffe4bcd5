package reception_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/exchange/reception"
)

func TestAccountsThatCannotBe(t *testing.T) {
	onBoth(t, func(y *yard) {
		for what, a := range map[string]reception.Account{
			"no name":        {Academy: "025", SilenceDays: 8},
			"a folder of us": {Name: "in", Academy: "025", SilenceDays: 8},
			"a way out":      {Name: "../etc", Academy: "025", SilenceDays: 8},
			"capitals":       {Name: "AAF", Academy: "025", SilenceDays: 8},
			"no académie":    {Name: "aaf", SilenceDays: 8},
			"no silence":     {Name: "aaf", Academy: "025"},
			"a false UAI":    {Name: "aaf", Academy: "025", SilenceDays: 8, Schools: []school.UAI{"0789"}},
			"a false letter": {Name: "aaf", Academy: "025", SilenceDays: 8, Schools: []school.UAI{"0961111A"}},
		} {
			err := y.DB.Write(y.T.Context(), func(tx *db.Tx) error {
				_, err := y.Service.Open(tx, a)
				return err
			})
			if !fail.Is(err, fail.Invalid) {
				y.T.Errorf("%s: %v", what, err)
			}
		}
	})
}

// An académie that is not in the nomenclature is one once it has delivered.
func TestKnown(t *testing.T) {
	sent := newWeek(t, 1)
	onBoth(t, func(y *yard) {
		known := func(academy string) (is bool) {
			y.Read(func(tx *db.Tx) (err error) {
				is, err = reception.Known(tx, academy)
				return err
			})
			return is
		}
		for academy, want := range map[string]bool{"025": true, "041": true, "999": false, "narnia": false, "": false, orvalmont: false} {
			if got := known(academy); got != want {
				y.T.Errorf("%q is known: %v", academy, got)
			}
		}
		if err := os.MkdirAll(filepath.Join(y.Inbox, "in"), 0o700); err != nil {
			y.T.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(y.Inbox, "in", "c0.tgz"), sent.complete[day(0)], 0o600); err != nil {
			y.T.Fatal(err)
		}
		y.look()
		if !known(orvalmont) {
			y.T.Error("not known though it has delivered")
		}
	})
}

func TestOpenChangeAndClose(t *testing.T) {
	onBoth(t, func(y *yard) {
		open := func(a reception.Account) (opened bool, err error) {
			err = y.DB.Write(y.T.Context(), func(tx *db.Tx) (err error) {
				opened, err = y.Service.Open(tx, a)
				return err
			})
			return opened, err
		}
		a := reception.Account{Name: "aaf-nice", Academy: "023", SilenceDays: 8, Schools: []school.UAI{"0789002l", "0789001K", "0789001K"}}
		if opened, err := open(a); !opened || err != nil {
			y.T.Fatal(opened, err)
		}
		a.Daily, a.Schools = true, []school.UAI{"0789001K"}
		if opened, err := open(a); opened || err != nil {
			y.T.Error(opened, err)
		}
		second := a
		second.Name = "aaf-second"
		if _, err := open(second); !fail.Is(err, fail.Conflict) || !strings.Contains(err.Error(), "aaf-nice") {
			y.T.Errorf("a second account of the académie: %v", err)
		}
		other := a
		other.Academy = "009"
		if _, err := open(other); !fail.Is(err, fail.Conflict) {
			y.T.Errorf("given to another académie: %v", err)
		}
		accounts := func() (list []reception.Account) {
			y.Read(func(tx *db.Tx) (err error) {
				list, err = reception.Accounts(tx)
				return err
			})
			return list
		}
		if list := accounts(); len(list) != 1 || !list[0].Daily || len(list[0].Schools) != 1 {
			y.T.Errorf("%+v", list)
		}
		closing := func(name string) error {
			return y.DB.Write(y.T.Context(), func(tx *db.Tx) error { return y.Service.Close(tx, name) })
		}
		if err := closing("aaf-nice"); err != nil || len(accounts()) != 0 {
			y.T.Error(err, accounts())
		}
		for _, name := range []string{"aaf-nice", "nobody"} {
			if err := closing(name); !fail.Is(err, fail.NotFound) {
				y.T.Errorf("%s: %v", name, err)
			}
		}
		if opened, err := open(other); !opened || err != nil {
			y.T.Error("not opened again", err)
		}
		y.Read(func(tx *db.Tx) error {
			n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM audit_entry WHERE action LIKE 'reception.%'`)
			if n != 4 {
				y.T.Errorf("%d acts in the journal", n)
			}
			return err
		})
	})
}
