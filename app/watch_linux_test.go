package app

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"preau/core/rank"
)

// process is what Linux says of one: see proc_pid_stat(5).
type process struct {
	pid, parent int
	state       string
	nice        int
}

// processes reads those that run.
func processes(t *testing.T) (all []process) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // it has just ended
		}
		_, rest, _ := strings.Cut(string(text), ") ") // after its name, which may hold anything
		fields := strings.Fields(rest)
		p := process{state: fields[0]}
		p.pid, _ = strconv.Atoi(filepath.Base(filepath.Dir(stat)))
		p.parent, _ = strconv.Atoi(fields[1])
		p.nice, _ = strconv.Atoi(fields[16])
		all = append(all, p)
	}
	return all
}

// TestTheWatchStandsBesideItsServer kills the process that watches, and the
// server: the one comes back, and does not outlive the other.
func TestTheWatchStandsBesideItsServer(t *testing.T) {
	data := t.TempDir()
	s := serveInbox(t, os.Args[0], t.TempDir(), data, filepath.Join(data, "preau.db"))
	defer s.stop()
	var watch process
	watches := func() bool {
		for _, p := range processes(t) {
			if p.parent == s.Process.Pid && p.pid != watch.pid && p.state != "Z" {
				watch = p
				return true
			}
		}
		return false
	}
	alive := func() bool {
		for _, p := range processes(t) {
			if p.pid == watch.pid && p.state != "Z" {
				return true
			}
		}
		return false
	}
	until(t, "a process that watches", watches)
	if watch.nice < rank.Lower {
		t.Errorf("it has the rank %d", watch.nice)
	}
	if err := syscall.Kill(watch.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	until(t, "another one", watches)
	if err := s.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	until(t, fmt.Sprintf("the end of %d", watch.pid), func() bool { return !alive() })
}

// A server that is told to stop waits for the process that watches.
func TestTheWatchStopsWithItsServer(t *testing.T) {
	data := t.TempDir()
	s := serveInbox(t, os.Args[0], t.TempDir(), data, filepath.Join(data, "preau.db"))
	defer s.stop()
	var watch int
	until(t, "a process that watches", func() bool {
		for _, p := range processes(t) {
			if p.parent == s.Process.Pid {
				watch = p.pid
			}
		}
		return watch != 0
	})
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.Wait(); err != nil {
		t.Errorf("%v\n%s", err, s.said)
	}
	if slices.ContainsFunc(processes(t), func(p process) bool { return p.pid == watch && p.state != "Z" }) {
		t.Errorf("%d is left", watch)
	}
}
