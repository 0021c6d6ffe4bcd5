package virustest

import (
	"bytes"
	"crypto/md5"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"preau/core/virus"
)

// Harmless is the file of EICAR that every antivirus finds. It is in two parts, so that none finds
// this one.
var Harmless = []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-` + "ANTIVIRUS-TEST" + `-FILE!$H+H*`)

// Daemon is a clamd of the test's own, that knows one virus and takes 2 MB.
type Daemon struct {
	t              *testing.T
	folder, config string
	Socket, Port   string
	running        *exec.Cmd
}

// Start starts one, or skips the test where there is none.
func Start(t *testing.T) *Daemon {
	t.Helper()
	if _, err := exec.LookPath("clamd"); err != nil {
		if os.Getenv("PREAU_TEST_ALL") == "1" {
			t.Fatal("no clamd on this machine")
		}
		t.Skip("no clamd on this machine")
	}
	folder, err := os.MkdirTemp("", "clamd") // a path that a socket may have
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	free.Close()
	d := &Daemon{t: t, folder: folder, config: filepath.Join(folder, "clamd.conf"), Socket: filepath.Join(folder, "s"), Port: port}
	d.write("known.hdb", fmt.Sprintf("%x:%d:Test.Harmless\n", md5.Sum(Harmless), len(Harmless)))
	d.write("clamd.conf", strings.Join([]string{
		"Foreground yes", "DatabaseDirectory " + folder, "TemporaryDirectory " + folder, "LocalSocket " + d.Socket,
		"TCPSocket " + port, "TCPAddr 127.0.0.1", "StreamMaxLength 2M", "MaxFileSize 1M", "MaxScanSize 1M", "AlertExceedsMax yes", "LogFile " + filepath.Join(folder, "log"), "",
	}, "\n"))
	d.Again()
	return d
}

func (d *Daemon) write(name, text string) {
	d.t.Helper()
	if err := os.WriteFile(filepath.Join(d.folder, name), []byte(text), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

// Again starts it, and waits until it answers.
func (d *Daemon) Again() {
	d.t.Helper()
	c := exec.Command("clamd", "-c", d.config)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	left := make(chan error, 1)
	go func() { left <- c.Wait() }()
	d.running = c
	d.t.Cleanup(func() { d.Stop() })
	s, err := virus.Open(d.Address())
	if err != nil {
		d.t.Fatal(err)
	}
	for until := time.Now().Add(time.Minute); s.Ping(d.t.Context()) != nil; runtime.Gosched() {
		select {
		case err := <-left:
			d.t.Fatalf("clamd left: %v\n%s", err, said.String())
		default:
		}
		if time.Now().After(until) {
			d.t.Fatalf("clamd does not answer\n%s", said.String())
		}
	}
	d.running = c
}

// Stop kills it.
func (d *Daemon) Stop() {
	if d.running != nil {
		_ = d.running.Process.Kill()
		d.running = nil
	}
}

// Address is where it listens.
func (d *Daemon) Address() string { return "unix:" + d.Socket }
