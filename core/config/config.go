package config

import (
	"embed"
	"encoding/hex"
	"errors"
	"io/fs"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/personal"
	"preau/core/seal"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the migrations of the table config_setting.
func Schema() db.Schema { return db.Schema{Name: "config", Files: files} }

// Holdings declares the table.
var Holdings = personal.Tables{{Name: "config_setting", Plain: []string{"name", "value"}}}

// Recall reads a setting; it is empty when it was never set.
func Recall(tx *db.Tx, name string) (string, error) {
	value, err := db.One(tx, db.Column[string], `SELECT value FROM config_setting WHERE name = $1`, name)
	if fail.Is(err, fail.NotFound) {
		return "", nil
	}
	return value, err
}

// Remember writes a setting.
func Remember(tx *db.Tx, name, value string) error {
	_, err := tx.Exec(`INSERT INTO config_setting (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// Demo tells whether the data is fictional.
func Demo(tx *db.Tx) (bool, error) {
	value, err := Recall(tx, "demo")
	return value != "", err
}

// MarkDemo marks the data as fictional, for good.
func MarkDemo(tx *db.Tx) error { return Remember(tx, "demo", "fictional") }

// OpenKey opens the master key of the database, from the file at path. The first
// time it makes the file where there is none, and remembers the fingerprint of
// the key. Afterwards a file that is missing, or that holds another key, is
// fail.Conflict: with another key every code and every sealed secret of the
// database is lost, and this is better said at start.
func OpenKey(tx *db.Tx, path string) (*seal.Key, error) {
	known, err := Recall(tx, "key")
	if err != nil {
		return nil, err
	}
	open := seal.Read
	if known == "" {
		open = seal.Open
	}
	key, err := open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fail.New(fail.Conflict, "the key file %s is missing, and this database does not open without it; put it back from where it is backed up, or say where it is with --key", path)
	}
	if err != nil {
		return nil, err
	}
	switch fingerprint := hex.EncodeToString(key.MAC("config fingerprint")); known {
	case "":
		return key, Remember(tx, "key", fingerprint)
	case fingerprint:
		return key, nil
	}
	return nil, fail.New(fail.Conflict, "the key file is not the one that seals this database; give the right one with --key")
}
