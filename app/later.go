package app

import (
	"context"
	"errors"
	"strconv"
	"time"

	"preau/account"
	"preau/core/config"
	"preau/core/db"
	"preau/core/job"
	"preau/core/notify"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// leavesWithin is how long before its hour what leaves later is looked at: each minute, so that it is
// at the last one.
const leavesWithin = 2 * notify.SweepEvery

// later has the services keep back what was written to leave later: all that somebody wrote, under any
// record of theirs, as their account is shut; and what is about to leave, as something is stopped.
func (h *House) later(services []web.Service) {
	h.Accounts.Withhold = func(tx *db.Tx, person school.ID) error {
		records, err := directory.Records(tx, person)
		if err != nil {
			return err
		}
		return web.Withhold(tx, services, records...)
	}
	h.keepsBack = func(tx *db.Tx, since time.Time) error {
		stops, err := account.Stops(tx)
		if err != nil {
			return err
		}
		return web.KeepBack(tx, services, since, tx.Now.Add(leavesWithin), stops)
	}
	h.Accounts.KeepBack = func(tx *db.Tx) error { return h.keepsBack(tx, tx.Now) }
}

// lookedAt is the setting that says when what leaves later was looked at last.
const lookedAt = "later looked at"

// keepBack looks, before anything leaves, whether who wrote it may write it still, and whether nothing
// is stopped; and at what had its hour while nobody looked, as no node was there.
func (h *House) keepBack(ctx context.Context) error {
	return h.DB.Write(ctx, func(tx *db.Tx) error {
		since := tx.Now
		text, err := config.Recall(tx, lookedAt)
		if err != nil {
			return err
		}
		if ms, err := strconv.ParseInt(text, 10, 64); err == nil && time.UnixMilli(ms).Before(since) {
			since = time.UnixMilli(ms)
		}
		if err := h.keepsBack(tx, since); err != nil {
			return err
		}
		return config.Remember(tx, lookedAt, strconv.FormatInt(tx.Now.UnixMilli(), 10))
	})
}

// sweep tells of what was published since the last time, after what is about to be was looked at.
func (h *House) sweep(ctx context.Context, j job.Job) error {
	return errors.Join(h.keepBack(ctx), h.Notify.Sweep(ctx, j))
}
