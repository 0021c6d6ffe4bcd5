package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// URL gives the address of an empty schema in the binary's own cluster.
func URL(t testing.TB) string {
	t.Helper()
	running := here(t)
	name := fmt.Sprintf("test_%d", numbers.Add(1))
	running.run(t, "CREATE SCHEMA "+name)
	return address(running.socket, "postgres", name)
}

// numbers are those of the schemas and databases of the tests.
var numbers atomic.Int64

func address(socket, database, schema string) string {
	return "postgres:///" + database + "?" + url.Values{
		"host": {socket}, "user": {"postgres"}, "search_path": {schema},
	}.Encode()
}

// here is the binary's cluster; without one the test is skipped, or fails when
// PREAU_TEST_ALL=1.
func here(t testing.TB) server {
	t.Helper()
	running, err := cluster()
	if errors.Is(err, exec.ErrNotFound) && os.Getenv("PREAU_TEST_ALL") != "1" {
		t.Skip("no PostgreSQL on this machine")
	}
	if err != nil {
		t.Fatal(err)
	}
	return running
}

// run runs a statement, at the end of a test too.
func (s server) run(t testing.TB, statement string) {
	t.Helper()
	pool, err := sql.Open("pgx", address(s.socket, "postgres", "public"))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.ExecContext(context.WithoutCancel(t.Context()), statement); err != nil {
		t.Fatal(err)
	}
}

// server is a running cluster.
type server struct {
	socket string   // folder of its socket
	alive  *os.File // it stops when this closes, at the latest with the process
}

// cluster starts the binary's cluster at the first call.
var cluster = sync.OnceValues(func() (server, error) {
	bin, err := binaries()
	if err != nil {
		return server{}, err
	}
	dir, err := os.MkdirTemp("", "preau-pg-")
	if err != nil {
		return server{}, err
	}
	owner, err := owner(dir)
	if err != nil {
		return server{}, err
	}
	data := filepath.Join(dir, "data")
	if err := initialize(bin, data, owner); err != nil {
		return server{}, err
	}
	alive, err := start(filepath.Join(bin, "postgres"), data, dir, owner)
	if err != nil {
		return server{}, err
	}
	return server{dir, alive}, ready(dir)
})

// binaries finds the newest PostgreSQL: in the PATH, or where Debian puts it.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", fmt.Errorf("initdb: %w", exec.ErrNotFound)
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// owner makes the cluster run as the user postgres when the test runs as
// root, whom PostgreSQL refuses.
func owner(dir string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(account.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(account.Gid)
	if err != nil {
		return nil, err
	}
	if err := os.Chown(dir, uid, gid); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

// watch runs PostgreSQL until its own standard input closes, which happens
// when the test binary ends, however it ends; then it removes the folder.
const watch = `"$0" -D "$1" -k "$2" -c listen_addresses= -c fsync=off -c max_connections=300 >"$2/log" 2>&1 &
read -r _
kill -INT $!
wait $!
rm -rf "$2"`

// start starts the watcher, and gives the end of the pipe that must stay open.
func start(postgres, data, dir string, owner *syscall.SysProcAttr) (*os.File, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	watcher := exec.Command("sh", "-c", watch, postgres, data, dir)
	watcher.SysProcAttr, watcher.Stdin = owner, read
	return write, watcher.Start()
}

func ready(dir string) error {
	pool, err := sql.Open("pgx", address(dir, "postgres", "public"))
	if err != nil {
		return err
	}
	defer pool.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		err := pool.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(dir, "log"))
			return fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
