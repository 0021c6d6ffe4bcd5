package app

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/directory/feed"
	"preau/exchange/reception"
	"preau/test/village"
)

// server is preau serve, in a process of its own.
type server struct {
	*exec.Cmd
	said *strings.Builder
}

// serveInbox starts a server that watches a folder closely.
func serveInbox(t *testing.T, program, inbox, data, at string, change ...func(*exec.Cmd)) server {
	t.Helper()
	s := server{exec.Command(program, "serve", "--addr", "127.0.0.1:0", "--inbox", inbox, "--poll", "50ms", "--data", data, "--db", at), &strings.Builder{}}
	s.Env = append(os.Environ(), asCommand+"=1")
	s.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	s.Stderr = s.said
	for _, f := range change {
		f(s.Cmd)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// stop kills the server and the process that watches for it, at once.
func (s server) stop() {
	_ = syscall.Kill(-s.Process.Pid, syscall.SIGKILL)
	_ = s.Wait() // it was killed
}

// until waits for something, as long as a slow machine may need.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
}

// TestAKilledReceptionLosesNothing puts deliveries in the folder, and kills
// the server that watches it again and again: each is fed once, in order.
func TestAKilledReceptionLosesNothing(t *testing.T) {
	monday := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	complete, deltas := t.TempDir(), []string{}
	if _, err := village.Write(complete, village.Options{Schools: 6, Seed: 9, Date: monday}); err != nil {
		t.Fatal(err)
	}
	for of := complete; len(deltas) < 3; of = deltas[len(deltas)-1] {
		dir := t.TempDir()
		if _, err := village.WriteDelta(of, dir, false); err != nil {
			t.Fatal(err)
		}
		deltas = append(deltas, dir)
	}
	for engine, where := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "preau.db") },
		"postgres": func(t *testing.T) string { return dbtest.URL(t) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			inbox, data, at := t.TempDir(), t.TempDir(), where(t)
			h, err := Open(t.Context(), Place{Data: data, DB: at}, discard())
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			if err := h.DB.Write(t.Context(), func(tx *db.Tx) error {
				_, err := h.Reception.Open(tx, reception.Account{Name: "aaf-orvalmont", Academy: "096", Daily: true, SilenceDays: 8})
				return err
			}); err != nil {
				t.Fatal(err)
			}
			in := filepath.Join(inbox, "aaf-orvalmont", "in")
			if err := os.MkdirAll(in, 0o700); err != nil {
				t.Fatal(err)
			}
			for i, dir := range append([]string{complete}, deltas...) {
				// A folder, as its sender writes it: renamed once it is whole.
				name := filepath.Join(in, "day"+string(rune('0'+i)))
				if err := os.CopyFS(name+".part", os.DirFS(dir)); err != nil {
					t.Fatal(err)
				}
				if err := os.Rename(name+".part", name); err != nil {
					t.Fatal(err)
				}
			}
			done := func() bool {
				for i := range 1 + len(deltas) {
					text, err := os.ReadFile(filepath.Join(inbox, "aaf-orvalmont", "out", "day"+string(rune('0'+i))+".ack.json"))
					var ack reception.Acknowledgement
					if err != nil || json.Unmarshal(text, &ack) != nil || ack.State != reception.Applied {
						return false
					}
				}
				return true
			}
			killed := 0
			for i := 0; i < 40 && !done(); i++ {
				s := serveInbox(t, os.Args[0], inbox, data, at)
				select {
				case <-t.Context().Done():
				case <-time.After(time.Duration(60+20*i) * time.Millisecond): // the instant of death
				}
				s.stop()
				killed++
			}
			t.Logf("killed %d times", killed)
			if killed < 4 {
				t.Error("hardly killed: this test proves nothing")
			}
			s := serveInbox(t, os.Args[0], inbox, data, at)
			defer s.stop()
			until(t, "the last acknowledgement", done)
			var list []feed.Delivery
			if err := h.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
				list, err = feed.Deliveries(tx, 100)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if len(list) != 4 {
				t.Errorf("%d feeds of 4 deliveries", len(list))
			}
			for i, d := range list {
				if d.State != feed.Applied || !d.Day.Equal(monday.AddDate(0, 0, 3-i)) {
					t.Errorf("%s of %s is %s", d.Name, d.Day, d.State)
				}
			}
			for _, dir := range []string{in, filepath.Join(data, "reception", "spool")} {
				entries, err := os.ReadDir(dir)
				if len(entries) != 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("left in %s: %v, %v", dir, entries, err)
				}
			}
		})
	}
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// What waits at the reception is on the home page of whoever runs the
// installation, and of nobody else.
func TestTheReceptionIsOnTheOperatorsHome(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	const waits = "Personne ne relève le dossier des livraisons."
	told := func(profile school.Profile) bool {
		return strings.Contains(s.ask(http.MethodGet, "/", s.people[profile]).Body.String(), waits)
	}
	if told(school.Operator) {
		t.Error("told before an account is open")
	}
	if err := s.h.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := s.h.Reception.Open(tx, reception.Account{Name: "aaf-orvalmont", Academy: "096", SilenceDays: 8})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for profile := range s.people {
		if told(profile) != (profile == school.Operator) {
			t.Errorf("told to %s: %v", profile, told(profile))
		}
	}
}
