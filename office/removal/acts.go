package removal

import (
	"preau/core/audit"
	"preau/core/db"
)

// actOpenEvidence is what the journal says of who opened what was kept, by a command. What
// the people concerned read of the rest is account's: [preau/account.ActAskRemoval] and the
// others.
const actOpenEvidence audit.Action = "removal.open-evidence"

// write journals what was done about a case, for the school and for whose account it is.
func (s *Service) write(tx *db.Tx, by audit.By, act audit.Action, d dossier) error {
	return s.Audit.Write(tx, audit.Entry{By: by, Action: act, Kind: "removal", Object: d.ID, Subject: d.Account, School: d.School})
}
