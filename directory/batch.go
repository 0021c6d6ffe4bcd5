package directory

import (
	"fmt"
	"reflect"

	"preau/core/db"
	"preau/core/school"
)

// Batch is rows made ready for the database, which takes them as they are:
// making it costs a third of writing it, and can be done meanwhile.
type Batch struct {
	table   string
	columns []string
	keys    int
	values  []any     // row after row
	same    []db.Same // of every row, beside its values
}

// Batch makes rows ready.
func (t Table[R]) Batch(rows []R) Batch {
	values := make([]any, 0, len(rows)*len(t.Columns))
	for i := range rows {
		for _, field := range t.fields(&rows[i]) {
			values = append(values, plain(field))
		}
	}
	return Batch{table: t.Name, columns: t.Columns, keys: t.Keys, values: values}
}

// Filled lightens a batch that will be added, not put: it leaves out the
// columns that no row fills, whose default says the same, and says once what
// every row says.
func (b Batch) Filled() Batch {
	n := len(b.columns)
	used, own := make([]bool, n), make([]bool, n)
	for i, value := range b.values {
		column := i % n
		used[column] = used[column] || column < b.keys || !empty(value)
		own[column] = own[column] || column == 0 || !number(value) || value != b.values[column]
	}
	less := Batch{table: b.table, keys: b.keys, values: make([]any, 0, len(b.values))}
	for i, column := range b.columns {
		if own[i] = own[i] && used[i]; own[i] {
			less.columns = append(less.columns, column)
		} else if used[i] {
			less.same = append(less.same, db.Same{Column: column, Value: b.values[i]})
		}
	}
	for i, value := range b.values {
		if own[i%n] {
			less.values = append(less.values, value)
		}
	}
	return less
}

// number tells whether a value can be said once for all: see [db.Same].
func number(value any) bool {
	switch value.(type) {
	case int64, bool:
		return true
	}
	return false
}

// empty tells whether a value is the default of its column.
func empty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case int64:
		return v == 0
	case bool:
		return !v
	}
	return false
}

// plain gives a field's value as the drivers take it without looking further.
func plain(field any) any {
	switch f := field.(type) {
	case *string:
		return *f
	case *school.ID:
		return int64(*f)
	case *int64:
		return *f
	case *bool:
		return *f
	case *db.Time:
		if f.IsZero() {
			return nil
		}
		return f.UnixMilli()
	}
	value := reflect.ValueOf(field).Elem()
	switch value.Kind() {
	case reflect.String:
		return value.String()
	case reflect.Int:
		return value.Int()
	}
	return value.Interface()
}

// Add inserts the rows.
func (b Batch) Add(tx *db.Tx) error {
	if len(b.values) == 0 {
		return nil
	}
	if _, err := tx.Bulk(b.table, b.columns, b.rows, b.same...); err != nil {
		return fmt.Errorf("adding to %s: %w", b.table, err)
	}
	return nil
}

// Put inserts the rows, or overwrites those that have their key.
func (b Batch) Put(tx *db.Tx) error {
	if len(b.values) == 0 {
		return nil
	}
	if _, err := tx.Put(b.table, b.columns, b.keys, b.rows); err != nil {
		return fmt.Errorf("writing %s: %w", b.table, err)
	}
	return nil
}

func (b Batch) rows(yield func([]any) bool) {
	n := len(b.columns)
	for at := 0; at < len(b.values); at += n {
		if !yield(b.values[at : at+n]) {
			return
		}
	}
}
