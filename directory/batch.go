package directory

import (
	"fmt"
	"iter"
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
	return Batch{table: t.Name, columns: t.Columns, keys: t.Keys, values: values}
}

// Additions is a batch of new rows, made lighter: without the columns that no
// row fills, whose default says the same, and with what all rows say said once.
type Additions struct {
	table     string
	columns   []string
	values    []any
	constants []db.Constant
}

// Additions makes the batch lighter.
func (b Batch) Additions() Additions {
	n := len(b.columns)
	used, own := make([]bool, n), make([]bool, n)
	for i, value := range b.values {
		column := i % n
		used[column] = used[column] || column < b.keys || !empty(value)
		own[column] = own[column] || column == 0 || value != b.values[column]
	}
	a := Additions{table: b.table, values: make([]any, 0, len(b.values))}
	for i, column := range b.columns {
		if own[i] = used[i] && own[i]; !used[i] || own[i] {
			continue
		}
		switch v := b.values[i].(type) {
		case int64:
			a.constants = append(a.constants, db.Constantly(column, v))
		case bool:
			a.constants = append(a.constants, db.Constantly(column, v))
		default:
			own[i] = true
		}
	}
	for i, column := range b.columns {
		if own[i] {
			a.columns = append(a.columns, column)
		}
	}
	for i, value := range b.values {
		if own[i%n] {
			a.values = append(a.values, value)
		}
	}
	return a
}

// Add inserts the rows.
func (a Additions) Add(tx *db.Tx) error {
	if len(a.values) == 0 {
		return nil
	}
	if _, err := tx.Bulk(a.table, a.columns, eachRow(a.values, len(a.columns)), a.constants...); err != nil {
		return fmt.Errorf("adding to %s: %w", a.table, err)
	}
	return nil
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
	return Additions{table: b.table, columns: b.columns, values: b.values}.Add(tx)
}

// Put inserts the rows, or overwrites those that have their key. What they are about may
// be less than it was: see [Void].
func (b Batch) Put(tx *db.Tx) error {
	if len(b.values) == 0 {
		return nil
	}
	if _, err := tx.Put(b.table, b.columns, b.keys, eachRow(b.values, len(b.columns))); err != nil {
		return fmt.Errorf("writing %s: %w", b.table, err)
	}
	return b.void(tx)
}

// eachRow parts values in rows of n.
func eachRow(values []any, n int) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for at := 0; at < len(values); at += n {
			if !yield(values[at : at+n]) {
				return
			}
		}
	}
}
