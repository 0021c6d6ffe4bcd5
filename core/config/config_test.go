package config_test

import (
	"path/filepath"
	"testing"

	"preau/core/config"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/seal"
)

func key(t *testing.T) *seal.Key {
	t.Helper()
	k, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAnotherKeyIsRefused(t *testing.T) {
	ours, other := key(t), key(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, c := range []struct {
			key  *seal.Key
			kind fail.Kind
		}{{ours, fail.Fault}, {ours, fail.Fault}, {other, fail.Conflict}} {
			err := d.Write(t.Context(), func(tx *db.Tx) error { return config.CheckKey(tx, c.key) })
			if (err != nil) != (c.kind != fail.Fault) || err != nil && !fail.Is(err, c.kind) {
				t.Errorf("%v, want %v", err, c.kind)
			}
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
