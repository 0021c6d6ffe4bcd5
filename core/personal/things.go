package personal

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/school"
)

// Remove deletes the rows that are some things of rooms, or part of them, last table first,
// and gives them as they were: [Tables.Restore] puts them back, in their order.
func (t Tables) Remove(tx *db.Tx, things ...school.ID) ([]Row, error) {
	removed, err := t.parts(tx, things...)
	if err != nil {
		return nil, err
	}
	return removed, t.Drop(tx, things...)
}

// Drop deletes the rows that are some things of rooms, or part of them, last table first.
func (t Tables) Drop(tx *db.Tx, things ...school.ID) error {
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

// About lists the things that are about a person.
func (t Tables) About(tx *db.Tx, person school.ID) (things []school.ID, err error) {
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

// Said reads the rows that say what some things say: see [Table.Says].
func (t Tables) Said(tx *db.Tx, things ...school.ID) ([]Row, error) {
	return t.says().parts(tx, things...)
}

// There tells which of some things say anything still: a statement a table, however many these are.
func (t Tables) There(tx *db.Tx, things ...school.ID) (map[school.ID]bool, error) {
	there := map[school.ID]bool{}
	for _, table := range t.says() {
		if !table.IsThing() {
			continue
		}
		found, err := db.All(tx, db.Column[school.ID], "SELECT "+thing+" FROM "+table.Name+" WHERE "+thing+" "+tx.Among(1), db.List(tx, things))
		if err != nil {
			return nil, fmt.Errorf("finding things of %s: %w", table.Name, err)
		}
		for _, id := range found {
			there[id] = true
		}
	}
	return there, nil
}

// Swap has some things say again what some rows say, and gives those that said it until now. What
// others did with these things stays.
func (t Tables) Swap(tx *db.Tx, things []school.ID, rows []Row) ([]Row, error) {
	was, err := t.says().Remove(tx, things...)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if t.Of(row).Name == "" {
			continue // a table that is no more
		}
		if err := t.Restore(tx, row); err != nil {
			return nil, err
		}
	}
	return was, nil
}

// ByThing sorts out rows by which of some things they are, or are part of.
func (t Tables) ByThing(rows []Row, things ...school.ID) map[school.ID][]Row {
	of := make(map[school.ID][]Row, len(things))
	for _, id := range things {
		of[id] = nil
	}
	for _, row := range rows {
		for _, column := range t.Of(row).Things {
			id := row.ID(column)
			if _, asked := of[id]; asked {
				of[id] = append(of[id], row)
			}
		}
	}
	return of
}

// Wholes reads the rows of the things that others are part of: of a post, its conversation. Each is
// read once.
func (t Tables) Wholes(tx *db.Tx, parts []Row) (rows []Row, err error) {
	list := db.List(tx, t.wholes(parts))
	for _, table := range t.says() {
		if !table.IsThing() {
			continue
		}
		if err := table.each(tx, thing+" "+tx.Among(1), func(row Row) error {
			rows = append(rows, row)
			return nil
		}, list); err != nil {
			return nil, fmt.Errorf("reading what things of %s are part of: %w", table.Name, err)
		}
	}
	return rows, nil
}

// WholesOf are those of the rows that [Tables.Wholes] read which some rows are part of.
func (t Tables) WholesOf(parts, wholes []Row) (rows []Row) {
	of := t.wholes(parts)
	for _, row := range wholes {
		if slices.Contains(of, row.ID(thing)) {
			rows = append(rows, row)
		}
	}
	return rows
}

// wholes are the things that some rows are part of, and are not among them.
func (t Tables) wholes(parts []Row) (of []school.ID) {
	for _, row := range parts {
		table := t.Of(row)
		if !table.Says || !table.IsThing() {
			continue
		}
		for _, column := range table.Things {
			if id := row.ID(column); column != thing && id != 0 && !slices.Contains(of, id) {
				of = append(of, id)
			}
		}
	}
	return of
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

// Keeps tells which of some files of core/blob, by their names, some row has.
func Keeps[Name comparable](tx *db.Tx, t Tables, files ...Name) (map[Name]bool, error) {
	kept := map[Name]bool{}
	if len(files) == 0 {
		return kept, nil
	}
	places, names := make([]string, len(files)), make([]any, len(files))
	for i, file := range files {
		places[i], names[i] = fmt.Sprintf("$%d", i+1), file
	}
	among := " IN (" + strings.Join(places, ", ") + ")"
	for _, table := range t {
		for _, column := range table.Files {
			found, err := db.All(tx, db.Column[Name], "SELECT DISTINCT "+column+" FROM "+table.Name+" WHERE "+column+among, names...)
			if err != nil {
				return nil, err
			}
			for _, file := range found {
				kept[file] = true
			}
		}
	}
	return kept, nil
}

// Files lists, in their order and each once, some names of files of core/blob that rows have
// and that come after one: so many at most, and none only when there are no more. It is what
// [Keeps] tells, the other way round.
func Files(tx *db.Tx, t Tables, after []byte, most int) (files [][]byte, err error) {
	for _, table := range t {
		for _, column := range table.Files {
			found, err := db.All(tx, db.Column[[]byte], "SELECT DISTINCT "+column+" FROM "+table.Name+
				" WHERE "+column+" > $1 ORDER BY "+column+" LIMIT $2", after, most)
			if err != nil {
				return nil, fmt.Errorf("listing the files of %s: %w", table.Name, err)
			}
			files = append(files, found...)
		}
	}
	slices.SortFunc(files, bytes.Compare)
	files = slices.CompactFunc(files, bytes.Equal)
	return files[:min(most, len(files))], nil
}

// Having lists the columns, as table.column, in which some row has a file of core/blob.
func Having(tx *db.Tx, t Tables, file []byte) (columns []string, err error) {
	for _, table := range t {
		for _, column := range table.Files {
			there, err := db.All(tx, db.Column[int], "SELECT 1 FROM "+table.Name+" WHERE "+column+" = $1 LIMIT 1", file)
			if err != nil {
				return nil, fmt.Errorf("finding a file in %s: %w", table.Name, err)
			}
			if len(there) > 0 {
				columns = append(columns, table.Name+"."+column)
			}
		}
	}
	return columns, nil
}
