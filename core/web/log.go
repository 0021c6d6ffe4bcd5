package web

import (
	"errors"
	"log/slog"
	"net/http"
	"time"
)

// meter counts what is sent, for the log.
type meter struct {
	http.ResponseWriter
	status int
	bytes  int64 // before compression
}

func (m *meter) WriteHeader(status int) {
	if m.status == 0 {
		m.status = status
	}
	m.ResponseWriter.WriteHeader(status)
}

func (m *meter) Write(b []byte) (int, error) {
	if m.status == 0 {
		m.status = http.StatusOK
	}
	n, err := m.ResponseWriter.Write(b)
	m.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (m *meter) Unwrap() http.ResponseWriter { return m.ResponseWriter }

// record writes the line of a request. It has the route's pattern and never
// the address, its query or a header: those may hold a name or a secret. A
// person appears by identifier, and only when refused.
func (s *Site) record(r *Request, w *meter, took time.Duration, err error) {
	route := "none"
	if r.route != nil {
		route = r.route.String()
	}
	status := w.status
	if status == 0 {
		status = statusClientGone
	}
	attrs := []any{
		slog.String("id", r.ID),
		slog.String("route", route),
		slog.Int("status", status),
		slog.Int64("bytes", w.bytes),
		slog.Duration("took", took),
		slog.Int("statements", r.queried.Statements()),
		slog.Duration("database", r.queried.Took()),
	}
	level := slog.LevelInfo
	if r.calm != "" {
		attrs = append(attrs, slog.String("calm", string(r.calm)))
	}
	if err != nil {
		attrs = append(attrs, slog.String("err", err.Error()))
		var p *panicked
		if errors.As(err, &p) {
			attrs = append(attrs, slog.String("stack", string(p.stack)))
		}
	}
	switch {
	case status >= http.StatusInternalServerError:
		level = slog.LevelError
	case r.route != nil && r.route.Kind == Machine:
		level = slog.LevelDebug // probes, every second
	}
	s.Log.Log(r.Context(), level, "request", attrs...)
}
