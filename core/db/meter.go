package db

import (
	"context"
	"sync/atomic"
	"time"
)

// Meter counts what the transactions that begin with a context ask of the database.
type Meter struct{ statements, took atomic.Int64 }

type metered struct{}

// Metered is a context whose transactions are counted, and what counts them.
func Metered(ctx context.Context) (context.Context, *Meter) {
	m := new(Meter)
	return context.WithValue(ctx, metered{}, m), m
}

// Statements is how many were answered.
func (m *Meter) Statements() int { return int(m.statements.Load()) }

// Took is how long they took together, with the reading of their rows.
func (m *Meter) Took() time.Duration { return time.Duration(m.took.Load()) }

// answered counts a statement that began at an instant, and rests after it.
func (tx *Tx) answered(began time.Time) {
	if tx.meter != nil {
		tx.meter.statements.Add(1)
		tx.meter.took.Add(int64(time.Since(began)))
	}
	tx.breathe(began)
}
