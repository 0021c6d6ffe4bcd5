//go:build !race

package app

import (
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/i18n"
	"preau/core/personal"
	"preau/core/web"
)

var update = flag.Bool("update", false, "write the golden documents again")

// golden compares a generated document with the committed one.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is not what the code says; review the change, then run go test ./app -update\n%s", path, diff)
	}
}

// columns reads the live schema: every table but the migrations' own.
func columns(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	query := `SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '%_migration'`
	if d.Dialect() == db.Postgres {
		query = `SELECT table_name, column_name FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name NOT LIKE '%\_migration'`
	}
	live := listed(t, d, query)
	for _, list := range live {
		slices.Sort(list)
	}
	return live
}

// listed reads columns by their table.
func listed(t *testing.T, d *db.DB, query string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Each(func(row db.Row) error {
			var table, column string
			if err := row.Scan(&table, &column); err != nil {
				return err
			}
			found[table] = append(found[table], column)
			return nil
		}, query)
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestEveryColumnIsDeclared compares the live schema of both databases with
// the declarations: no personal data without a purpose, recipients and a term.
func TestEveryColumnIsDeclared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		holdings := house(t, d).holdings()
		if err := holdings.Check(); err != nil {
			t.Error(err)
		}
		declared := map[string][]string{}
		for _, table := range holdings {
			declared[table.Name] = table.Columns()
		}
		live := columns(t, d)
		if len(live) < 15 {
			t.Fatalf("only %d tables: this test reads the wrong place", len(live))
		}
		for _, table := range slices.Sorted(maps.Keys(live)) {
			if diff := cmp.Diff(declared[table], live[table]); diff != "" {
				t.Errorf("%s is not declared as it is (- declared, + live):\n%s", table, diff)
			}
		}
		for table := range declared {
			if live[table] == nil {
				t.Errorf("%s is declared and does not exist", table)
			}
		}
	})
}

// TestRegisterOfProcessing keeps docs/register.md as the code declares it.
func TestRegisterOfProcessing(t *testing.T) {
	h := house(t, dbtest.SQLite(t))
	golden(t, "../docs/register.md", h.holdings().Document(func(key string, args ...any) string {
		return h.Words.Say(i18n.French, key, args...)
	}))
}

// taken tells whether people take the rows of a table away when they leave.
func taken(t personal.Table) bool {
	return len(t.Subjects) > 0 && (slices.Contains(t.Recipients, personal.Oneself) || slices.Contains(t.Recipients, personal.Guardians))
}

// What people take away when they leave has a title, table by table.
func TestWhatIsTakenHasATitle(t *testing.T) {
	h := house(t, dbtest.SQLite(t))
	for _, table := range h.holdings() {
		if taken(table) && !h.Words.Has("personal.table-"+table.Name) {
			t.Errorf("no words for %s", table.Name)
		}
	}
}

// Nobody takes away an identifier: a number that is none of an instant, of a
// place, which is named, nor one of the figures here is declared as a key.
func TestNoKeyIsTaken(t *testing.T) {
	figures := []string{"last_step", "level", "number", "priority", "rank", "share", "signs", "times", "turn", "year"}
	places := []string{"school_id", "structure_id", "class_id"}
	d := dbtest.SQLite(t)
	holdings := house(t, d).holdings()
	for table, columns := range listed(t, d, `SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p
		WHERE m.type = 'table' AND p.type IN ('BIGINT', 'INTEGER')`) {
		i := slices.IndexFunc(holdings, func(t personal.Table) bool { return t.Name == table })
		if i < 0 || !taken(holdings[i]) {
			continue
		}
		known := slices.Concat(holdings[i].Subjects, holdings[i].Authors, holdings[i].Keys, figures, places)
		for _, column := range columns {
			if column != "at" && !strings.HasSuffix(column, "_at") && !slices.Contains(known, column) {
				t.Errorf("%s.%s is taken away by who leaves: declare it among the Keys of its table, or it is a figure", table, column)
			}
		}
	}
}

// What a service stores as bytes is a secret, or the name of a file: one that is not declared
// is swept away with what it is of.
func TestEveryFileIsDeclared(t *testing.T) {
	d := dbtest.SQLite(t)
	h := house(t, d)
	services := h.services
	holdings, found := h.holdings(), 0
	for table, columns := range listed(t, d, `SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND p.type = 'BYTEA'`) {
		if !slices.ContainsFunc(services, func(s web.Service) bool { return strings.HasPrefix(table, s.Card().Name+"_") }) {
			continue
		}
		i := slices.IndexFunc(holdings, func(t personal.Table) bool { return t.Name == table })
		for _, column := range columns {
			if found++; !slices.Contains(slices.Concat(holdings[i].Secret, holdings[i].Files), column) {
				t.Errorf("%s.%s is neither among the Files of its table nor among its Secret", table, column)
			}
		}
	}
	if found == 0 {
		t.Error("no service keeps a file: this test reads the wrong place")
	}
}

// Whatever is part of a thing of a room goes with it: a column that is named after a thing is
// among the Things of its table.
func TestEveryPartOfAThingGoesWithIt(t *testing.T) {
	d := dbtest.SQLite(t)
	holdings := house(t, d).holdings()
	named := map[string]bool{"thing": true, "thing_id": true}
	for _, table := range holdings {
		if _, kind, ok := strings.Cut(table.Name, "_"); ok && slices.Contains(table.Things, "id") {
			named[kind+"_id"] = true
		}
	}
	if len(named) < 7 {
		t.Errorf("things are called %v only: this test reads the wrong place", named)
	}
	for _, table := range holdings {
		for _, column := range table.Columns() {
			if named[column] && !slices.Contains(table.Things, column) && !outlives[table.Name+"."+column] {
				t.Errorf("%s.%s is of a thing: declare it among the Things of its table", table.Name, column)
			}
		}
	}
}

// outlives are the columns of what stays where the thing is taken away, and goes with a part of it.
var outlives = map[string]bool{"message_report.thread_id": true}

// No secret leaves with what is exported about a person: what is stored as bytes is
// a digest or is sealed, and the rest goes by its name.
func TestNoSecretIsExported(t *testing.T) {
	d := dbtest.SQLite(t)
	holdings, found := house(t, d).holdings(), 0
	for table, columns := range listed(t, d, `SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p
		WHERE m.type = 'table' AND (p.type = 'BYTEA' OR p.name IN ('password', 'secret', 'token', 'challenge'))`) {
		i := slices.IndexFunc(holdings, func(t personal.Table) bool { return t.Name == table })
		if i < 0 || len(holdings[i].Subjects) == 0 {
			continue
		}
		for _, column := range columns {
			if found++; !slices.Contains(holdings[i].Secret, column) {
				t.Errorf("%s.%s is exported: declare it among the Secret of its table", table, column)
			}
		}
	}
	if found < 15 {
		t.Errorf("%d secrets only: this test reads the wrong place", found)
	}
}
