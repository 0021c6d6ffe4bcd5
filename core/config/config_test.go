package config_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preau/core/config"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/seal"
)

func TestTheKeyIsMadeOnceAndNoOtherOpens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := t.TempDir()
		ours, other := filepath.Join(dir, "key"), filepath.Join(dir, "other")
		if _, err := seal.Open(other); err != nil {
			t.Fatal(err)
		}
		open := func(path, want string) {
			t.Helper()
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := config.OpenKey(tx, path)
				return err
			})
			if want == "" && err != nil || want != "" && (!fail.Is(err, fail.Conflict) || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s: %v, want %q", path, err, want)
			}
		}
		open(ours, "")
		open(ours, "")
		open(other, "is not the one")
		if err := os.Remove(ours); err != nil {
			t.Fatal(err)
		}
		open(ours, "is missing")
		if _, err := os.Stat(ours); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a key was made beside a database that has one: %v", err)
		}
	}, config.Schema())
}

func TestDemoIsForGood(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if demo, err := config.Demo(tx); demo || err != nil {
				t.Errorf("an empty database is a demo: %v, %v", demo, err)
			}
			if err := config.MarkDemo(tx); err != nil {
				return err
			}
			demo, err := config.Demo(tx)
			if !demo {
				t.Error("the mark is lost")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}, config.Schema())
}
