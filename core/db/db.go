package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
)

// Dialect is the engine behind a [DB].
type Dialect string

// The two engines.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// DB is an open database. SQLite has a pool of readers and one writer;
// PostgreSQL has a pool of readers and one of writers.
type DB struct {
	// Now is the clock of every transaction; tests set their own.
	Now func() time.Time

	dialect     Dialect
	path        string // of the SQLite file
	gentle      bool
	read, write *sql.DB
	alive       *sql.DB // one connection, of nobody who waits for another; nil for SQLite
}

// Open opens the database at a postgres:// URL, or else the SQLite file at a
// path, which is created when missing.
func Open(ctx context.Context, where string) (*DB, error) {
	d := &DB{Now: time.Now}
	var err error
	if IsPostgres(where) {
		err = d.openPostgres(where)
	} else {
		err = d.openSQLite(where)
	}
	if err != nil {
		return nil, err
	}
	if err := d.Ping(ctx); err != nil {
		d.Close()
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	return d, nil
}

// IsPostgres tells whether a database is at an address of PostgreSQL's.
func IsPostgres(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

func (d *DB) openPostgres(where string) error {
	config, err := pgx.ParseConfig(where)
	if err != nil {
		return fmt.Errorf("the database URL cannot be read: %w", err) // pgx hides the password
	}
	setDefault(config.RuntimeParams, "application_name", "preau")
	if !strings.Contains(where, "connect_timeout") {
		config.ConnectTimeout = connectTime // pgx would wait for two minutes
	}
	// To compile a question of a page as machine code takes longer than to answer it.
	setDefault(config.RuntimeParams, "jit", "off")
	open := func(conns int) *sql.DB {
		pool := stdlib.OpenDB(*config)
		pool.SetMaxOpenConns(conns)
		pool.SetMaxIdleConns(conns)
		pool.SetConnMaxLifetime(time.Hour)
		return pool
	}
	d.dialect = Postgres
	d.write = open(max(8, 4*runtime.GOMAXPROCS(0)))
	// And to plan one takes longer than to answer it, so that what reads keeps its
	// plans, whatever is asked for; they reckon with pages that are in memory.
	config.RuntimeParams = maps.Clone(config.RuntimeParams)
	setDefault(config.RuntimeParams, "plan_cache_mode", "force_generic_plan")
	setDefault(config.RuntimeParams, "random_page_cost", "1.1")
	d.read = open(8 * runtime.GOMAXPROCS(0))
	d.alive = open(1)
	return nil
}

// connectTime is how long a server may take to let one in.
const connectTime = 3 * time.Second

// setDefault sets a parameter that the address does not.
func setDefault(parameters map[string]string, name, value string) {
	if _, ok := parameters[name]; !ok {
		parameters[name] = value
	}
}

// openSQLite puts every pragma in the address, so that each connection of a
// pool has them: write-ahead log, a full sync at each commit (nothing
// acknowledged is lost), foreign keys, five seconds of patience, and pages of
// 8 kB, which a new database keeps for good and which load a twentieth faster.
// Each connection keeps 16 MB of pages (half as much again with what the
// allocator loses around them); more, or a mapped file, changes nothing that was
// measured, since the system keeps the file in memory too.
func (d *DB) openSQLite(path string) error {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	open := func(txlock string, conns int, more ...string) (*sql.DB, error) {
		query := url.Values{
			"_txlock": {txlock},
			"_pragma": append([]string{
				"busy_timeout(5000)", "page_size(8192)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)",
				"temp_store(MEMORY)", "cache_size(-16384)",
			}, more...),
		}
		connector, err := sqlite.NewConnector("file:" + (&url.URL{Path: absolute}).EscapedPath() + "?" + query.Encode())
		if err != nil {
			return nil, err
		}
		pool := sql.OpenDB(readying{connector})
		pool.SetMaxOpenConns(conns)
		pool.SetMaxIdleConns(conns)
		return pool, nil
	}
	d.dialect, d.path = SQLite, absolute
	// The files that SQLite puts beside take the rights of this one.
	file, err := os.OpenFile(absolute, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	if err := errors.Join(file.Chmod(0o600), file.Close()); err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	if d.write, err = open("immediate", 1); err != nil {
		return err
	}
	d.read, err = open("deferred", max(4, 2*runtime.GOMAXPROCS(0)), "query_only(ON)")
	return err
}

// Dialect tells the engine, for the few places where it matters.
func (d *DB) Dialect() Dialect { return d.dialect }

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.write.PingContext(ctx); err != nil { // first: it creates the SQLite file
		return translate(err)
	}
	return translate(d.read.PingContext(ctx))
}

// Alive tells whether the engine answers, however many wait for it: it has a connection of
// its own. SQLite is a file of this machine, and always does.
func (d *DB) Alive(ctx context.Context) error {
	if d.alive == nil {
		return nil
	}
	var one int
	return translate(d.alive.QueryRowContext(ctx, "SELECT 1").Scan(&one))
}

// Close closes the pools.
func (d *DB) Close() error {
	var errs []error
	for _, pool := range []*sql.DB{d.write, d.read, d.alive} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}
