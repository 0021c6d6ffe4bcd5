package house

import (
	"time"

	"preau/account"
	"preau/core/web"
	"preau/directory"
)

// looksAhead has some services keep back what was written to leave later, and looks at once, as app does.
func (h *House) looksAhead(config web.Config) {
	h.T.Helper()
	h.ahead = &web.Ahead{DB: h.DB, Log: config.Log, Services: config.Services, Records: directory.Records, Stops: account.Stops}
	h.Accounts.Withhold, h.Accounts.KeepBack = h.ahead.Withhold, h.ahead.KeepBack
	h.LookAhead()
}

// LookAhead looks at what is about to leave, as app does each minute.
func (h *House) LookAhead() {
	h.T.Helper()
	if err := h.ahead.Look(h.T.Context()); err != nil {
		h.T.Fatal(err)
	}
}

// Later moves the clock. Where a minute passes, what leaves meanwhile is looked at before the last one and
// after it, once somebody is served.
func (h *House) Later(by time.Duration) {
	h.T.Helper()
	looks := h.ahead != nil && by >= time.Minute
	if looks {
		h.turn(by - time.Minute)
		h.LookAhead()
		by = time.Minute
	}
	h.turn(by)
	if looks {
		h.LookAhead()
	}
}

// turn moves the clock, and does nothing else.
func (h *House) turn(by time.Duration) {
	now := h.DB.Now().Add(by)
	h.DB.Now = func() time.Time { return now }
}
