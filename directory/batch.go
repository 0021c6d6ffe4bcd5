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
	values  []any // row after row
}

// Batch makes rows ready.
func (t Table[R]) Batch(rows []R) Batch {
	values := make([]any, 0, len(rows)*len(t.Columns))
	for i := range rows {
		for _, field := range t.fields(&rows[i]) {
			values = append(values, plain(field))
		}
	}
	return Batch{t.Name, t.Columns, t.Keys, values}
}

// Filled leaves out the columns that no row fills, beyond the key: their
// default says the same, and half of most people's columns are empty. The
// rows can be added, not put.
func (b Batch) Filled() Batch {
	n := len(b.columns)
	used := make([]bool, n)
	for i, value := range b.values {
		used[i%n] = used[i%n] || i%n < b.keys || !empty(value)
	}
	less := Batch{table: b.table, keys: b.keys, values: make([]any, 0, len(b.values))}
	for i, column := range b.columns {
		if used[i] {
			less.columns = append(less.columns, column)
		}
	}
	for i, value := range b.values {
		if used[i%n] {
			less.values = append(less.values, value)
		}
	}
	return less
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
	if _, err := tx.Bulk(b.table, b.columns, b.rows); err != nil {
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
