package dbtest

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"preau/core/db"
)

// Model is a database that the first test which wants one makes, once on each
// engine, and that every test has a copy of: a copy takes a small part of the
// time of the migrations and of what fills the tables.
type Model[T any] struct {
	schemas          []db.Schema
	fill             func(*testing.T, *db.DB) T
	sqlite, postgres made[T]
}

// made is a model on an engine.
type made[T any] struct {
	once sync.Once
	done bool
	file []byte // SQLite's
	name string // of PostgreSQL's database
	with T
}

// NewModel is a model with the tables of the schemas. What fill gives goes
// with every copy: tests only read it.
func NewModel[T any](fill func(*testing.T, *db.DB) T, schemas ...db.Schema) *Model[T] {
	return &Model[T]{schemas: schemas, fill: fill}
}

// Each runs f as the function [Each] does, each time with a copy of the model.
func (m *Model[T]) Each(t *testing.T, f func(*testing.T, *db.DB, T)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		d, with := m.SQLite(t)
		f(t, d, with)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		d, with := m.copyPostgres(t)
		f(t, d, with)
	})
}

// SQLite opens a copy of the model on SQLite.
func (m *Model[T]) SQLite(t *testing.T) (*db.DB, T) {
	t.Helper()
	m.make(t, &m.sqlite, func() error {
		path := filepath.Join(t.TempDir(), "model.db")
		err := m.fillAt(t, path, &m.sqlite)
		if err == nil {
			m.sqlite.file, err = os.ReadFile(path) // closed: nothing is left in the log beside it
		}
		return err
	})
	path := filepath.Join(t.TempDir(), "preau.db")
	if err := os.WriteFile(path, m.sqlite.file, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, path, nil), m.sqlite.with
}

// copyPostgres opens a copy of the model on PostgreSQL, which copies the files
// of a whole database ten times faster than the tables of a schema.
func (m *Model[T]) copyPostgres(t *testing.T) (*db.DB, T) {
	t.Helper()
	running := here(t)
	m.make(t, &m.postgres, func() error {
		m.postgres.name = fmt.Sprintf("model_%d", numbers.Add(1))
		running.run(t, "CREATE DATABASE "+m.postgres.name)
		return m.fillAt(t, address(running.socket, m.postgres.name, "public"), &m.postgres)
	})
	name := fmt.Sprintf("test_%d", numbers.Add(1))
	running.run(t, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, m.postgres.name))
	t.Cleanup(func() { running.run(t, fmt.Sprintf("DROP DATABASE %s WITH (FORCE)", name)) })
	return open(t, address(running.socket, name, "public"), nil), m.postgres.with
}

// make makes the model on an engine, unless a test did or failed to.
func (m *Model[T]) make(t *testing.T, on *made[T], how func() error) {
	t.Helper()
	on.once.Do(func() {
		if err := how(); err != nil {
			t.Fatal(err)
		}
		on.done = true
	})
	if !on.done {
		t.Fatal("the model was not made: see the first test that failed")
	}
}

// fillAt makes the tables and fills them, and closes the database: a copy
// begins with all of it and nobody in it.
func (m *Model[T]) fillAt(t *testing.T, where string, on *made[T]) error {
	t.Helper()
	d := open(t, where, m.schemas)
	on.with = m.fill(t, d)
	return d.Close()
}
