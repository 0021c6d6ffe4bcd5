package virus

import (
	"bytes"
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"preau/core/fail"
)

// harmless is the file of EICAR that every antivirus finds. It is in two parts, so that none finds
// this one.
var harmless = []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-` + "ANTIVIRUS-TEST" + `-FILE!$H+H*`)

// daemon is a clamd of the test's own, that knows one virus and takes 2 MB.
type daemon struct {
	t              *testing.T
	folder, config string
	socket, port   string
	running        *exec.Cmd
}

// newDaemon starts one, or skips the test where there is none.
func newDaemon(t *testing.T) *daemon {
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
	d := &daemon{t: t, folder: folder, config: filepath.Join(folder, "clamd.conf"), socket: filepath.Join(folder, "s"), port: port}
	d.write("known.hdb", fmt.Sprintf("%x:%d:Test.Harmless\n", md5.Sum(harmless), len(harmless)))
	d.write("clamd.conf", strings.Join([]string{
		"Foreground yes", "DatabaseDirectory " + folder, "TemporaryDirectory " + folder, "LocalSocket " + d.socket,
		"TCPSocket " + port, "TCPAddr 127.0.0.1", "StreamMaxLength 2M", "MaxFileSize 1M", "MaxScanSize 1M", "AlertExceedsMax yes", "LogFile " + filepath.Join(folder, "log"), "",
	}, "\n"))
	d.start()
	return d
}

func (d *daemon) write(name, text string) {
	d.t.Helper()
	if err := os.WriteFile(filepath.Join(d.folder, name), []byte(text), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

// start starts it, and waits until it answers.
func (d *daemon) start() {
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
	d.t.Cleanup(func() { d.stop() })
	s := d.open("unix:" + d.socket)
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

// stop kills it.
func (d *daemon) stop() {
	if d.running != nil {
		_ = d.running.Process.Kill()
		d.running = nil
	}
}

func (d *daemon) open(address string) *Scanner {
	d.t.Helper()
	s, err := Open(address)
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func TestAddresses(t *testing.T) {
	for _, wrong := range []string{"", "clamd", "unix:", "unix:run/clamd.ctl", "tcp:", "tcp:3310", "tcp::3310", "tcp:host:", "/run/clamav/clamd.ctl", "http://host:3310"} {
		if s, err := Open(wrong); s != nil || !fail.Is(err, fail.Invalid) {
			t.Errorf("%q is an address: %v", wrong, err)
		}
	}
	for _, right := range []string{"unix:/run/clamav/clamd.ctl", "tcp:localhost:3310", "tcp:[::1]:3310"} {
		if _, err := Open(right); err != nil {
			t.Error(err)
		}
	}
}

// noise is bytes that nobody knows.
func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func TestARealClamd(t *testing.T) {
	d := newDaemon(t)
	for _, address := range []string{"unix:" + d.socket, "tcp:127.0.0.1:" + d.port} {
		s := d.open(address)
		for _, c := range []struct {
			name string
			sent []byte
			want Result
		}{
			{"what is known", harmless, Result{Infected, "Test.Harmless.UNOFFICIAL"}},
			{"what is beyond what clamd takes", noise(40 << 20), Result{Verdict: TooLarge}},
			{"what is beyond what clamd looks at", noise(1500 << 10), Result{Verdict: TooLarge}},
			{"nothing", nil, Result{Verdict: Clean}},
			{"one byte", []byte{1}, Result{Verdict: Clean}},
			{"a chunk", noise(chunk), Result{Verdict: Clean}},
			{"a chunk and a byte", noise(chunk + 1), Result{Verdict: Clean}},
			{"what nobody knows", noise(900 << 10), Result{Verdict: Clean}},
		} {
			if got, err := s.Scan(t.Context(), bytes.NewReader(c.sent)); err != nil || got != c.want {
				t.Errorf("%s, %s: %+v, %v; not %+v", address, c.name, got, err, c.want)
			}
		}
	}

	s := d.open("unix:" + d.socket)
	gone := errors.New("the disk is gone")
	if got, err := s.Scan(t.Context(), io.MultiReader(bytes.NewReader(noise(chunk+5)), broken{gone})); !errors.Is(err, gone) || fail.Is(err, fail.Unavailable) {
		t.Errorf("what cannot be read: %+v, %v", got, err)
	}
	if got, err := s.Scan(t.Context(), io.MultiReader(bytes.NewReader(noise(5)), broken{io.ErrUnexpectedEOF})); err == nil {
		t.Errorf("what is cut: %+v", got)
	}
	left, leave := context.WithCancel(t.Context())
	if got, err := s.Scan(left, io.MultiReader(bytes.NewReader(noise(chunk)), leaving{leave}, bytes.NewReader(noise(chunk)))); !errors.Is(err, context.Canceled) {
		t.Errorf("who left: %+v, %v", got, err)
	}

	d.stop()
	if got, err := s.Scan(t.Context(), bytes.NewReader(harmless)); !fail.Is(err, fail.Unavailable) || got.Verdict != "" {
		t.Errorf("of a clamd that stopped: %+v, %v", got, err)
	}
	os.Remove(d.socket)
	d.start()
	if got, err := s.Scan(t.Context(), bytes.NewReader(harmless)); err != nil || got.Verdict != Infected {
		t.Errorf("of a clamd that is back: %+v, %v", got, err)
	}
}

// Memory does not grow with what is looked at.
func TestFlat(t *testing.T) {
	s := listen(t, func(c net.Conn) {
		_, _ = io.CopyN(io.Discard, c, int64(len("zINSTREAM\x00"))+256<<20+4096*4+4)
		_, _ = io.WriteString(c, "stream: OK\x00")
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, err := s.Scan(t.Context(), io.LimitReader(zeros{}, 256<<20))
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; err != nil || got.Verdict != Clean || took > 2<<20 {
		t.Errorf("%+v, %v; %d bytes of memory", got, err, took)
	}
}

// What a clamd may say that a real one is not brought to say here.
func TestAnswers(t *testing.T) {
	for answer, kind := range map[string]fail.Kind{
		"":                                  fail.Unavailable,
		"stream: OK":                        fail.Unavailable, // cut
		"COMMAND READ TIMED OUT\x00":        fail.Unavailable,
		"UNKNOWN COMMAND\x00":               fail.Unavailable,
		"stream: Can't read file ERROR\x00": fail.Fault,
		"OK\x00":                            fail.Fault,
		"x FOUND\x00":                       fail.Fault,
		"\x00":                              fail.Fault,
		strings.Repeat("a", 2*longest):      fail.Unavailable,
	} {
		s := listen(t, func(c net.Conn) {
			_, _ = io.CopyN(io.Discard, c, int64(len("zINSTREAM\x00"))+4+4+4)
			_, _ = io.WriteString(c, answer)
		})
		if got, err := s.Scan(t.Context(), strings.NewReader("abcd")); !fail.Is(err, kind) || got.Verdict != "" {
			t.Errorf("%q: %+v, %v", answer, got, err)
		}
	}
}

func FuzzVerdict(f *testing.F) {
	f.Add("stream: OK")
	f.Add("stream: Eicar FOUND")
	f.Add("INSTREAM size limit exceeded. ERROR")
	f.Fuzz(func(t *testing.T, answer string) {
		got, err := verdict(answer)
		if (err == nil) == (got.Verdict == "") || got.Verdict == Clean && answer != "stream: OK" {
			t.Errorf("%q: %+v, %v", answer, got, err)
		}
	})
}

// listen is something that is spoken to instead of a clamd.
func listen(t *testing.T, say func(net.Conn)) *Scanner {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			say(c)
			c.Close()
		}
	}()
	s, err := Open("tcp:" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type broken struct{ error }

func (b broken) Read([]byte) (int, error) { return 0, b.error }

type leaving struct{ leave func() }

func (l leaving) Read([]byte) (int, error) { l.leave(); return 0, io.EOF }

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
