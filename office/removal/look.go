package removal

import (
	"slices"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/core/web"
)

// look is what somebody reads of what an account sent.
type look struct {
	Of     school.ID // the account
	Object school.ID // the account, or a case about it: as Kind says
	Kind   string
	In     web.Sending
	Read   found
}

// looks notes who reads what an account sent, before they do. Each thing counts as an act on
// somebody, each time: who holds the right has not all that a school writes before their eyes.
// The journal has the window, once an hour; one that is in no window that it has is written.
func (s *Service) looks(r *web.Request, l look) error {
	e := audit.Entry{By: r.By(), Action: account.ActLookSent, Kind: l.Kind, Object: l.Object, Subject: l.Of, School: l.In.School, Detail: windowOf(l.In)}
	return r.Note(func(tx *db.Tx) error {
		if err := r.ActsOn(l.Read.Count + len(l.Read.Changed) + len(l.Read.Recalled)); err != nil {
			return err
		}
		done, err := s.Audit.Chosen(tx, audit.Choice{
			About: []school.ID{e.Subject}, On: []school.ID{e.Object}, By: []school.ID{e.Actor}, At: e.School, Actions: []audit.Action{e.Action},
			Since: tx.Now.Add(-time.Hour), Most: mostLooks,
		})
		if err != nil || slices.ContainsFunc(done, func(a audit.Act) bool { return a.Profile == e.Profile && holds(a.Detail, e.Detail) }) {
			return err
		}
		return s.Audit.Write(tx, e)
	})
}

// mostLooks is how many looks of the last hour are compared with one.
const mostLooks = 100

// The words of a window in the journal: since and before when, in Paris, and where it is every
// school. One without an end has no "before".
const (
	detailSince  = "since"
	detailBefore = "before"
	detailWhere  = "where"
	detailTime   = "2006-01-02.15:04"
)

// windowOf says a window in the words of the journal.
func windowOf(by web.Sending) audit.Detail {
	d := audit.Detail{detailSince: by.Since.In(school.Paris).Format(detailTime)}
	if !by.Until.IsZero() {
		d[detailBefore] = by.Until.In(school.Paris).Format(detailTime)
	}
	if by.School == 0 {
		d[detailWhere] = "everywhere"
	}
	return d
}

// holds tells whether a window holds another. These words are in the order of time.
func holds(d, other audit.Detail) bool {
	ends := d[detailBefore] == "" || other[detailBefore] != "" && other[detailBefore] <= d[detailBefore]
	return d[detailSince] != "" && d[detailSince] <= other[detailSince] && ends && d[detailWhere] == other[detailWhere]
}
