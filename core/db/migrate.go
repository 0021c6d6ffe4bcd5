package db

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

// Schema is the migrations of one slice: a folder "schema" of SQL files named
// 0001_what.sql, in goose's format. A step that must differ has two files, 0001_what.sqlite.sql
// and 0001_what.postgres.sql.
type Schema struct {
	Name  string // of the slice; its tables begin with it
	Files fs.FS
}

// Migrate brings each slice's tables up to date, in the order given. Nodes
// that start together wait for the first.
func (d *DB) Migrate(ctx context.Context, schemas ...Schema) error {
	for _, s := range schemas {
		if err := d.migrate(ctx, s); err != nil {
			return fmt.Errorf("migrating the tables of %s: %w", s.Name, err)
		}
	}
	return nil
}

func (d *DB) migrate(ctx context.Context, s Schema) error {
	dialect := goose.DialectSQLite3
	if d.dialect == Postgres {
		dialect = goose.DialectPostgres
	}
	store, err := database.NewStore(database.Dialect(dialect), s.Name+"_migration")
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{
		goose.WithStore(store), goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)),
	}
	if d.dialect == Postgres {
		var installation string
		if err := d.write.QueryRowContext(ctx, `SELECT current_schema()`).Scan(&installation); err != nil {
			return translate(err)
		}
		locker, err := lock.NewPostgresSessionLocker(
			lock.WithLockID(int64(lockKey("migrate "+installation))), lock.WithLockTimeout(1, 600))
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	files, err := fs.Sub(s.Files, "schema")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider("", d.write, ofDialect{files, d.dialect}, options...)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// ofDialect shows a schema's files without those of the other engine.
type ofDialect struct {
	fs.FS
	dialect Dialect
}

// Glob implements fs.GlobFS, which goose asks for its files with.
func (f ofDialect) Glob(pattern string) ([]string, error) {
	names, err := fs.Glob(f.FS, pattern)
	if err != nil {
		return nil, err
	}
	var ours []string
	for _, name := range names {
		other := SQLite
		if f.dialect == SQLite {
			other = Postgres
		}
		if !strings.HasSuffix(name, "."+string(other)+".sql") {
			ours = append(ours, name)
		}
	}
	return ours, nil
}
