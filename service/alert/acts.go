package alert

import (
	"preau/core/audit"
	"preau/core/web"
)

// What the journal says of urgent notices.
const (
	actTell        audit.Action = "alert.tell"
	actAmend       audit.Action = "alert.amend"
	actEnd         audit.Action = "alert.end"
	actCall        audit.Action = "alert.call"   // somebody was told by telephone
	actUncall      audit.Action = "alert.uncall" // and was not, after all
	actLookCalls   audit.Action = "alert.look-calls"
	actExportCalls audit.Action = "alert.export-calls"
)

// entry is the journal of an act on a notice.
func (a alert) entry(r *web.Request, act audit.Action) audit.Entry {
	return audit.Entry{By: r.By(), Action: act, Kind: "alert", Object: a.ID, School: a.School}
}

// acts are those of what is said.
var acts = map[said]audit.Action{told: actTell, amended: actAmend, ended: actEnd}
