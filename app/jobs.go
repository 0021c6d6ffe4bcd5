package app

import (
	"context"

	"preau/core/db"
	"preau/core/job"
	"preau/directory/feed"
)

// jobs are the house's: each daily one runs once a night, whatever the number
// of nodes.
func (h *House) jobs() (*job.Queue, error) {
	purge := func(name string, forget func(*db.Tx) (int64, error)) job.Handler {
		return func(ctx context.Context, _ job.Job) error {
			return h.DB.Write(ctx, func(tx *db.Tx) error {
				n, err := forget(tx)
				h.Log.Info("past its term", "of", name, "rows", n)
				return err
			})
		}
	}
	return job.New(h.DB, h.Log, map[job.Kind]job.Handler{
		"audit.seal":    h.sealDays,
		"audit.purge":   purge("audit", h.Audit.Purge),
		"account.purge": purge("account", h.Accounts.Purge),
		"feed.purge":    purge("feed", feed.Holdings.Purge),
	},
		job.Daily{Kind: "audit.seal", Hour: 1, Minute: 30},
		job.Daily{Kind: "audit.purge", Hour: 2, Minute: 0},
		job.Daily{Kind: "account.purge", Hour: 2, Minute: 10},
		job.Daily{Kind: "feed.purge", Hour: 2, Minute: 20},
	)
}

// sealDays seals the journal of the days that ended. Their heads go to the
// log too: kept elsewhere, they show a database put back to an earlier day.
func (h *House) sealDays(ctx context.Context, _ job.Job) error {
	return h.DB.Write(ctx, func(tx *db.Tx) error {
		sealed, err := h.Audit.SealDays(tx)
		for _, segment := range sealed {
			h.Log.Info("journal sealed", "day", segment.Day, "entries", segment.Count, "head", segment.Head)
		}
		return err
	})
}
