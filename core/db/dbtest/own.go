package dbtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"preau/core/db"
)

// Own is a PostgreSQL of one test alone, which may stop it.
type Own struct {
	URL  string
	t    *testing.T
	bin  string
	dir  string
	as   *syscall.SysProcAttr
	runs *exec.Cmd // nil: it is stopped
}

// NewOwn starts a PostgreSQL for a test. Without one on the machine the test is skipped, or
// fails when PREAU_TEST_ALL=1.
func NewOwn(t *testing.T) *Own {
	t.Helper()
	bin, err := binaries()
	if errors.Is(err, exec.ErrNotFound) && os.Getenv("PREAU_TEST_ALL") != "1" {
		t.Skip("no PostgreSQL on this machine")
	}
	must(t, err)
	dir, err := os.MkdirTemp("", "preau-own-")
	must(t, err)
	o := &Own{t: t, bin: bin, dir: dir, URL: address(dir, "postgres", "public")}
	t.Cleanup(func() {
		o.Stop()
		os.RemoveAll(dir)
	})
	o.as, err = owner(dir)
	must(t, err)
	must(t, initialize(bin, o.data(), o.as))
	o.Start()
	return o
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (o *Own) data() string { return filepath.Join(o.dir, "data") }

// Start starts it again, and waits until it answers.
func (o *Own) Start() {
	o.t.Helper()
	o.runs = exec.Command(filepath.Join(o.bin, "postgres"), "-D", o.data(), "-k", o.dir, "-c", "listen_addresses=", "-c", "fsync=off")
	log, err := os.OpenFile(filepath.Join(o.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	must(o.t, err)
	defer log.Close()
	o.runs.SysProcAttr, o.runs.Stderr = o.as, log
	must(o.t, o.runs.Start())
	must(o.t, ready(o.dir))
}

// Stop stops it at once, whoever is connected.
func (o *Own) Stop() {
	if o.runs == nil {
		return
	}
	_ = o.runs.Process.Signal(syscall.SIGINT) // it may be over
	_ = o.runs.Wait()                         // it was told to end
	o.runs = nil
}

// Freeze has it answer nobody any more, though every connection stays; it gives what thaws
// it again.
func (o *Own) Freeze() (thaw func()) {
	o.t.Helper()
	pids := []int{o.runs.Process.Pid}
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", pids[0]))
	if err != nil && os.Getenv("PREAU_TEST_ALL") == "1" {
		o.t.Fatal(err)
	}
	if err != nil {
		o.t.Skip("the processes of PostgreSQL are not to be found here: ", err)
	}
	for _, field := range strings.Fields(string(children)) {
		var pid int
		if _, err := fmt.Sscan(field, &pid); err == nil {
			pids = append(pids, pid)
		}
	}
	tell := func(s syscall.Signal) {
		for _, pid := range pids {
			_ = syscall.Kill(pid, s) // one of them may be over
		}
	}
	tell(syscall.SIGSTOP)
	thaw = func() { tell(syscall.SIGCONT) }
	o.t.Cleanup(thaw)
	return thaw
}

// initialize makes the files of a cluster.
func initialize(bin, data string, as *syscall.SysProcAttr) error {
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust",
		"-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr = as
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// Open opens its database, as [Each] does.
func (o *Own) Open(schemas ...db.Schema) *db.DB {
	o.t.Helper()
	return open(o.t, o.URL, schemas)
}
