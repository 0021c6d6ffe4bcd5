package db

import (
	"context"
	"errors"
	"fmt"
	"io"
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
		var installation *string
		if err := d.write.QueryRowContext(ctx, `SELECT current_schema()`).Scan(&installation); err != nil {
			return translate(err)
		}
		if installation == nil {
			return errors.New("no schema of the address's search_path is in the database")
		}
		locker, err := lock.NewPostgresSessionLocker(
			lock.WithLockID(int64(lockKey("migrate "+*installation))), lock.WithLockTimeout(1, 600))
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

// words are the two words that a migration may use for what the engines
// write differently: ROWID_KEY, a BIGINT primary key that SQLite keeps as
// its row number, and CLUSTERED, a table stored in its primary key. Without
// them SQLite keeps each key twice, and a bulk load takes twice as long.
var words = map[Dialect]*strings.Replacer{
	SQLite:   strings.NewReplacer("ROWID_KEY", "INTEGER PRIMARY KEY", "CLUSTERED", "WITHOUT ROWID"),
	Postgres: strings.NewReplacer("ROWID_KEY", "BIGINT PRIMARY KEY", " CLUSTERED", ""),
}

// ofDialect shows a schema's files in the words of one engine, without those
// of the other.
type ofDialect struct {
	fs.FS
	dialect Dialect
}

// Open implements fs.FS.
func (f ofDialect) Open(name string) (fs.File, error) {
	opened, err := f.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return opened, err
	}
	text, err := io.ReadAll(opened)
	if err != nil {
		return nil, err
	}
	return file{opened, strings.NewReader(words[f.dialect].Replace(string(text)))}, nil
}

// file is a file whose text is another.
type file struct {
	fs.File
	text *strings.Reader
}

// Read implements fs.File.
func (f file) Read(into []byte) (int, error) { return f.text.Read(into) }

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
