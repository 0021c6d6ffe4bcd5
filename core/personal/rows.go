package personal

import (
	"bytes"
	"compress/gzip"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Export reads the rows that are about a person, or that they wrote, table by table,
// without their secrets.
func (t Tables) Export(tx *db.Tx, person school.ID) ([]Row, error) {
	var rows []Row
	for _, table := range t {
		if len(table.Subjects)+len(table.Authors) == 0 {
			continue
		}
		err := table.each(tx, equal(slices.Concat(table.Subjects, table.Authors)), func(row Row) error {
			for _, column := range table.Secret {
				delete(row.Values, column)
			}
			rows = append(rows, row)
			return nil
		}, person)
		if err != nil {
			return nil, fmt.Errorf("exporting %s: %w", table.Name, err)
		}
	}
	return rows, nil
}

// Erase deletes the rows that are about a person, with what is part of them, last table
// first: a slice lists its tables in the order in which they refer to each other. What a
// person wrote for others stays without its author.
func (t Tables) Erase(tx *db.Tx, person school.ID) error {
	about, err := t.thingsAbout(tx, person)
	if err != nil {
		return err
	}
	if err := t.drop(tx, about); err != nil {
		return err
	}
	for _, table := range slices.Backward(t) {
		if len(table.Subjects) > 0 {
			if _, err := tx.Exec("DELETE FROM "+table.Name+" WHERE "+equal(table.Subjects), person); err != nil {
				return fmt.Errorf("erasing from %s: %w", table.Name, err)
			}
		}
		for _, author := range table.Authors {
			if _, err := tx.Exec("UPDATE "+table.Name+" SET "+author+" = 0 WHERE "+author+" = $1", person); err != nil {
				return fmt.Errorf("erasing an author from %s: %w", table.Name, err)
			}
		}
	}
	return nil
}

// Archive hands over the rows of a school, in an order that can be restored.
func (t Tables) Archive(tx *db.Tx, of school.ID, put func(Row) error) error {
	for _, table := range t {
		if table.School == "" {
			continue
		}
		if err := table.each(tx, table.School, put, of); err != nil {
			return fmt.Errorf("archiving %s: %w", table.Name, err)
		}
	}
	return nil
}

// Restore puts a row of an archive back. A row that is there already stays
// as it is. A column that is younger than the row has what new rows have in it.
func (t Tables) Restore(tx *db.Tx, row Row) error {
	i := slices.IndexFunc(t, func(table Table) bool { return table.Name == row.Table })
	if i < 0 {
		return fail.New(fail.Invalid, "the archive has a table %q that this slice does not hold", row.Table)
	}
	columns := slices.DeleteFunc(t[i].Columns(), func(column string) bool {
		_, has := row.Values[column]
		return !has
	})
	places, values := make([]string, len(columns)), make([]any, len(columns))
	for j, column := range columns {
		places[j], values[j] = fmt.Sprintf("$%d", j+1), row.Values[column]
	}
	_, err := tx.Exec(fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING",
		row.Table, strings.Join(columns, ", "), strings.Join(places, ", ")), values...)
	return err
}

// Remove deletes the rows that are some things of rooms, or part of them, last table first,
// and gives them as they were: [Tables.Restore] puts them back, in their order.
func (t Tables) Remove(tx *db.Tx, things ...school.ID) ([]Row, error) {
	removed, err := t.parts(tx, things...)
	if err != nil {
		return nil, err
	}
	return removed, t.drop(tx, things)
}

// drop deletes the rows that are some things of rooms, or part of them, last table first.
func (t Tables) drop(tx *db.Tx, things []school.ID) error {
	if len(things) == 0 {
		return nil
	}
	list := db.List(tx, things)
	for _, table := range slices.Backward(t) {
		if len(table.Things) == 0 {
			continue
		}
		if _, err := tx.Exec("DELETE FROM "+table.Name+" WHERE "+table.of(tx), list); err != nil {
			return fmt.Errorf("removing from %s: %w", table.Name, err)
		}
	}
	return nil
}

// thingsAbout lists the things that are about a person.
func (t Tables) thingsAbout(tx *db.Tx, person school.ID) (things []school.ID, err error) {
	for _, table := range t {
		if !table.IsThing() || len(table.Subjects) == 0 {
			continue
		}
		about, err := db.All(tx, db.Column[school.ID], "SELECT "+thing+" FROM "+table.Name+" WHERE "+equal(table.Subjects), person)
		if err != nil {
			return nil, fmt.Errorf("finding what is erased of %s: %w", table.Name, err)
		}
		things = append(things, about...)
	}
	return things, nil
}

