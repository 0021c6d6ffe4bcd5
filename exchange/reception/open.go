package reception

import (
	"context"
	"errors"
	"fmt"
	"time"

	"preau/core/db"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// openAll opens what came, to know which delivery it is, and tells whether
// something may be fed: while one of a sequence is not known, none is.
func (w *Watcher) openAll(ctx context.Context, a Account) (ready bool, err error) {
	var list []Arrival
	if err := w.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = waiting(tx, a.ID)
		return err
	}); err != nil {
		return false, err
	}
	ready = len(list) > 0
	for _, one := range list {
		if !one.unopened() {
			continue
		}
		waits := one.TryAt.After(w.DB.Now())
		if !waits {
			wrong := w.open(ctx, a, one)
			if ctx.Err() != nil {
				return false, errors.Join(err, wrong)
			}
			waits, err = wrong != nil, errors.Join(err, wrong)
		}
		if waits && a.ID != 0 {
			ready = false
		}
	}
	return ready, err
}

// unopened tells whether an arrival is still to be opened: it is not known which
// delivery it is, and no operator is asked.
func (a *Arrival) unopened() bool {
	return a.Delivery == "" && a.tries < maxTries && (a.State != Held || !a.ReleasedAt.IsZero())
}

// open opens one arrival. What is no delivery goes to quarantine.
func (w *Watcher) open(ctx context.Context, a Account, one Arrival) error {
	if err := w.DB.Write(ctx, func(tx *db.Tx) error { return w.begin(tx, &one) }); err != nil {
		return err
	}
	var reason Reason
	var detail string
	err := w.plainly(ctx, one, func(path string) (err error) {
		reason, detail, err = identify(path, &one)
		return err
	})
	var refusal *aaf.Refusal
	if errors.As(err, &refusal) {
		reason, detail = Reason(refusal.Kind), refusal.Error()
	} else if ctx.Err() != nil {
		return w.retry(ctx, one, err) // no fault of the arrival's
	} else if err != nil {
		return errors.Join(err, w.note(ctx, one, err))
	}
	if reason == "" {
		return w.DB.Write(ctx, func(tx *db.Tx) error { return opened(tx, one) })
	}
	if err := w.DB.Write(ctx, func(tx *db.Tx) error { return decide(tx, one.ID, Quarantined, reason, detail, 0) }); err != nil {
		return err
	}
	one.Reason, one.Detail = reason, detail
	w.putAway(a, one)
	return nil
}

// putAway warns of what was put in quarantine before it could be fed.
func (w *Watcher) putAway(a Account, one Arrival) {
	w.Log.Warn("a delivery is in quarantine", "account", a.Name, "arrival", one.ID, "name", one.Name, "reason", one.Reason, "detail", one.Detail)
}

// identify reads which delivery is at a path: one, since each is answered by
// itself; or why it is none.
func identify(path string, a *Arrival) (reason Reason, detail string, err error) {
	source, err := aaf.Open(path)
	if err != nil {
		return "", "", err
	}
	defer source.Close()
	deliveries := source.Deliveries()
	switch len(deliveries) {
	case 0:
		return Reason(feed.NoDelivery), "", nil
	case 1:
		d := deliveries[0]
		if err := d.Check(); err != nil {
			return "", "", err
		}
		a.Delivery, a.Mode, a.Day = d.Name, d.Mode, d.Date.Format(time.DateOnly)
		return "", "", nil
	}
	return Several, fmt.Sprintf("it holds %d deliveries", len(deliveries)), nil
}
