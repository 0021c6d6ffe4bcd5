package personal

import (
	"fmt"
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
	about, err := t.About(tx, person)
	if err != nil {
		return err
	}
	if err := t.Drop(tx, about...); err != nil {
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

// Purge deletes things whose retention is over, with what is part of them, and rows that are no
// things, and gives their number: some of them at a time ([PurgedAtOnce]).
func (t Tables) Purge(tx *db.Tx) (int64, error) {
	things, err := t.Old(tx)
	if err != nil {
		return 0, err
	}
	if err := t.Drop(tx, things...); err != nil {
		return 0, err
	}
	rows, err := t.PurgeRows(tx)
	return int64(len(things)) + rows, err
}

// Old lists things whose retention is over, [PurgedAtOnce] at most of each table and of each of its
// terms: a room that knows of them elsewhere forgets them there too, and drops them.
func (t Tables) Old(tx *db.Tx) (things []school.ID, err error) {
	for _, table := range t {
		if !table.IsThing() {
			continue
		}
		for _, r := range table.terms() {
			old, err := db.All(tx, db.Column[school.ID], "SELECT "+thing+" FROM "+table.Name+" WHERE "+r.From+" < $1 LIMIT $2", db.At(tx.Now.Add(-r.Term())), PurgedAtOnce)
			if err != nil {
				return nil, fmt.Errorf("finding what is old of %s: %w", table.Name, err)
			}
			things = append(things, old...)
		}
	}
	slices.Sort(things)
	return slices.Compact(things), nil
}

// PurgeRows deletes the rows whose retention runs from a column of theirs and is over, but those of
// things, and gives their number: [PurgedAtOnce] at most of each table, or as many as one instant
// made.
func (t Tables) PurgeRows(tx *db.Tx) (count int64, err error) {
	for _, table := range t {
		if table.IsThing() {
			continue
		}
		for _, r := range table.terms() {
			n, err := tx.Exec(fmt.Sprintf(`DELETE FROM %[1]s WHERE %[2]s <= (SELECT max(o.old) FROM (SELECT %[2]s AS old FROM %[1]s WHERE %[2]s < $1 ORDER BY %[2]s LIMIT $2) o)`, table.Name, r.From),
				db.At(tx.Now.Add(-r.Term())), PurgedAtOnce)
			if err != nil {
				return count, fmt.Errorf("purging %s: %w", table.Name, err)
			}
			count += n
		}
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