// parts reads the rows that are some things of rooms, or part of them.
func (t Tables) parts(tx *db.Tx, things ...school.ID) (rows []Row, err error) {
	list := db.List(tx, things)
	for _, table := range t {
		if len(table.Things) == 0 {
			continue
		}
		err := table.each(tx, table.of(tx), func(row Row) error {
			rows = append(rows, row)
			return nil
		}, list)
		if err != nil {
			return nil, fmt.Errorf("reading the parts of things in %s: %w", table.Name, err)
		}
	}
	return rows, nil
}

// of is the condition that a row is part of one of the things of the list $1.
func (t Table) of(tx *db.Tx) string {
	return strings.Join(t.Things, " "+tx.Among(1)+" OR ") + " " + tx.Among(1)
}

// says are the tables whose rows say what things say.
func (t Tables) says() Tables {
	return slices.DeleteFunc(slices.Clone(t), func(table Table) bool { return !table.Says })
}

// Said reads the rows that say what a thing says: see [Table.Says].
func (t Tables) Said(tx *db.Tx, thing school.ID) ([]Row, error) { return t.says().parts(tx, thing) }

// Swap has a thing say again what some rows say, and gives those that said it until now. What
// others did with the thing stays.
func (t Tables) Swap(tx *db.Tx, thing school.ID, rows []Row) ([]Row, error) {
	was, err := t.says().Remove(tx, thing)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if err := t.Restore(tx, row); err != nil {
			return nil, err
		}
	}
	return was, nil
}

// FilesOf lists the names of files of core/blob that some rows have, each once.
func (t Tables) FilesOf(rows []Row) (files [][]byte) {
	for _, row := range rows {
		for _, column := range t.Of(row).Files {
			name, is := row.Values[column].([]byte)
			if is && !slices.ContainsFunc(files, func(known []byte) bool { return bytes.Equal(known, name) }) {
				files = append(files, name)
			}
		}
	}
	return files
}

// Of is the declaration of a row's table; the zero one of a table that is no more.
func (t Tables) Of(row Row) Table {
	i := slices.IndexFunc(t, func(table Table) bool { return table.Name == row.Table })
	if i < 0 {
		return Table{}
	}
	return t[i]
}

// Pack writes rows into bytes, which [Unpack] reads.
func Pack(rows []Row) ([]byte, error) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if err := errors.Join(gob.NewEncoder(w).Encode(rows), w.Close()); err != nil {
		return nil, fmt.Errorf("packing %d rows: %w", len(rows), err)
	}
	return packed.Bytes(), nil
}

// Unpack reads rows that [Pack] wrote.
func Unpack(from io.Reader) (rows []Row, err error) {
	r, err := gzip.NewReader(from)
	if err == nil {
		err = gob.NewDecoder(r).Decode(&rows)
	}
	if err != nil {
		return nil, fmt.Errorf("unpacking rows: %w", err)
	}
	return rows, nil
}

// Keeps tells whether some row has a file of core/blob, of that name.
func (t Tables) Keeps(tx *db.Tx, file any) (bool, error) {
	for _, table := range t {
		for _, column := range table.Files {
			kept, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM `+table.Name+` WHERE `+column+` = $1)`, file)
			if kept || err != nil {
				return kept, err
			}
		}
	}
	return false, nil
}

// Purge deletes the rows whose retention runs from a column of theirs and is
// over, and gives their number.
func (t Tables) Purge(tx *db.Tx) (int64, error) {
	var count int64
	for _, table := range t {
		if table.Retention.From == "" {
			continue
		}
		n, err := tx.Exec("DELETE FROM "+table.Name+" WHERE "+table.Retention.From+" < $1",
			db.At(tx.Now.Add(-table.Retention.Term())))
		if err != nil {
			return count, fmt.Errorf("purging %s: %w", table.Name, err)
		}
		count += n
	}
	return count, nil
}

// equal is the condition that one of some columns is $1.
func equal(columns []string) string { return strings.Join(columns, " = $1 OR ") + " = $1" }

// each reads the rows that a condition finds, with every column.
func (t Table) each(tx *db.Tx, where string, f func(Row) error, arg any) error {
	columns := t.Columns()
	query := fmt.Sprintf("SELECT %s FROM %s WHERE %s", strings.Join(columns, ", "), t.Name, where)
	return tx.Each(func(row db.Row) error {
		values := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := row.Scan(into...); err != nil {
			return err
		}
		named := make(map[string]any, len(columns))
		for i, column := range columns {
			named[column] = values[i]
		}
		return f(Row{t.Name, named})
	}, query, arg)
}
