package db

import (
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// bulkRows is how many rows one SQLite statement inserts: past fifty nothing
// is gained, and the prepared statement grows.
const bulkRows = 50

// Constant is a column of which every row of a load says one thing. SQLite
// reads it in the statement: binding it for each row costs as much as any
// other value.
type Constant struct {
	Column string
	value  any // int64 or bool: what can be written in a statement as it is
}

// Constantly makes a Constant.
func Constantly[V int64 | bool](column string, value V) Constant { return Constant{column, value} }

// Bulk inserts rows into a table, the fastest way of the engine: COPY on
// PostgreSQL, many rows a statement on SQLite. Each row has its values in
// the order of columns; the slice may be used again once yielded. It gives
// the number of rows.
func (tx *Tx) Bulk(table string, columns []string, rows iter.Seq[[]any], constants ...Constant) (int64, error) {
	defer tx.answered(time.Now())
	if tx.dialect == Postgres {
		return tx.copy(table, columns, rows, constants)
	}
	return tx.insertMany(table, columns, "", rows, constants...)
}

// Add inserts a few rows into a table, or some hundreds, in statements of fifty: what a page writes.
// It takes and gives what [Tx.Bulk] does, which is for thousands.
func (tx *Tx) Add(table string, columns []string, rows iter.Seq[[]any]) (int64, error) {
	defer tx.answered(time.Now())
	return tx.insertMany(table, columns, "", rows)
}

// Put inserts rows or, where one has their key (the first columns, keys in
// number), overwrites it.
func (tx *Tx) Put(table string, columns []string, keys int, rows iter.Seq[[]any]) (int64, error) {
	defer tx.answered(time.Now())
	defer tx.answered(time.Now())
	sets := make([]string, 0, len(columns))
	for _, column := range columns[keys:] {
		sets = append(sets, column+" = excluded."+column)
	}
	return tx.insertMany(table, columns, fmt.Sprintf(" ON CONFLICT (%s) DO UPDATE SET %s",
		strings.Join(columns[:keys], ", "), strings.Join(sets, ", ")), rows)
}

func (tx *Tx) copy(table string, columns []string, rows iter.Seq[[]any], constants []Constant) (count int64, err error) {
	next, stop := iter.Pull(rows)
	defer stop()
	own := len(columns)
	columns = slices.Clone(columns)
	whole := make([]any, own+len(constants))
	for i, c := range constants {
		columns, whole[own+i] = append(columns, c.Column), c.value
	}
	source := pgx.CopyFromFunc(func() ([]any, error) {
		row, ok := next()
		if !ok {
			return nil, nil // the end, for pgx
		}
		if len(row) != own {
			return nil, fmt.Errorf("db: %d values for the %d columns of %s", len(row), own, table)
		}
		copy(whole, row)
		return whole, nil
	})
	err = tx.conn.Raw(func(driver any) error {
		count, err = driver.(*stdlib.Conn).Conn().CopyFrom(tx.ctx, pgx.Identifier{table}, columns, source)
		return err
	})
	return count, translate(err)
}

func (tx *Tx) insertMany(table string, columns []string, conflict string, rows iter.Seq[[]any], constants ...Constant) (int64, error) {
	text := func(n int) string { return tx.insertSQL(table, columns, constants, n) + conflict }
	var whole *sql.Stmt // of bulkRows rows, once there are as many
	var count int64
	pending := make([]any, 0, len(columns))
	for row := range rows {
		if len(row) != len(columns) {
			return count, fmt.Errorf("db: %d values for the %d columns of %s", len(row), len(columns), table)
		}
		count++
		if pending = append(pending, row...); len(pending) < bulkRows*len(columns) {
			continue
		}
		if whole == nil {
			var err error
			if whole, err = tx.tx.PrepareContext(tx.ctx, text(bulkRows)); err != nil {
				return count, translate(err)
			}
			defer whole.Close()
		}
		if _, err := whole.ExecContext(tx.ctx, pending...); err != nil {
			return count, translate(err)
		}
		pending = pending[:0]
	}
	if len(pending) == 0 {
		return count, nil
	}
	_, err := tx.tx.ExecContext(tx.ctx, text(len(pending)/len(columns)), pending...)
	return count, translate(err)
}

// insertSQL is an INSERT of n rows. To SQLite "$1" is a name, which it looks
// up among all the others at each binding: with a thousand of them that
// costs more than the insertion, and a bare "?" nothing.
func (tx *Tx) insertSQL(table string, columns []string, constants []Constant, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (%s", table, strings.Join(columns, ", "))
	said := ""
	for _, c := range constants {
		b.WriteString(", " + c.Column)
		said += fmt.Sprintf(", %v", c.value)
	}
	b.WriteString(") VALUES ")
	for i := range n * len(columns) {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%len(columns) == 0:
			b.WriteString(said + "), (")
		default:
			b.WriteString(", ")
		}
		if tx.dialect == SQLite {
			b.WriteByte('?')
		} else {
			fmt.Fprintf(&b, "$%d", i+1)
		}
	}
	b.WriteString(said + ")")
	return b.String()
}
