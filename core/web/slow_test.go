package web_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"preau/core/web"
)

// pipes is a listener whose connections are in memory, so that their
// deadlines follow the clock of a synctest bubble.
type pipes struct {
	waiting chan net.Conn
	closed  chan struct{}
}

func listen() *pipes { return &pipes{make(chan net.Conn), make(chan struct{})} }

func (p *pipes) dial() net.Conn {
	here, there := net.Pipe()
	p.waiting <- there
	return here
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.waiting:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// TestSlowSenders holds connections as an attacker does, one byte at a time,
// and sees how long each is let.
func TestSlowSenders(t *testing.T) {
	for name, c := range map[string]struct {
		head, body string
		status     int
		within     time.Duration
	}{
		"headers that never end":    {"GET /login HTTP/1.1\r\nHost: ecole.example\r\n", "X", 400, 15 * time.Second},
		"a body that never ends":    {"POST /login HTTP/1.1\r\nHost: ecole.example\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n", "x", 408, 16 * time.Second},
		"an upload that never ends": {"POST /yard/upload HTTP/1.1\r\nHost: ecole.example\r\nCookie: __Host-preau=head\r\nContent-Length: 100000\r\n\r\n", "x", 408, 16 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				site := secure(t)
				listener := listen()
				ctx, stop := context.WithCancel(t.Context())
				stopped := make(chan error, 1)
				go func() { stopped <- web.Serve(ctx, listener, site, slog.New(slog.DiscardHandler)) }()
				conn := listener.dial()
				start := time.Now()
				sent := make(chan struct{})
				go func() {
					defer close(sent)
					_, err := io.WriteString(conn, c.head)
					for err == nil {
						time.Sleep(time.Second)
						_, err = io.WriteString(conn, c.body)
					}
				}()
				response, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil || response.StatusCode != c.status {
					t.Errorf("%v %v", response, err)
				}
				if took := time.Since(start); took > c.within || took < 5*time.Second {
					t.Errorf("after %s", took)
				}
				conn.Close()
				<-sent
				stop()
				if err := <-stopped; err != nil {
					t.Error(err)
				}
				site.DB.Close()
			})
		})
	}
}

// TestSlowHandlers sees that the time of a route ends before that of its
// connection: the person gets a page, not a line that drops.
func TestSlowHandlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := config(t)
		c.Hall = []web.Room{room(func(m *web.Mux) {
			wait := func(r *web.Request) (web.Answer, error) {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			m.PublicGet("/wait", "a test", wait)
			m.PublicPost("/wait", "a test", wait)
			m.PublicGet("/long-wait", "a test", wait, web.Limit(5*time.Minute))
		})}
		site, err := web.New(c)
		if err != nil {
			t.Fatal(err)
		}
		listener := listen()
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan error, 1)
		go func() { stopped <- web.Serve(ctx, listener, site, slog.New(slog.DiscardHandler)) }()
		for request, want := range map[string]time.Duration{
			"GET /wait": 15 * time.Second, "POST /wait": 15 * time.Second, "GET /long-wait": 5 * time.Minute,
		} {
			conn := listener.dial()
			start := time.Now()
			io.WriteString(conn, request+" HTTP/1.1\r\nHost: ecole.example\r\nContent-Length: 0\r\n\r\n")
			response, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil || response.StatusCode != http.StatusServiceUnavailable || time.Since(start) != want {
				t.Errorf("%s: %v %v after %s", request, response, err, time.Since(start))
			}
			conn.Close()
		}
		stop()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		site.DB.Close()
	})
}
