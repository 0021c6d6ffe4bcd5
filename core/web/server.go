package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// The limits of a node. A connection that sends or takes nothing is closed
// within 15 seconds; routes extend the time of their own requests.
const (
	maxConnections = 4096
	maxHeader      = 32 << 10 // bytes
	headerTime     = 10 * time.Second
	idleTime       = 2 * time.Minute
	drainTime      = 10 * time.Second
)

// Serve answers on the listener until ctx ends, then takes no more
// connections, lets the requests in progress finish, and returns nil. Those
// that last longer than ten seconds are cut.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       defaultLimit,
		WriteTimeout:      defaultLimit + sendingTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn), // a panic while sending, above all
	}
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(netutil.LimitListener(l, maxConnections)) }()
	select {
	case err := <-stopped:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	err := server.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("requests were cut", "after", drainTime)
		err = server.Close()
	}
	if err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}
