package db

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// In writes identifiers for an IN: they are numbers of ours, a few hundred at
// most, and as many placeholders would make a statement that no engine keeps.
// An empty list finds nothing. What a page asks is [Tx.Among] instead.
func In[N ~int64](list []N) string {
	if len(list) == 0 {
		return "NULL"
	}
	var b strings.Builder
	for i, n := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(int64(n), 10))
	}
	return b.String()
}

// Among is the condition that what is written before it is among the identifiers
// of a [List] at the placeholder $place. A statement with it has one text for
// everybody: the engines keep how to answer it, which takes them longer than to
// answer.
func (tx *Tx) Among(place int) string {
	if tx.dialect == Postgres {
		return fmt.Sprintf("= ANY($%d::bigint[])", place)
	}
	return fmt.Sprintf("IN (SELECT value FROM json_each($%d))", place)
}

// List is the value of identifiers for [Tx.Among]. An empty list finds nothing.
func List[N ~int64](tx *Tx, list []N) any {
	if tx.dialect == Postgres {
		numbers := make([]int64, len(list))
		for i, n := range list {
			numbers[i] = int64(n)
		}
		return numbers
	}
	if len(list) == 0 {
		return "[]"
	}
	return "[" + In(list) + "]"
}

// Rows is a table that a statement is given as one value, at the placeholder $place,
// made by [RowList]: its columns, in the order of the cells. As with [Tx.Among], a
// statement with it has one text for everybody.
func (tx *Tx) Rows(place int, columns ...string) string {
	cells := make([]string, len(columns))
	from := fmt.Sprintf("json_each($%d)", place)
	for i, column := range columns {
		name, text := strings.CutSuffix(column, " TEXT")
		switch {
		case tx.dialect != Postgres:
			cells[i] = fmt.Sprintf("json_extract(value, '$[%d]') AS %s", i, name)
		case text:
			cells[i] = fmt.Sprintf("value->>%d AS %s", i, name)
		default:
			cells[i] = fmt.Sprintf("(value->>%d)::bigint AS %s", i, name)
		}
	}
	if tx.dialect == Postgres {
		from = fmt.Sprintf("jsonb_array_elements($%d::jsonb)", place)
	}
	return "(SELECT " + strings.Join(cells, ", ") + " FROM " + from + ")"
}

// RowList is the value of some rows for [Tx.Rows]: numbers, and texts in the columns
// that are named with " TEXT".
func RowList(rows [][]any) string {
	if len(rows) == 0 {
		return "[]"
	}
	text, err := json.Marshal(rows)
	if err != nil { // a cell that is neither
		panic(fmt.Sprintf("db: rows that no statement takes: %v", err))
	}
	return string(text)
}
