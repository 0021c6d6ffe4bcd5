package account

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
)

// Two nodes that saw the same sessions write their rows at once, and neither waits
// for the other in a circle.
func TestTwoNodesWriteTheSameSights(t *testing.T) {
	each(t, func(h house) {
		nodes := []*Accounts{h.Accounts, newAccounts(h.t, h.d)}
		sessions := make([]Session, 40)
		h.write(func(tx *db.Tx) error {
			for i := range sessions {
				opened, err := open(tx, Session{
					ID: school.NewID(tx.Now), Person: []school.ID{zoe, claude, head, gone}[i%4], Profile: school.Teacher, Created: tx.Now,
				})
				if err != nil {
					return err
				}
				sessions[i] = opened.Session
			}
			return nil
		})
		for round := range 5 {
			seen := h.now().Add(time.Duration(round+1) * 25 * time.Hour)
			var all sync.WaitGroup
			for _, node := range nodes {
				for _, s := range sessions {
					node.seen.note(s, seen)
				}
				all.Go(func() {
					if err := node.WriteSights(h.t.Context()); err != nil {
						h.t.Error(err)
					}
				})
			}
			all.Wait()
		}
	})
}

// What could not be written is logged, and the node goes on.
func TestSightsThatAreNotWritten(t *testing.T) {
	d := dbtest.SQLite(t, Schema())
	a := newAccounts(t, d)
	d.Close()
	a.seen.note(Session{hash: make([]byte, 32)}, d.Now())
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- a.Run(ctx, slog.New(slog.NewTextHandler(&log, nil))) }()
		time.Sleep(writeEvery)
		synctest.Wait()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if !strings.Contains(log.String(), "sights not written") {
			t.Errorf("logged %q", log.String())
		}
	})
}
