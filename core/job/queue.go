package job

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the migrations of the table job_job.
func Schema() db.Schema { return db.Schema{Name: "job", Files: files} }

var holdings = personal.Tables{{
	Name:       "job_job",
	Plain:      []string{"id", "kind", "payload", "unique_key", "due_at", "claim", "tries", "error", "dead_at", "urgent"},
	Purpose:    personal.Portal,
	Recipients: []personal.Recipient{personal.Operators},
	Retention:  personal.Retention{From: "dead_at", Days: 90},
}}

var (
	_ personal.Steward = (*Queue)(nil)
	_ personal.Keeper  = (*Queue)(nil)
)

// Kind names a sort of job: the room, a dot, a verb ("account.purge").
type Kind string

// Job is one thing to do.
type Job struct {
	ID      school.ID
	Kind    Kind
	Payload json.RawMessage // what Enqueue was given; null for a daily job; that of [Onward] for what is left
	Try     int             // 1 the first time

	claim school.ID
	key   string // unique_key, or empty
}

// Handler does a job. Its context ends when the lease is lost, or when the
// node has waited long enough before it stops.
type Handler func(context.Context, Job) error

// Daily is a job done once a day at an hour of Paris.
type Daily struct {
	Kind         Kind
	Hour, Minute int
}

// MaxTries is how many times a job is tried before it is left dead: with the
// doubling waits, over about three hours.
const MaxTries = 10

// Queue is the jobs of an installation, as one node sees them.
type Queue struct {
	personal.Tables

	Workers int           // how many jobs at a time on this node, beside one that is urgent
	Lease   time.Duration // how long a dead node keeps a job
	Poll    time.Duration // how long a new job may wait to be seen
	Grace   time.Duration // how long a stopping node waits for its handlers

	db       *db.DB
	log      *slog.Logger
	handlers map[Kind]Handler
	daily    map[Kind]Daily
	repeated map[Kind]time.Duration
	urgent   map[Kind]bool
}

// New makes a queue with its handlers, all of them, and the daily jobs. It
// refuses a daily job that has no handler.
func New(d *db.DB, log *slog.Logger, handlers map[Kind]Handler, daily ...Daily) (*Queue, error) {
	q := &Queue{
		Tables:  holdings,
		Workers: 2, Lease: time.Minute, Poll: time.Second, Grace: 20 * time.Second,
		db: d, log: log, handlers: handlers, daily: map[Kind]Daily{}, repeated: map[Kind]time.Duration{}, urgent: map[Kind]bool{},
	}
	for _, day := range daily {
		if handlers[day.Kind] == nil {
			return nil, fmt.Errorf("job: %s is done each day, and has no handler", day.Kind)
		}
		if _, twice := q.daily[day.Kind]; twice {
			return nil, fmt.Errorf("job: %s is done each day twice", day.Kind)
		}
		q.daily[day.Kind] = day
	}
	return q, nil
}

// Enqueue queues a job, to be done from an instant on, when the transaction
// commits. While a job with the same unique key is waiting or being done, a
// second one is not queued; an empty key is not unique. A kind that has no
// handler is an error.
func (q *Queue) Enqueue(tx *db.Tx, kind Kind, payload any, at time.Time, unique string) error {
	if q.handlers[kind] == nil {
		return fmt.Errorf("job: %s has no handler", kind)
	}
	text, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("queueing %s: %w", kind, err)
	}
	if err := q.enqueue(tx, kind, string(text), at, unique); err != nil {
		return fmt.Errorf("queueing %s: %w", kind, err)
	}
	return nil
}

func (q *Queue) enqueue(tx *db.Tx, kind Kind, payload string, at time.Time, unique string) error {
	var key *string
	if unique != "" {
		key = &unique
	}
	_, err := tx.Exec(`INSERT INTO job_job (id, kind, payload, unique_key, due_at, tries, error, urgent)
		VALUES ($1, $2, $3, $4, $5, 0, '', $6) ON CONFLICT (unique_key) DO NOTHING`,
		school.NewID(tx.Now), string(kind), payload, key, db.At(at), q.urgent[kind])
	return err
}
