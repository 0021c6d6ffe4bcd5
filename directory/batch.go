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
	if _, err := tx.Bulk(b.table, b.columns, b.rows); err != nil {
		return fmt.Errorf("adding to %s: %w", b.table, err)
	}
	return nil
}

// Put inserts the rows, or overwrites those that have their key.
func (b Batch) Put(tx *db.Tx) error {
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
