package message

import (
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

var _ web.Stopper = (*Service)(nil)

// Stops implements web.Stopper.
func (s *Service) Stops(tx *db.Tx, at school.ID) ([]web.Stop, error) {
	on, err := stopsOf(tx, at)
	if err != nil {
		return nil, err
	}
	rules := rulesView{At: directory.Structure{ID: at}}.path()
	var stops []web.Stop
	for _, what := range []string{stopAll, stopPupils} {
		is := false
		for _, one := range on {
			if one.What == what {
				is = true
				stops = append(stops, web.Stop{School: one.School, What: what, Title: stopKey(what), Rules: rules, On: true, Since: one.At, By: one.By, Reason: one.Reason})
			}
		}
		if !is {
			stops = append(stops, web.Stop{School: at, What: what, Title: stopKey(what), Rules: rules})
		}
	}
	return stops, nil
}

func stopKey(what string) string { return "message.stop-" + what }

// Stop implements web.Stopper; what is stopped already keeps its first day.
func (s *Service) Stop(r *web.Request, at school.ID, what, reason string) error {
	n, err := r.Tx.Exec(`INSERT INTO message_stop (school_id, what, set_by, set_at, reason) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (school_id, what) DO NOTHING`, at, what, r.Actor.Person, db.At(r.Tx.Now), reason)
	if err != nil || n == 0 {
		return err
	}
	return s.stopping(r, actStop, at, what)
}

// Resume implements web.Stopper.
func (s *Service) Resume(r *web.Request, at school.ID, what string) error {
	n, err := r.Tx.Exec(`DELETE FROM message_stop WHERE school_id = $1 AND what = $2`, at, what)
	if err != nil || n == 0 {
		return err
	}
	return s.stopping(r, actResume, at, what)
}

func (s *Service) stopping(r *web.Request, act audit.Action, at school.ID, what string) error {
	return s.Audit.Write(r.Tx, audit.Entry{By: r.By(), Action: act, Kind: "stop", Subject: at, School: at, Detail: audit.Detail{"what": what}})
}
