package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// process is what Linux says of one: see proc_pid_stat(5).
type process struct {
	pid, parent int
	state       string
	policy      int
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
		p.policy, _ = strconv.Atoi(fields[38])
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
	const idle = 5 // SCHED_IDLE
	if watch.policy != idle {
		t.Errorf("it has the policy %d", watch.policy)
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
	until(t, "a process that watches", func() bool {
		for _, p := range processes(t) {
			if p.parent == s.Process.Pid {
				return true
			}
		}
		return false
	})
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.Wait(); err != nil {
		t.Errorf("%v\n%s", err, s.said)
	}
	for _, p := range processes(t) {
		if p.parent == s.Process.Pid {
			t.Errorf("%d is left", p.pid)
		}
	}
}
