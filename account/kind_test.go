package account

import (
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/notify"
	"preau/directory"
)

// The codes that were out before there were two kinds are those of slips, and
// still serve.
func TestCodesOfBeforeAreSlips(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		files, err := fs.Glob(Schema().Files, "schema/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		before := fstest.MapFS{}
		for _, file := range files {
			if text, err := fs.ReadFile(Schema().Files, file); err != nil {
				t.Fatal(err)
			} else if file < "schema/0010" {
				before[file] = &fstest.MapFile{Data: text}
			}
		}
		if err := d.Migrate(t.Context(), db.Schema{Name: "account", Files: before}, audit.Schema()); err != nil {
			t.Fatal(err)
		}
		h := house{newAccounts(t, d), t, d}
		const bare = "K7QXM3PZ9RTB"
		h.write(func(tx *db.Tx) error {
			if _, err := h.Add(tx, claude, "claude.martin"); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO account_code (person_id, code, hats, made_by, made_at, expires_at) VALUES ($1, $2, $3, 0, $4, $5)`,
				claude, h.codeMAC(claude, bare), "National_TUT@11 National_ENS@11", db.At(tx.Now), db.At(tx.Now.Add(time.Hour)))
			return err
		})
		if err := d.Migrate(t.Context(), Schema(), directory.Schema(), notify.Schema()); err != nil {
			t.Fatal(err)
		}
		h.write(func(tx *db.Tx) error {
			codes, err := PendingOf(tx, claude)
			if len(codes) != 1 {
				t.Errorf("%d codes wait", len(codes))
			}
			return err
		})
		if _, err := h.Activate(t.Context(), "claude.martin", bare, good, home); err != nil {
			t.Error(err)
		}
	})
}
