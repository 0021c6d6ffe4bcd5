package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/fnv"
	"os"

	"golang.org/x/sys/unix"

	"preau/core/fail"
)

// Lock takes a named lock that one process of the installation holds at a
// time, and that its death releases: an advisory lock on PostgreSQL, a locked
// file beside the database on SQLite. When another holds it, Lock returns
// fail.Conflict at once.
func (d *DB) Lock(ctx context.Context, name string) (release func(), err error) {
	if d.dialect == Postgres {
		return d.lockPostgres(ctx, name)
	}
	return d.lockFile(name)
}

func (d *DB) lockPostgres(ctx context.Context, name string) (func(), error) {
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return nil, translate(err)
	}
	// The schema is part of the key: two installations may share a database.
	var taken bool
	err = conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1, hashtext(current_schema()))`,
		lockKey(name)).Scan(&taken)
	if err != nil || !taken {
		conn.Close()
		if err != nil {
			return nil, translate(err)
		}
		return nil, held(name)
	}
	return func() {
		// Whatever the context became, the lock is given back; a connection
		// that cannot be told is thrown away, and the lock goes with it.
		_, err := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1, hashtext(current_schema()))`, lockKey(name))
		if err != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		}
		conn.Close()
	}, nil
}

func (d *DB) lockFile(name string) (func(), error) {
	file, err := os.OpenFile(d.path+"."+name+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		file.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, held(name)
		}
		return nil, fmt.Errorf("locking %s: %w", name, err)
	}
	return func() { file.Close() }, nil // closing releases
}

// lockKey is the number by which PostgreSQL knows a lock.
func lockKey(name string) int32 {
	hash := fnv.New32a()
	fmt.Fprintf(hash, "preau %s", name)
	return int32(hash.Sum32())
}

func held(name string) error {
	return fail.New(fail.Conflict, "the lock %q is held by another process", name)
}
