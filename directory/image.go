package directory

import (
	"encoding/json"
	"fmt"
	"reflect"

	"preau/core/db"
)

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

// Image gives a row's fields by their columns, for [Table.PutBack]: a column
// that a later version adds does not move the others.
func (t Table[R]) Image(row *R) map[string]any {
	image := make(map[string]any, len(t.Columns))
	for i, field := range t.fields(row) {
		image[t.Columns[i]] = field
	}
	return image
}

// PutBack writes a row as its image in JSON has it. A column that the image
// does not have is empty, one that is no more is left out.
func (t Table[R]) PutBack(tx *db.Tx, image []byte) error {
	row, err := t.read(image)
	if err != nil {
		return err
	}
	return t.Update(tx, row)
}

// read makes the row of an image in JSON.
func (t Table[R]) read(image []byte) (row R, err error) {
	var values map[string]json.RawMessage
	err = json.Unmarshal(image, &values)
	for i, field := range t.fields(&row) {
		if value, has := values[t.Columns[i]]; has && err == nil {
			err = json.Unmarshal(value, field)
		}
	}
	if err != nil {
		return row, fmt.Errorf("an image of %s: %w", t.Name, err)
	}
	return row, nil
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
