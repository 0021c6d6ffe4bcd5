package personal

import (
	"fmt"
	"maps"
	"slices"

	"preau/core/db"
	"preau/core/school"
)

// Taken gives what a person takes away of what stewards hold about them: the
// rows of the tables that a recipient may see, [Oneself] or one of the
// [Guardians], without the keys of the program. A row that is about somebody
// else too is theirs as much, and is left.
func Taken(tx *db.Tx, stewards []Steward, person school.ID, as Recipient) ([]Row, error) {
	var taken []Row
	for _, steward := range stewards {
		seen := map[string]Table{}
		for _, table := range steward.Holdings() {
			if len(table.Subjects)+len(table.Authors) > 0 && slices.Contains(table.Recipients, as) {
				seen[table.Name] = table
			}
		}
		if len(seen) == 0 {
			continue
		}
		rows, err := steward.Export(tx, person)
		if err != nil {
			return nil, fmt.Errorf("taking what is about %s: %w", person, err)
		}
		for _, row := range rows {
			table, ok := seen[row.Table]
			if !ok || table.shared(row, person) {
				continue
			}
			maps.DeleteFunc(row.Values, func(column string, value any) bool { return value == nil || table.isKey(column) })
			taken = append(taken, row)
		}
	}
	return taken, nil
}

// shared tells whether a row is about somebody else too.
func (t Table) shared(row Row, person school.ID) bool {
	return slices.ContainsFunc(t.Subjects, func(column string) bool {
		id, _ := row.Values[column].(int64)
		return id != 0 && id != int64(person)
	})
}

// isKey tells whether a column says nothing to people, or may not. The keys of places are
// left, to be named.
func (t Table) isKey(column string) bool {
	return slices.Contains(slices.Concat(t.Subjects, t.Authors, t.Keys, t.Secret), column)
}
