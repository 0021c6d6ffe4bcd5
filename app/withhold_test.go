package app

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/job"
	"preau/core/web"
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
			if _, err := tx.Exec(`INSERT INTO message_thread (id, school_id, class_id, child_id, author_id, parent_id, kind, subject, begun_at, last_at, leaves_at)
				VALUES ($1, 1, 0, 0, $2, 0, 'group', '', $3, $3, $3)`, id+1, of.author, at); err != nil {
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

// What is to leave is looked at each minute, before its hour, and once no node was there, after it:
// what nobody may write any more does not leave, and what is not due yet waits.
func TestTheHouseLooksAtWhatLeaves(t *testing.T) {
	d := dbtest.SQLite(t)
	h := house(t, d)
	now := d.Now()
	d.Now = func() time.Time { return now }
	look := func() {
		t.Helper()
		if err := h.sweep(t.Context(), job.Job{}); err != nil {
			t.Fatal(err)
		}
	}
	kept := func(id int) (is bool) {
		t.Helper()
		err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			is, err = db.One(tx, db.Column[bool], `SELECT kept_at IS NOT NULL FROM message_thread WHERE id = $1`, id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	look()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for id, after := range []time.Duration{time.Minute, 10 * time.Minute, time.Hour} {
			_, err := tx.Exec(`INSERT INTO message_thread (id, school_id, class_id, child_id, author_id, parent_id, kind, subject, begun_at, last_at, leaves_at)
				VALUES ($1, 1, 0, 0, 11, 0, 'group', '', $2, $2, $2)`, id+1, db.At(now.Add(after)))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	look()
	if !kept(1) || kept(2) || kept(3) {
		t.Errorf("a minute before its hour it is kept back %t, ten minutes %t, an hour %t", kept(1), kept(2), kept(3))
	}
	now = now.Add(30 * time.Minute)
	look()
	if !kept(2) || kept(3) {
		t.Errorf("what had its hour while nobody looked is kept back %t, what has it later %t", kept(2), kept(3))
	}
}

// Where what leaves cannot be looked at, people are told of what is new all the same, and the next minute looks again.
func TestALookThatFailsHindersNothing(t *testing.T) {
	d := dbtest.SQLite(t)
	h := house(t, d)
	var log strings.Builder
	h.Log = slog.New(slog.NewTextHandler(&log, nil))
	h.ahead.Stops = func(*db.Tx) (web.Stops, error) { return nil, errors.New("no switch is read") }
	if err := h.sweep(t.Context(), job.Job{}); err != nil {
		t.Errorf("nobody is told of what is new: %v", err)
	}
	if !strings.Contains(log.String(), "was not looked at") {
		t.Errorf("it is logged that %q", log.String())
	}
}
