package house

import (
	"log/slog"

	"preau/core/job"
	"preau/core/notify"
)

// Notify is what tells people outside of the portal, which nobody runs: what it is to tell waits
// among the jobs.
func (h *House) Notify() *notify.Service {
	h.T.Helper()
	n := notify.New(h.DB, h.Key)
	jobs, err := job.New(h.DB, slog.New(slog.DiscardHandler), map[job.Kind]job.Handler{notify.KindAgain: n.WakeAgain})
	if err != nil {
		h.T.Fatal(err)
	}
	n.Enqueue = jobs.Enqueue
	return n
}
