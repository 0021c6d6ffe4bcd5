package reception

import "preau/core/personal"

// holdings declares the tables. They say which files came and what became of
// them; what the files hold is in the vault, sealed, until its term.
var holdings = personal.Tables{
	{
		Name: "reception_account",
		Plain: []string{"id", "name", "academy", "daily", "checksum", "silence_days", "opened_at", "closed_at", "heard_at",
			"silence_day"},
	},
	{Name: "reception_school", Plain: []string{"account_id", "uai"}},
	{
		Name:     "reception_arrival",
		Personal: map[string]personal.Category{"released_by": personal.Trace},
		Plain: []string{"id", "account_id", "name", "digest", "size", "delivery", "mode", "day", "state", "reason", "detail",
			"tries", "try_at", "feed_id", "arrived_at", "decided_at", "released_at", "told", "destroyed_at",
			"expected", "after_day", "trouble"},
		Purpose: personal.Feed, Recipients: []personal.Recipient{personal.Pilots, personal.Operators},
		Retention: personal.Retention{From: "arrived_at", Days: 365},
	},
	{Name: "reception_refused", Plain: []string{"arrival_id", "uai", "pupils", "staff"}},
}

var (
	_ personal.Steward = (*Vault)(nil)
	_ personal.Keeper  = (*Vault)(nil)
)
