package config

import (
	"embed"
	"encoding/hex"

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

// CheckKey remembers the fingerprint of the master key the first time, and
// refuses any other afterwards: with another key every code and every sealed
// secret of the database is lost, and this is better said at start.
func CheckKey(tx *db.Tx, key *seal.Key) error {
	fingerprint := hex.EncodeToString(key.MAC("config fingerprint"))
	known, err := Recall(tx, "key")
	switch {
	case err != nil:
		return err
	case known == "":
		return Remember(tx, "key", fingerprint)
	case known != fingerprint:
		return fail.New(fail.Conflict, "the key file is not the one that seals this database; give the right one with --key")
	}
	return nil
}
