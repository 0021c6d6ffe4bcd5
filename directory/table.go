package directory

import (
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
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
}

// Scan reads a row that has every column, in order.
func (t Table[R]) Scan(row db.Row) (r R, err error) { return r, row.Scan(t.fields(&r)...) }

// All reads the rows that a condition finds.
func (t Table[R]) All(tx *db.Tx, where string, args ...any) ([]R, error) {
	return db.All(tx, t.Scan, t.selectSQL()+" WHERE "+where, args...)
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
	where := fmt.Sprintf("%s IN (%s)", column, list(ids))
	if and != "" {
		where += " AND " + and
	}
	return t.All(tx, where)
}

// list writes identifiers for an IN: they are numbers of ours, and a
// thousand placeholders would make a statement that no engine keeps.
func list(ids []school.ID) string {
	var b strings.Builder
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(id.String())
	}
	return b.String()
}

// Add inserts many rows at once.
func (t Table[R]) Add(tx *db.Tx, rows iter.Seq[*R]) error {
	_, err := tx.Bulk(t.Name, t.Columns, t.values(rows))
	if err != nil {
		return fmt.Errorf("adding to %s: %w", t.Name, err)
	}
	return nil
}

// Insert adds one row.
func (t Table[R]) Insert(tx *db.Tx, row R) error {
	return t.Add(tx, func(yield func(*R) bool) { yield(&row) })
}

// Put inserts rows, or overwrites those that have their key.
func (t Table[R]) Put(tx *db.Tx, rows iter.Seq[*R]) error {
	_, err := tx.Put(t.Name, t.Columns, t.Keys, t.values(rows))
	if err != nil {
		return fmt.Errorf("writing %s: %w", t.Name, err)
	}
	return nil
}

// Update writes one row; see Put.
func (t Table[R]) Update(tx *db.Tx, row R) error {
	return t.Put(tx, func(yield func(*R) bool) { yield(&row) })
}

func (t Table[R]) values(rows iter.Seq[*R]) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for row := range rows {
			if !yield(t.fields(row)) {
				return
			}
		}
	}
}

// Same tells whether two rows say the same thing.
func (t Table[R]) Same(a, b *R) bool {
	as, bs := t.fields(a), t.fields(b)
	for i := range as {
		if at, ok := as[i].(*db.Time); ok {
			if !at.Equal(bs[i].(*db.Time).Time) {
				return false
			}
		} else if reflect.ValueOf(as[i]).Elem().Interface() != reflect.ValueOf(bs[i]).Elem().Interface() {
			return false
		}
	}
	return true
}

// Image gives a row's fields, in the order of Columns, for [Table.PutBack].
func (t Table[R]) Image(row *R) []any { return t.fields(row) }

// PutBack writes a row as its image in JSON has it.
func (t Table[R]) PutBack(tx *db.Tx, image []byte) error {
	var row R
	fields := t.fields(&row)
	if err := json.Unmarshal(image, &fields); err != nil {
		return fmt.Errorf("an image of %s: %w", t.Name, err)
	}
	return t.Update(tx, row)
}

// columns lists the columns of the table under an alias.
func (t Table[R]) columns(alias string) string {
	return alias + "." + strings.Join(t.Columns, ", "+alias+".")
}

func (t Table[R]) selectSQL() string {
	return "SELECT " + strings.Join(t.Columns, ", ") + " FROM " + t.Name
}

// PutBack writes a row of the named table as its image in JSON has it.
func PutBack(tx *db.Tx, table string, image []byte) error {
	for _, t := range []interface {
		name() string
		PutBack(*db.Tx, []byte) error
	}{Structures, Withins, Classes, Persons, Keys, Enrolments, Memberships, Bonds, Functions} {
		if t.name() == table {
			return t.PutBack(tx, image)
		}
	}
	return fmt.Errorf("no image can be of the table %q", table)
}

func (t Table[R]) name() string { return t.Name }
