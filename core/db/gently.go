package db

import "time"

// How long a transaction of a process that works gently rests: so many times as
// long as each statement took, and no more than this in all. What it wrote is
// locked meanwhile, and whoever would write the same rows waits.
const (
	restsFor    = 9
	restsAtMost = 30 * time.Second
)

// Gently leaves PostgreSQL to others: nothing else keeps what the database does
// for a feed from taking a processor that pages wait for. On SQLite, where the
// work is the process's own and its rank is enough, a rest would keep everybody
// else from writing: there is none. It is called before the first transaction.
func (d *DB) Gently() { d.gentle = d.dialect == Postgres }

// breathe rests after a statement that began at an instant.
func (tx *Tx) breathe(began time.Time) {
	if tx.rest <= 0 {
		return
	}
	pause := min(restsFor*time.Since(began), tx.rest)
	tx.rest -= pause
	select {
	case <-tx.ctx.Done():
	case <-time.After(pause):
	}
}
