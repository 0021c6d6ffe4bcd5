package db

import (
	"context"
	"database/sql/driver"
	"errors"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// A page asks some thirty questions, and SQLite takes as long to compile one
// as to answer it. Each connection keeps those that it was asked last, ready to
// be asked again: at most maxReady, none of them longer than MaxReady (a
// question with a thousand identifiers in it is not asked twice).
const (
	maxReady = 200
	MaxReady = 20 << 10 // bytes
)

// readying opens connections that keep their statements.
type readying struct{ driver.Connector }

func (r readying) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := r.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := conn.(sqliteConn)
	if !ok {
		return nil, errors.Join(errors.New("the driver of SQLite lacks what its documentation says"), conn.Close())
	}
	c := &readyConn{sqliteConn: inner}
	c.last, err = simplelru.NewLRU(maxReady, func(_ string, s *readyStmt) {
		s.forgotten = true
		s.release()
	})
	return c, err
}

// sqliteConn is what the driver's connections are.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// readyConn is a connection and the statements that it was asked last.
type readyConn struct {
	sqliteConn
	last *simplelru.LRU[string, *readyStmt]
}

// readyStmt is a statement that is kept, or that another with the same text
// was busy for.
type readyStmt struct {
	driver.Stmt
	busy      bool
	forgotten bool
}

// release closes a statement that nobody uses and that is not kept.
func (s *readyStmt) release() {
	if s.forgotten && !s.busy {
		_ = s.Close() // it has told its error to whoever used it
	}
}

// take gives a statement to whoever asked, until they let go of it.
func (c *readyConn) take(ctx context.Context, query string) (*readyStmt, error) {
	kept, ok := c.last.Get(query)
	if ok && !kept.busy {
		kept.busy = true
		return kept, nil
	}
	stmt, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s := &readyStmt{Stmt: stmt, busy: true, forgotten: ok}
	if !ok {
		c.last.Add(query, s)
	}
	return s, nil
}

func (s *readyStmt) letGo() {
	s.busy = false
	s.release()
}

// ExecContext runs a statement.
func (c *readyConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(query) > MaxReady {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	defer s.letGo()
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// QueryContext asks, and keeps the statement busy until the rows are closed.
func (c *readyConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if len(query) > MaxReady {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		s.letGo()
		return nil, err
	}
	return &readyRows{rows, s}, nil
}

// Close closes the connection and its statements.
func (c *readyConn) Close() error {
	c.last.Purge()
	return c.sqliteConn.Close()
}

// readyRows are the rows of a statement that is let go of once they are read.
type readyRows struct {
	driver.Rows
	of *readyStmt
}

// Close ends the reading; database/sql may call it twice.
func (r *readyRows) Close() error {
	err := r.Rows.Close()
	if r.of != nil {
		r.of.letGo()
		r.of = nil
	}
	return err
}
