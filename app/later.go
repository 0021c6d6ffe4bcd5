package app

import (
	"context"

	"preau/account"
	"preau/core/job"
	"preau/core/web"
	"preau/directory"
)

// later has the services keep back what was written to leave later: all that somebody wrote, under any
// record of theirs, as their account is shut; and what is about to leave, as something is stopped.
func (h *House) later(services []web.Service) {
	h.ahead = &web.Ahead{DB: h.DB, Log: h.Log, Services: services, Records: directory.Records, Stops: account.Stops}
	h.Accounts.Withhold, h.Accounts.KeepBack = h.ahead.Withhold, h.ahead.KeepBack
}

// look looks at what is about to leave. Where it fails the next minute looks again: neither the start of a
// node nor what people are told waits for that.
func (h *House) look(ctx context.Context) {
	if err := h.ahead.Look(ctx); err != nil && ctx.Err() == nil {
		h.Log.Error("what leaves later was not looked at", "err", err)
	}
}

// sweep tells of what was published since the last time, after what is about to be was looked at.
func (h *House) sweep(ctx context.Context, j job.Job) error {
	h.look(ctx)
	return h.Notify.Sweep(ctx, j)
}
