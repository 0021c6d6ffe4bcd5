//go:build !race

package app

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/directory"
	"preau/test/village"
)

// TestAKilledFeedLeavesTheOldRegisterOrTheNew kills the command at instants
// spread over its life, and looks at what is left.
func TestAKilledFeedLeavesTheOldRegisterOrTheNew(t *testing.T) {
	dir := t.TempDir()
	sum, err := village.Write(dir, village.Options{Schools: 30, Seed: 9, Date: time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	whole := directory.Stats{
		Schools: sum.Schools, Classes: sum.Classes, Pupils: sum.Pupils, Guardians: sum.Guardians, Staff: sum.Staff, Bonds: sum.Bonds,
	}
	for engine, where := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "preau.db") },
		"postgres": func(t *testing.T) string { return dbtest.URL(t) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			took, died := feedAndKill(t, dir, t.TempDir(), where(t), time.Minute)
			if died {
				t.Fatal("the feed does not end by itself")
			}
			const kills = 12
			died, data, at := false, t.TempDir(), where(t)
			for i := range kills {
				_, killed := feedAndKill(t, dir, data, at, took*time.Duration(i+1)/(kills+2))
				died = died || killed
				if got := stats(t, at); got != (directory.Stats{}) && got != whole {
					t.Fatalf("half a register is left: %+v", got)
				}
			}
			if !died {
				t.Error("no feed was killed: this test proves nothing")
			}
		})
	}
}

// feedAndKill feeds in a process of its own, and kills it unless it ended
// before.
func feedAndKill(t *testing.T, dir, data, at string, after time.Duration) (took time.Duration, killed bool) {
	t.Helper()
	feed := exec.Command(os.Args[0], "feed", dir, "--data", data, "--db", at)
	feed.Env = append(os.Environ(), asCommand+"=1")
	var said strings.Builder
	feed.Stderr = &said
	start := time.Now()
	if err := feed.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = feed.Process.Kill() })
	defer timer.Stop()
	err := feed.Wait()
	took = time.Since(start)
	killed = !feed.ProcessState.Exited()
	if err != nil && !killed && strings.Contains(said.String(), "refused (busy)") {
		return feedAndKill(t, dir, data, at, after) // the server has not seen yet that the one before was killed
	}
	if err != nil && !killed {
		t.Fatalf("the feed failed by itself: %v\n%s", err, said.String())
	}
	return took, killed
}

// stats counts a register that other processes write.
func stats(t *testing.T, at string) (s directory.Stats) {
	t.Helper()
	d, err := db.Open(context.WithoutCancel(t.Context()), at)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(t.Context(), schemas()...); err != nil {
		t.Fatal(err)
	}
	if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		s, err = directory.Count(tx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s
}
