package account

import (
	"path/filepath"
	"testing"

	"preau/core/db"
	"preau/core/seal"
)

func newAccounts(t *testing.T, d *db.DB) *Accounts {
	t.Helper()
	key, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	return New(d, key)
}
