package account

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// seenEvery is how old the last sight of a session may be before the next is
// noted, and writeEvery how long notes wait to be written, all in one
// transaction: reading a page never waits for the writer.
const (
	seenEvery  = 5 * time.Minute
	writeEvery = time.Minute
	// briefSeenEvery is seenEvery for a session that lasts minutes unseen.
	briefSeenEvery = time.Minute
)

// sights are the sessions that were seen on this node and whose rows do not
// say so yet. A node that dies loses the sights of a minute.
type sights struct {
	mu    sync.Mutex
	notes map[[32]byte]Session
}

func (s *sights) note(session Session, now time.Time) {
	every := seenEvery
	if session.Door != 0 || session.Shared {
		every = briefSeenEvery
	}
	if now.Sub(session.Seen) < every {
		return
	}
	session.Seen = now
	session.Expires = expiry(session, now)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.notes == nil {
		s.notes = map[[32]byte]Session{}
	}
	s.notes[[32]byte(session.hash)] = session
}

func (s *sights) take() map[[32]byte]Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	notes := s.notes
	s.notes = nil
	return notes
}

// Run writes down, from time to time and when the context ends, which
// sessions were seen. An error is logged, and the last one returned: what was not
// written is written at the next sight.
func (a *Accounts) Run(ctx context.Context, log *slog.Logger) error {
	tick := time.NewTicker(writeEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := a.WriteSights(ctx); err != nil {
				log.Error("sights not written", "error", err)
			}
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			return a.WriteSights(last)
		}
	}
}

// WriteSights writes down which sessions were seen since the last time, and which
// schools had a door of theirs shown elsewhere: in the order of their keys, so that
// of two nodes that write the same rows neither waits for the other in a circle.
func (a *Accounts) WriteSights(ctx context.Context) error {
	if err := a.shown.write(ctx, a.DB); err != nil {
		return err
	}
	notes := a.seen.take()
	if len(notes) == 0 {
		return nil
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		seen := map[school.ID]time.Time{}
		for _, hash := range slices.SortedFunc(maps.Keys(notes), func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) }) {
			s := notes[hash]
			_, err := tx.Exec(`UPDATE account_session SET seen_at = $2, expires_at = $3 WHERE token = $1 AND seen_at < $2`,
				hash[:], db.At(s.Seen), db.At(s.Expires))
			if err != nil {
				return err
			}
			if s.Seen.After(seen[s.Person]) {
				seen[s.Person] = s.Seen
			}
		}
		for _, person := range slices.Sorted(maps.Keys(seen)) {
			if err := noteSeen(tx, person, seen[person]); err != nil {
				return err
			}
		}
		return nil
	})
}

// noteSeen writes when somebody was last in, once a day at most.
func noteSeen(tx *db.Tx, person school.ID, at time.Time) error {
	_, err := tx.Exec(`UPDATE account_account SET seen_at = $2 WHERE person_id = $1 AND (seen_at IS NULL OR seen_at < $3)`,
		person, db.At(at), db.At(at.Add(-24*time.Hour)))
	return err
}
