package reception

import (
	"context"
	"errors"
	"os"
	"time"

	"preau/core/db"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// feedAll feeds what an account sent, as far as the sequence allows.
func (w *Watcher) feedAll(ctx context.Context, a Account) error {
	if err := w.noteAll(ctx); err != nil {
		return err
	}
	ready, err := w.openAll(ctx, a)
	for ready {
		next, wrong := w.next(ctx, a)
		if wrong == nil && next == nil {
			break
		}
		if wrong == nil {
			wrong = w.feed(ctx, a, *next)
		}
		if wrong != nil {
			return errors.Join(err, wrong)
		}
	}
	return err
}

// note keeps why an arrival could not be fed, at the next look if the database
// does not answer now.
func (w *Watcher) note(ctx context.Context, one Arrival, why error) error {
	if ctx.Err() != nil {
		return nil
	}
	w.troubles[one.ID] = troubleOf(why)
	return w.noteAll(ctx)
}

func (w *Watcher) noteAll(ctx context.Context) error {
	if len(w.troubles) == 0 {
		return nil
	}
	err := w.DB.Write(ctx, func(tx *db.Tx) error {
		for id, what := range w.troubles {
			if err := trouble(tx, id, what); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		clear(w.troubles)
	}
	return err
}

// plainly has the plain files of an arrival read, for the time of a call.
func (w *Watcher) plainly(ctx context.Context, a Arrival, read func(path string) error) error {
	spool := w.Vault.spoolOf(a.ID)
	path, err := w.Vault.Unseal(ctx, a.ID, spool)
	if err == nil {
		err = read(path)
	}
	return errors.Join(err, os.RemoveAll(spool))
}

// next chooses what an account's next feed is; nil when nothing can be fed
// now. What cannot go yet is held, what has become useless is put away.
func (w *Watcher) next(ctx context.Context, a Account) (next *Arrival, err error) {
	err = w.DB.Write(ctx, func(tx *db.Tx) error {
		next = nil
		list, err := waiting(tx, a.ID)
		if err != nil || len(list) == 0 {
			return err
		}
		last, err := feed.LastDay(tx, a.Academy)
		if err != nil {
			return err
		}
		blocked := false
		for i := range list {
			one := &list[i]
			if one.unopened() { // of no sequence
				continue
			}
			step, reason := a.weigh(one, last, tx.Now, blocked)
			switch step {
			case forget:
				if err := decide(tx, one.ID, Superseded, "", "", 0); err != nil {
					return err
				}
			case hold:
				blocked = true
				expected, after := a.awaits(one, last, reason)
				if one.State == Held && one.Reason == reason {
					if one.Expected == expected && one.After == after {
						continue
					}
					if err := await(tx, one.ID, expected, after); err != nil {
						return err
					}
					continue
				}
				if err := decide(tx, one.ID, Held, reason, "", 0); err != nil {
					return err
				}
				if err := await(tx, one.ID, expected, after); err != nil {
					return err
				}
				w.Log.Warn("a delivery is held", "account", a.Name, "arrival", one.ID, "delivery", one.Delivery, "reason", reason)
			default:
				if one.TryAt.After(tx.Now) {
					return nil // those after it wait with it
				}
				next = one
				return w.begin(tx, one)
			}
		}
		return nil
	})
	return next, err
}

// begin counts a try of an arrival; the waits between them double.
func (w *Watcher) begin(tx *db.Tx, one *Arrival) error {
	one.tries++
	return try(tx, *one, db.At(tx.Now.Add(w.Poll<<one.tries)))
}

// step is what to do with an arrival that waits.
type step uint8

const (
	goOn   step = iota // feed it
	hold               // not yet
	forget             // never: a later delivery was applied
)

// maxTries is how many times an arrival is tried before an operator is asked:
// over some six hours.
const maxTries = 11

// ahead is how far in the future the delivery of an académie may be dated
// before an operator is asked: midnight of the day may come first.
const ahead = 24 * time.Hour

// weigh decides what to do with an arrival, when that of day last was the
// last to be applied, and whether one before it is held.
func (a *Account) weigh(one *Arrival, last, now time.Time, blocked bool) (step, Reason) {
	day, released := one.day(), !one.ReleasedAt.IsZero()
	if a.ID == 0 { // an operator's: the feed itself says what it refuses
		if (one.Reason == Departures || one.Reason == Failed) && !released {
			return hold, one.Reason
		}
		if one.Delivery == "" {
			return hold, Failed
		}
		return failing(one)
	}
	switch {
	case one.Delivery == "" && one.ArrivedAt.Before(last):
		return forget, "" // one of a day after it came was applied
	case one.Delivery == "":
		return hold, Failed
	case one.State == Held && day.Before(last):
		return forget, ""
	case one.State == Held && (one.Reason == Departures || one.Reason == Failed || one.Reason == Ahead) && !released:
		return hold, one.Reason
	case day.After(now.Add(ahead)) && !day.After(now.Add(feed.Ahead)) && !released: // later still, the feed refuses it
		return hold, Ahead
	case one.Mode == aaf.Complete || released:
	case last.IsZero():
		return hold, NoComplete
	case day.Before(last): // refused by the feed, which journals it
	case blocked, a.Daily && !follows(last, day):
		return hold, Gap
	}
	return failing(one)
}

// awaits gives the day that a gap lacks first, where the account has a rhythm,
// and that of the last delivery before it.
func (a *Account) awaits(one *Arrival, last time.Time, reason Reason) (expected, after string) {
	if reason != Gap {
		return "", ""
	}
	if a.Daily && !follows(last, one.day()) {
		expected = missingAfter(last).Format(time.DateOnly)
	}
	return expected, last.Format(time.DateOnly)
}

// failing feeds an arrival unless that failed too often.
func failing(one *Arrival) (step, Reason) {
	if one.tries >= maxTries {
		return hold, Failed
	}
	return goOn, ""
}

// feed feeds one arrival. What becomes of it is written in the transaction
// of the feed: it is applied and known to be, or neither.
func (w *Watcher) feed(ctx context.Context, a Account, one Arrival) error {
	accept := one.Reason == Departures && !one.ReleasedAt.IsZero()
	noted := false
	err := w.plainly(ctx, one, func(path string) error {
		_, err := w.Feeder.Feed(ctx, path, feed.Options{
			AcceptDepartures: accept, Perimeter: a.Perimeter(),
			Note: func(tx *db.Tx, r feed.Result) error {
				noted = true
				return conclude(tx, one, r)
			},
		})
		return err
	})
	var refusal *feed.Refusal
	switch {
	case errors.As(err, &refusal) && refusal.Kind == feed.Busy, ctx.Err() != nil:
		return w.retry(ctx, one, err) // no fault of the delivery's
	case errors.As(err, &refusal):
		said := "a delivery is refused"
		if one.heldFor(reasonOf(refusal.Kind)) {
			said = "a delivery is held"
		}
		w.Log.Warn(said, "account", a.Name, "arrival", one.ID, "delivery", one.Delivery, "refusal", refusal)
		if noted { // with the refusal, in the journal of the feed
			return nil
		}
		return w.DB.Write(ctx, func(tx *db.Tx) error {
			return decide(tx, one.ID, Quarantined, reasonOf(refusal.Kind), refusal.Error(), 0)
		})
	case err == nil:
		w.Log.Info("a delivery is applied", "account", a.Name, "arrival", one.ID, "delivery", one.Delivery)
		return nil
	}
	return errors.Join(err, w.note(ctx, one, err))
}

// retry lets an arrival be tried again as if it had not been.
func (w *Watcher) retry(ctx context.Context, one Arrival, why error) error {
	one.tries--
	err := w.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error { return try(tx, one, db.At(tx.Now.Add(w.Poll))) })
	if ctx.Err() != nil {
		return errors.Join(why, err)
	}
	return err
}

// heldFor tells whether an arrival that the feed refuses for a reason waits.
func (a *Arrival) heldFor(reason Reason) bool {
	return reason == Departures || reason == NoComplete && a.Account != 0
}

// conclude writes what a feed did of an arrival.
func conclude(tx *db.Tx, one Arrival, r feed.Result) error {
	if err := refuse(tx, one.ID, r.Outside); err != nil {
		return err
	}
	if r.State == feed.Applied {
		return decide(tx, one.ID, Applied, "", "", r.ID)
	}
	state, reason := Quarantined, reasonOf(r.Kind)
	switch {
	case r.Kind == feed.Busy:
		return nil
	case one.heldFor(reason):
		state = Held
	}
	return decide(tx, one.ID, state, reason, r.Refusal, r.ID)
}
