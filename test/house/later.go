package house

import (
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// keepsBack has some services keep back what was written to leave later, as app does.
func (h *House) keepsBack(services []web.Service) {
	h.Accounts.Withhold = func(tx *db.Tx, person school.ID) error {
		records, err := directory.Records(tx, person)
		if err != nil {
			return err
		}
		return web.Withhold(tx, services, records...)
	}
	looked := h.DB.Now()
	keep := func(tx *db.Tx, since time.Time) error {
		stops, err := account.Stops(tx)
		if err != nil {
			return err
		}
		return web.KeepBack(tx, services, since, tx.Now.Add(time.Minute), stops)
	}
	h.Accounts.KeepBack = func(tx *db.Tx) error { return keep(tx, tx.Now) }
	h.minute = func() {
		h.T.Helper()
		h.Write(func(tx *db.Tx) error { return keep(tx, looked) })
		looked = h.DB.Now()
	}
}

// Wait moves the clock by some time, before whose last minute what leaves meanwhile is looked at: see
// app's sweep.
func (h *House) Wait(by time.Duration) {
	h.T.Helper()
	h.Later(by - time.Minute)
	h.minute()
	h.Later(time.Minute)
}
