package servicetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
)

// Two people, who are two schools as well: every number of the rows about one of them is
// that one's identifier, so that whatever joins rows finds them together. As instants,
// they are long ago and long from now.
const (
	one   school.ID = 1001
	other school.ID = 4_102_444_800_000
)

// Steward holds a steward to its declarations, in a transaction that is rolled back.
func Steward(t testing.TB, d *db.DB, s personal.Steward) {
	t.Helper()
	run(t, d, s, keeper.exports, keeper.archives, keeper.erases, keeper.forgets)
}

// Journal holds to its declarations a steward whose rows are evidence: they are erased
// for nobody, and go when the law says, sealed.
func Journal(t testing.TB, d *db.DB, s personal.Steward) {
	t.Helper()
	run(t, d, s, keeper.exports, keeper.archives, keeper.stays)
}

func run(t testing.TB, d *db.DB, s personal.Steward, checks ...func(keeper)) {
	t.Helper()
	undone := errors.New("undone")
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, check := range checks {
			check(keeper{t, tx, d.Dialect(), s})
		}
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
}

type keeper struct {
	testing.TB
	tx      *db.Tx
	dialect db.Dialect
	personal.Steward
}

// must ends the test on an error.
func (k keeper) must(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

// fill empties the tables, and gives each a row about each person.
func (k keeper) fill() {
	k.Helper()
	for _, table := range slices.Backward(k.Holdings()) {
		_, err := k.tx.Exec(`DELETE FROM ` + table.Name)
		k.must(err)
	}
	for _, table := range k.Holdings() {
		kinds := k.kinds(table.Name)
		for _, who := range []school.ID{one, other} {
			columns := table.Columns()
			places, values := make([]string, len(columns)), make([]any, len(columns))
			for i, column := range columns {
				places[i], values[i] = fmt.Sprintf("$%d", i+1), value(kinds[column], who)
			}
			_, err := k.tx.Exec(`INSERT INTO `+table.Name+` (`+strings.Join(columns, ", ")+`) VALUES (`+strings.Join(places, ", ")+`)`, values...)
			k.must(err)
		}
	}
}

// kinds are the types of the columns of a table.
func (k keeper) kinds(table string) map[string]string {
	query := `SELECT name, type FROM pragma_table_info($1)`
	if k.dialect == db.Postgres {
		query = `SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1`
	}
	kinds := map[string]string{}
	k.must(k.tx.Each(func(row db.Row) error {
		var name, kind string
		err := row.Scan(&name, &kind)
		kinds[name] = strings.ToUpper(kind)
		return err
	}, query, table))
	return kinds
}

// value is what a column of a type says of somebody.
func value(kind string, who school.ID) any {
	switch {
	case strings.Contains(kind, "INT"):
		return int64(who)
	case strings.Contains(kind, "BOOL"):
		return true
	case strings.Contains(kind, "TEXT"):
		return "about " + who.String()
	}
	return []byte(who.String())
}

// about tells whether a row says anything of somebody.
func about(row personal.Row, who school.ID) bool {
	for _, value := range row.Values {
		text := fmt.Sprint(value)
		if bytes, ok := value.([]byte); ok {
			text = string(bytes)
		}
		if text == who.String() || text == "about "+who.String() {
			return true
		}
	}
	return false
}

// exports: each table that says whom it is about, or who wrote it, gives that person its
// row, without its secrets, and nobody else's.
func (k keeper) exports() {
	k.Helper()
	k.fill()
	rows, err := k.Export(k.tx, one)
	k.must(err)
	for _, table := range k.Holdings() {
		i := slices.IndexFunc(rows, func(row personal.Row) bool { return row.Table == table.Name })
		if has := len(table.Subjects)+len(table.Authors) > 0; has != (i >= 0) {
			k.Errorf("%s is in the export: %v, want %v", table.Name, i >= 0, has)
		}
		for _, secret := range table.Secret {
			if i >= 0 && rows[i].Values[secret] != nil {
				k.Errorf("%s.%s is a secret, and in the export", table.Name, secret)
			}
		}
	}
	for _, row := range rows {
		if about(row, other) {
			k.Errorf("the export has what is about somebody else: %v", row)
		}
	}
}

// archive is a school's archive, a line a row.
func (k keeper) archive(of school.ID) (rows []personal.Row, lines []string) {
	k.Helper()
	keeps, ok := k.Steward.(personal.Keeper)
	if !ok {
		return nil, nil
	}
	k.must(keeps.Archive(k.tx, of, func(row personal.Row) error {
		line, err := json.Marshal(row)
		rows, lines = append(rows, row), append(lines, string(line))
		return err
	}))
	return rows, lines
}

// archives: each table that is a school's is in its archive, with nothing of another
// school's; put back into empty tables, it is what it was.
func (k keeper) archives() {
	k.Helper()
	k.fill()
	rows, before := k.archive(one)
	for _, table := range k.Holdings() {
		in := slices.ContainsFunc(rows, func(row personal.Row) bool { return row.Table == table.Name })
		if in != (table.School != "") {
			k.Errorf("%s is in the archive of a school: %v", table.Name, in)
		}
	}
	for _, row := range rows {
		if about(row, other) {
			k.Errorf("the archive has what is another school's: %v", row)
		}
	}
	for _, table := range slices.Backward(k.Holdings()) {
		_, err := k.tx.Exec(`DELETE FROM ` + table.Name)
		k.must(err)
	}
	for _, row := range rows {
		k.must(k.Steward.(personal.Keeper).Restore(k.tx, row))
	}
	_, after := k.archive(one)
	if diff := cmp.Diff(before, after); diff != "" {
		k.Errorf("restored, the archive is another:\n%s", diff)
	}
}

// erases: nothing is left about whoever is erased; what they wrote about others stays, of
// nobody, and what others wrote is as it was.
func (k keeper) erases() {
	k.Helper()
	k.fill()
	authored := 0
	for _, table := range k.Holdings() {
		for _, author := range table.Authors { // they wrote what is about the other
			_, err := k.tx.Exec(`UPDATE `+table.Name+` SET `+author+` = $1 WHERE `+author+` = $2`, one, other)
			k.must(err)
			authored++
			if len(table.Subjects) == 0 && !(table.GoesWithItsThing() && k.aboutPeople()) { // it is about nobody, nor part of what is: the row that is theirs alone stays too
				authored++
			}
		}
	}
	before := k.unsigned(other)
	k.must(k.Erase(k.tx, one))
	left, err := k.Export(k.tx, one)
	k.must(err)
	for _, row := range left {
		k.Errorf("left of who was erased: %v", row)
	}
	if diff := cmp.Diff(before, k.unsigned(other)); diff != "" {
		k.Errorf("what is about somebody else changed:\n%s", diff)
	}
	k.orphans()
	for _, table := range k.Holdings() {
		for _, author := range table.Authors {
			kept, err := db.One(k.tx, db.Column[int], `SELECT count(*) FROM `+table.Name+` WHERE `+author+` = 0`)
			k.must(err)
			authored -= kept
		}
	}
	if authored != 0 {
		k.Errorf("of what they wrote, %d rows are not there without them", authored)
	}
}

// orphans: what was part of a thing that was about whoever is erased went with it, though it names
// nobody.
func (k keeper) orphans() {
	k.Helper()
	if !k.aboutPeople() {
		return
	}
	for _, table := range k.Holdings() {
		for _, thing := range table.Things {
			left, err := db.One(k.tx, db.Column[int], `SELECT count(*) FROM `+table.Name+` WHERE `+thing+` = $1`, one)
			k.must(err)
			if left != 0 {
				k.Errorf("%d rows of %s are part of what is gone", left, table.Name)
			}
		}
	}
}

// aboutPeople tells whether there are things that are about somebody.
func (k keeper) aboutPeople() bool {
	return slices.ContainsFunc(k.Holdings(), func(table personal.Table) bool { return len(table.Subjects) > 0 && table.IsThing() })
}

// unsigned is the export of somebody, without whoever wrote what.
func (k keeper) unsigned(who school.ID) []personal.Row {
	k.Helper()
	rows, err := k.Export(k.tx, who)
	k.must(err)
	for _, row := range rows {
		for _, table := range k.Holdings() {
			if table.Name == row.Table {
				for _, author := range table.Authors {
					delete(row.Values, author)
				}
			}
		}
	}
	return rows
}

// stays: what is about whoever is erased is there still.
func (k keeper) stays() {
	k.Helper()
	k.fill()
	before, err := k.Export(k.tx, one)
	k.must(err)
	k.must(k.Erase(k.tx, one))
	after, err := k.Export(k.tx, one)
	k.must(err)
	if diff := cmp.Diff(before, after); diff != "" {
		k.Errorf("evidence is gone:\n%s", diff)
	}
}

// forgets: what is past a term that is declared is gone, with what is part of it and within a
// second; what is not yet, and what has another term, is there.
func (k keeper) forgets() {
	k.Helper()
	for _, table := range k.Holdings() {
		for _, term := range []personal.Retention{table.Retention, table.Sooner} {
			if term.From != "" {
				k.forgetsAt(table, term)
			}
		}
	}
}

// forgetsAt holds a table to one of its terms: the row of one is past it, that of the other is not,
// and every other row is as young as can be.
func (k keeper) forgetsAt(of personal.Table, term personal.Retention) {
	k.Helper()
	k.fill()
	end := k.tx.Now.Add(-term.Term())
	for _, table := range k.Holdings() {
		for _, r := range []personal.Retention{table.Retention, table.Sooner} {
			switch {
			case r.From == "":
			case table.Name == of.Name && r == term:
				k.set(table, r.From, one, end.Add(-time.Second))
				k.set(table, r.From, other, end.Add(time.Second))
			default: // that of the other is centuries ahead
				k.set(table, r.From, one, k.tx.Now.Add(time.Hour))
			}
		}
	}
	counted := map[string]int{}
	for _, table := range k.Holdings() {
		counted[table.Name] = k.count(table, "TRUE")
	}
	_, err := k.Purge(k.tx)
	k.must(err)
	if old := k.count(of, term.From+" < $1", db.At(end)); old != 0 {
		k.Errorf("%s keeps what is past %d days from its %s", of.Name, term.Days, term.From)
	}
	if young := k.count(of, term.From+" = $1", db.At(end.Add(time.Second))); young != 1 {
		k.Errorf("%s does not keep what is not past %d days from its %s", of.Name, term.Days, term.From)
	}
	for _, table := range k.Holdings() {
		part := of.IsThing() && len(table.Things) > 0
		left := k.count(table, "TRUE")
		switch {
		case table.Name == of.Name:
		case part && table.GoesWithItsThing():
			if left != 1 {
				k.Errorf("%d rows of %s are left of one thing of %s that is past its term, and one that is not", left, table.Name, of.Name)
			}
		case !part && (table.Retention.From != "" || table.Sooner.From != "") && left != counted[table.Name]:
			k.Errorf("%s forgets what %s is past its term", table.Name, of.Name)
		}
	}
}

// set gives a column of somebody's row an instant.
func (k keeper) set(table personal.Table, column string, of school.ID, at time.Time) {
	k.Helper()
	_, err := k.tx.Exec(`UPDATE `+table.Name+` SET `+column+` = $1 WHERE `+column+` = $2`, db.At(at), int64(of))
	k.must(err)
}

// count is how many rows of a table a condition finds.
func (k keeper) count(table personal.Table, where string, args ...any) int {
	k.Helper()
	n, err := db.One(k.tx, db.Column[int], `SELECT count(*) FROM `+table.Name+` WHERE `+where, args...)
	k.must(err)
	return n
}
