package app

import (
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
)

// What somebody wrote for later, under a record that a merge took away too, is kept back by the
// house once their account is shut; what has left already, and what another wrote, is not.
func TestTheHouseKeepsBackWhatAShutAccountWrote(t *testing.T) {
	d := dbtest.SQLite(t)
	h := house(t, d)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.Exec(`INSERT INTO directory_merge (gone_id, kept_id, merged_at) VALUES (12, 11, 0)`); err != nil {
			return err
		}
		for id, of := range []struct {
			author, after int64
			kept          bool
		}{{11, 60, true}, {12, 60, true}, {11, -60, false}, {13, 60, false}} {
			at := tx.Now.UnixMilli() + of.after*1000
			if _, err := tx.Exec(`INSERT INTO message_thread (id, school_id, class_id, child_id, author_id, parent_id, kind, subject, begun_at, last_at)
				VALUES ($1, 1, 0, 0, $2, 0, 'group', '', $3, $3)`, id+1, of.author, at); err != nil {
				return err
			}
			if err := h.Accounts.Withhold(tx, 11); err != nil {
				return err
			}
			kept, err := db.One(tx, db.Column[bool], `SELECT kept_at IS NOT NULL FROM message_thread WHERE id = $1`, id+1)
			if err != nil {
				return err
			}
			if kept != of.kept {
				t.Errorf("of %d, to leave after %d s: kept back %t", of.author, of.after, kept)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
