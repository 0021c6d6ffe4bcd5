package directory

import (
	"fmt"
	"strings"

	"preau/core/db"
	"preau/core/school"
)

// Table reads and writes the rows of one table of the register. R is the
// row; its key is the first columns.
type Table[R any] struct {
	Name    string
	Columns []string
	Keys    int
	// fields gives the addresses of a row's fields, in the order of Columns.
	fields func(*R) []any
	// Made gives the delivery that made a row, 0 when none did; Subject, the
	// person whom the row is about, 0 when it is about nobody.
	Made, Subject func(*R) school.ID
}

// Key writes a row's key, to tell rows apart.
func (t Table[R]) Key(row *R) string {
	var b strings.Builder
	for _, field := range t.fields(row)[:t.Keys] {
		fmt.Fprint(&b, plain(field), "|")
	}
	return b.String()
}

// Scan reads a row that has every column, in order.
func (t Table[R]) Scan(row db.Row) (r R, err error) { return r, row.Scan(t.fields(&r)...) }

// All reads the rows that a condition finds.
func (t Table[R]) All(tx *db.Tx, where string, args ...any) ([]R, error) {
	return db.All(tx, t.Scan, t.selectSQL()+" WHERE "+where, args...)
}

// allOf reads the rows that a whole query gives, with every column in order.
func (t Table[R]) allOf(tx *db.Tx, query string, args ...any) ([]R, error) {
	return db.All(tx, t.Scan, query, args...)
}

// One reads the only row that a condition finds, or fail.NotFound.
func (t Table[R]) One(tx *db.Tx, where string, args ...any) (R, error) {
	return db.One(tx, t.Scan, t.selectSQL()+" WHERE "+where, args...)
}

// Among reads the rows whose column is one of ids, a few hundred at most;
// and is a further condition, or empty.
func (t Table[R]) Among(tx *db.Tx, column string, ids []school.ID, and string) ([]R, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	where := column + " " + tx.Among(1)
	if and != "" {
		where += " AND " + and
	}
	return t.All(tx, where, db.List(tx, ids))
}

// Insert adds one row. What somebody holds grows by it, unless it says that they do not.
func (t Table[R]) Insert(tx *db.Tx, row R) error {
	b := t.Batch([]R{row})
	if err := b.Add(tx); err != nil || t.Name != "directory_restriction" {
		return err
	}
	return b.void(tx)
}

// Update writes one row over the one that has its key.
func (t Table[R]) Update(tx *db.Tx, row R) error { return t.Batch([]R{row}).Put(tx) }

// remove deletes the row that has the key of this one.
func (t Table[R]) remove(tx *db.Tx, row R) error {
	var where []string
	var args []any
	for i, field := range t.fields(&row)[:t.Keys] {
		where, args = append(where, fmt.Sprintf("%s = $%d", t.Columns[i], i+1)), append(args, plain(field))
	}
	if _, err := tx.Exec("DELETE FROM "+t.Name+" WHERE "+strings.Join(where, " AND "), args...); err != nil {
		return err
	}
	return t.Batch([]R{row}).void(tx)
}

// keyColumns lists the columns of a table's key.
func keyColumns[R any](t Table[R]) string { return strings.Join(t.Columns[:t.Keys], ", ") }

// columns lists the columns of the table under an alias.
func (t Table[R]) columns(alias string) string {
	return alias + "." + strings.Join(t.Columns, ", "+alias+".")
}

func (t Table[R]) selectSQL() string {
	return "SELECT " + strings.Join(t.Columns, ", ") + " FROM " + t.Name
}
