package virus_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"

	"preau/core/fail"
	"preau/core/virus"
	"preau/core/virus/virustest"
)

// open gives the scanner of an address.
func open(t *testing.T, address string) *virus.Scanner {
	t.Helper()
	s, err := virus.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAddresses(t *testing.T) {
	for _, wrong := range []string{"", "clamd", "unix:", "unix:run/clamd.ctl", "tcp:", "tcp:3310", "tcp::3310", "tcp:host:", "/run/clamav/clamd.ctl", "http://host:3310"} {
		if s, err := virus.Open(wrong); s != nil || !fail.Is(err, fail.Invalid) {
			t.Errorf("%q is an address: %v", wrong, err)
		}
	}
	for _, right := range []string{"unix:/run/clamav/clamd.ctl", "tcp:localhost:3310", "tcp:[::1]:3310"} {
		if _, err := virus.Open(right); err != nil {
			t.Error(err)
		}
	}
}

// chunk is how many bytes are said to clamd at once.
const chunk = 64 << 10

// noise is bytes that nobody knows.
func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func TestARealClamd(t *testing.T) {
	d := virustest.Start(t)
	for _, address := range []string{"unix:" + d.Socket, "tcp:127.0.0.1:" + d.Port} {
		s := open(t, address)
		for _, c := range []struct {
			name string
			sent []byte
			want virus.Result
		}{
			{"what is known", virustest.Harmless, virus.Result{Verdict: virus.Infected, Name: "Test.Harmless.UNOFFICIAL"}},
			{"what is beyond what clamd takes", noise(40 << 20), virus.Result{Verdict: virus.TooLarge}},
			{"what is beyond what clamd looks at", noise(1500 << 10), virus.Result{Verdict: virus.TooLarge}},
			{"nothing", nil, virus.Result{Verdict: virus.Clean}},
			{"one byte", []byte{1}, virus.Result{Verdict: virus.Clean}},
			{"a chunk", noise(chunk), virus.Result{Verdict: virus.Clean}},
			{"a chunk and a byte", noise(chunk + 1), virus.Result{Verdict: virus.Clean}},
			{"what nobody knows", noise(900 << 10), virus.Result{Verdict: virus.Clean}},
		} {
			if got, err := s.Scan(t.Context(), bytes.NewReader(c.sent)); err != nil || got != c.want {
				t.Errorf("%s, %s: %+v, %v; not %+v", address, c.name, got, err, c.want)
			}
		}
	}

	s := open(t, "unix:"+d.Socket)
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

	d.Stop()
	if got, err := s.Scan(t.Context(), bytes.NewReader(virustest.Harmless)); !fail.Is(err, fail.Unavailable) || got.Verdict != "" {
		t.Errorf("of a clamd that stopped: %+v, %v", got, err)
	}
	os.Remove(d.Socket)
	d.Again()
	if got, err := s.Scan(t.Context(), bytes.NewReader(virustest.Harmless)); err != nil || got.Verdict != virus.Infected {
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
	if took := after.TotalAlloc - before.TotalAlloc; err != nil || got.Verdict != virus.Clean || took > 2<<20 {
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
		strings.Repeat("a", 16<<10):         fail.Unavailable,
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

// listen is something that is spoken to instead of a clamd.
func listen(t *testing.T, say func(net.Conn)) *virus.Scanner {
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
	s, err := virus.Open("tcp:" + l.Addr().String())
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
