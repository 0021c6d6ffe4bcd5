package web_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"

	"preau/core/web"
)

func TestProbes(t *testing.T) {
	h := open(t)
	for _, c := range []struct {
		path, body string
		status     int
	}{
		{"/healthz", "ok\n", 200},
		{"/readyz", `{"status":"starting or stopping"}`, 503},
		{"/robots.txt", "User-agent: *\nDisallow: /\n", 200},
	} {
		if got := h.get(c.path); got.StatusCode != c.status || got.body != c.body {
			t.Errorf("%s: %d %q", c.path, got.StatusCode, got.body)
		}
	}
	h.SetReady(true)
	if got := h.get("/readyz"); got.StatusCode != http.StatusOK || got.body != `{"status":"ready"}` {
		t.Errorf("%d %q", got.StatusCode, got.body)
	}
	h.DB.Close()
	if got := h.get("/readyz"); got.StatusCode != http.StatusServiceUnavailable || got.body != `{"status":"the database does not answer"}` {
		t.Errorf("%d %q", got.StatusCode, got.body)
	}
	if got := h.get("/healthz"); got.StatusCode != http.StatusOK {
		t.Errorf("%d", got.StatusCode)
	}
	if got := h.get("/no-such-page"); got.StatusCode != http.StatusSeeOther { // needs no database
		t.Errorf("%d", got.StatusCode)
	}
}

// TestStopping ends a server while a request is in progress: it is answered,
// and no other is taken.
func TestStopping(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	arrived, leave := make(chan struct{}), make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-leave
		io.WriteString(w, "answered")
	})
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- web.Serve(ctx, listener, handler, slog.New(slog.DiscardHandler)) }()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	<-arrived
	stop()
	for { // until the server listens no more
		other, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			break
		}
		other.Close()
	}
	close(leave)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if string(body) != "answered" || err != nil {
		t.Errorf("the request in progress: %q %v", body, err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("stopping: %v", err)
	}
	broken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	broken.Close()
	if err := web.Serve(t.Context(), broken, handler, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a listener that does not listen is no error")
	}
}
