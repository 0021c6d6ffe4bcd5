package db

import (
	"database/sql/driver"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"preau/core/fail"
)

// translate makes a driver's error one of ours. The driver's words stay in
// it, for the log only.
func translate(err error) error {
	if err == nil {
		return nil
	}
	var ours *fail.Error
	if errors.As(err, &ours) {
		return err
	}
	switch {
	case isNoText(err):
		return fail.New(fail.Invalid, "database: %w", err)
	case isConflict(err):
		return fail.New(fail.Conflict, "database: %w", err)
	case isUnavailable(err):
		return fail.New(fail.Unavailable, "database: %w", err).After(5 * time.Second)
	}
	return err
}

// isNoText tells that PostgreSQL refuses a zero, or bytes that are not UTF-8, in
// a text (22021 of appendix A): SQLite keeps them.
func isNoText(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "22021"
}

func isConflict(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		// Class 23 of appendix A of the PostgreSQL manual: integrity constraint.
		return len(pg.Code) == 5 && pg.Code[:2] == "23"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_CONSTRAINT
}

func isUnavailable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code[:2] { // 08 connection, 53 resources, 57 operator intervention
		case "08", "53", "57":
			return true
		}
		return pg.Code == "40001" || pg.Code == "40P01" // serialization, deadlock
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) || errors.Is(err, driver.ErrBadConn) {
		return true
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
			return true
		}
	}
	return false
}
