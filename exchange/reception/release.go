package reception

import (
	"preau/core/audit"
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// Release has an arrival that is held fed at the next look, whatever it waits
// for. One that was held for its departures makes them depart.
func (s *Service) Release(tx *db.Tx, id school.ID, by audit.By) error {
	a, err := ArrivalByID(tx, id)
	if err != nil {
		return err
	}
	if err := letGo(tx, a, by.Actor); err != nil {
		return err
	}
	entry := audit.Entry{By: by, Action: actRelease, Kind: "arrival", Object: id}
	if a.Reason != "" {
		entry.Detail = audit.Detail{"reason": string(a.Reason)}
	}
	return s.Audit.Write(tx, entry)
}

// release lets go of what is held. The form says why its reader saw it held:
// another reason is another decision.
func (s *Service) release(r *web.Request) (web.Answer, error) {
	id, err := r.PathID("arrival")
	if err != nil {
		return nil, err
	}
	if err := r.Can(release, rights.Whole); err != nil {
		return nil, err
	}
	a, err := ArrivalByID(r.Tx, id)
	if err != nil {
		return nil, err
	}
	if r.PostFormValue("reason") != string(a.Reason) {
		return nil, notHeld(a)
	}
	return web.Redirect{To: home, Notice: "reception.released"}, s.Release(r.Tx, id, r.By())
}
