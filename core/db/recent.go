package db

import (
	"sync"
	"time"
)

// Recent is what a node read of the database lately, so that not every request
// asks for it. Only what changes seldom and may be known a little late is kept
// so. Its zero value knows nothing.
type Recent[T any] struct {
	mu        sync.Mutex
	at        time.Time
	read      T
	forgotten time.Time
}

// Get gives what was read less than some time ago, or reads it again; those who
// ask meanwhile wait for it. Now is when the transaction that reads began, or
// before. Whoever gives a read that opens a transaction holds none: those who wait
// would hold every connection that it waits for.
func (r *Recent[T]) Get(now time.Time, age time.Duration, read func() (T, error)) (T, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if since := now.Sub(r.at); since >= 0 && since < age {
		return r.read, nil
	}
	fresh, err := read()
	if err == nil && now.After(r.forgotten) { // else it may be of before
		r.read, r.at = fresh, now
	}
	return fresh, err
}

// Forget has it read again once what tx changes of it is committed, by every
// transaction that begins after that.
func (r *Recent[T]) Forget(tx *Tx) {
	tx.afterCommit(func(now time.Time) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.at, r.forgotten = time.Time{}, now
	})
}
