package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"preau/core/fail"
)

// Tx is a transaction with its clock: everything that happens in it happens
// at Now. It lives as long as the context it began with and carries it, so
// that a store's functions take a Tx and nothing else.
type Tx struct {
	Now time.Time

	ctx     context.Context
	dialect Dialect
	conn    *sql.Conn
	tx      *sql.Tx

	meter   *Meter            // counts its statements; nil: nobody asked
	dropped []string          // the indexes to make again: see LoadInto
	rest    time.Duration     // what is left of it: see Gently
	after   []func(time.Time) // see afterCommit
}

// Read runs f in a read-only transaction that sees one state of the database.
func (d *DB) Read(ctx context.Context, f func(*Tx) error) error {
	options := &sql.TxOptions{ReadOnly: d.dialect == Postgres} // SQLite's driver refuses the option
	if d.dialect == Postgres {
		options.Isolation = sql.LevelRepeatableRead
	}
	return d.run(ctx, d.read, options, f)
}

// Write runs f in a transaction and commits it when f returns nil. On any
// error, or when the process dies, nothing of it remains.
func (d *DB) Write(ctx context.Context, f func(*Tx) error) error {
	var after []func(time.Time)
	err := d.run(ctx, d.write, nil, func(tx *Tx) error {
		err := f(tx)
		after = tx.after
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range after {
		f(d.Now())
	}
	return nil
}

// afterCommit has a function run once what tx writes is there for everybody, with
// the time that it is then; never when it is rolled back. The connection is given
// back first: the function may wait for whoever waits for one.
func (tx *Tx) afterCommit(f func(now time.Time)) { tx.after = append(tx.after, f) }

func (d *DB) run(ctx context.Context, pool *sql.DB, options *sql.TxOptions, f func(*Tx) error) (err error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return translate(err)
	}
	defer conn.Close()
	inner, err := conn.BeginTx(ctx, options)
	if err != nil {
		return translate(err)
	}
	done := false
	defer func() {
		if !done { // f failed or panicked
			if rollback := inner.Rollback(); rollback != nil && !errors.Is(rollback, sql.ErrTxDone) && err == nil {
				err = translate(rollback)
			}
		}
	}()
	tx := &Tx{Now: d.Now(), ctx: ctx, dialect: d.dialect, conn: conn, tx: inner}
	tx.meter, _ = ctx.Value(metered{}).(*Meter)
	if d.gentle {
		tx.rest = restsAtMost
	}
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Reindex(); err != nil {
		return err
	}
	done = true
	return translate(inner.Commit())
}

// Context is the context that the transaction began with.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Exec runs a statement and gives the number of rows it touched.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	defer tx.answered(time.Now())
	result, err := tx.tx.ExecContext(tx.ctx, query, args...)
	if err != nil {
		return 0, translate(err)
	}
	return result.RowsAffected()
}

// Row is what a scan function reads: one row of an answer.
type Row interface{ Scan(into ...any) error }

// Each calls f for every row of an answer, as the rows come.
func (tx *Tx) Each(f func(Row) error, query string, args ...any) error {
	defer tx.answered(time.Now())
	rows, err := tx.tx.QueryContext(tx.ctx, query, args...)
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return translate(err)
		}
	}
	return translate(rows.Err())
}

// Get reads the only row of an answer into the pointers. No row is
// fail.NotFound.
func (tx *Tx) Get(into []any, query string, args ...any) error {
	defer tx.answered(time.Now())
	err := tx.tx.QueryRowContext(tx.ctx, query, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return fail.New(fail.NotFound, "no row")
	}
	return translate(err)
}

// All reads every row of an answer.
func All[T any](tx *Tx, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	var list []T
	err := tx.Each(func(row Row) error {
		one, err := scan(row)
		if err == nil {
			list = append(list, one)
		}
		return err
	}, query, args...)
	return list, err
}

// One reads the only row of an answer. No row is fail.NotFound.
func One[T any](tx *Tx, scan func(Row) (T, error), query string, args ...any) (T, error) {
	defer tx.answered(time.Now())
	one, err := scan(tx.tx.QueryRowContext(tx.ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return one, fail.New(fail.NotFound, "no row")
	}
	return one, translate(err)
}

// Column reads a one-column row; a scan function for [All] and [One].
func Column[T any](row Row) (value T, err error) {
	err = row.Scan(&value)
	return value, err
}
