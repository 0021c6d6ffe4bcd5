package removal

import (
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
)

// actOpenEvidence is what the journal says of whoever opened what was kept, by a command. What
// the people concerned read of the rest is account's: [preau/account.ActAskRemoval] and the
// others.
const actOpenEvidence audit.Action = "removal.open-evidence"

// actMend is what the journal says of a thing that is what it was before an account changed it,
// or, where that is undone, what the account had made of it.
const actMend audit.Action = "removal.mend"

// writeMended journals that a thing of a case is what it was.
func (s *Service) writeMended(tx *db.Tx, by audit.By, d dossier, thing school.ID) error {
	return s.Audit.Write(tx, audit.Entry{By: by, Action: actMend, Kind: "thing", Object: thing, Subject: d.Account, School: d.School})
}

// write journals what was done about a case, for the school and for whose account it is.
func (s *Service) write(tx *db.Tx, by audit.By, act audit.Action, d dossier) error {
	return s.Audit.Write(tx, audit.Entry{By: by, Action: act, Kind: "removal", Object: d.ID, Subject: d.Account, School: d.School})
}
