package federation

import (
	"time"

	"preau/account"
	"preau/core/personal"
)

// Holdings declares the tables.
var Holdings = personal.Tables{
	{Name: "federation_provider", Plain: []string{"name", "declared", "secret", "document", "valid_until", "refreshed_at", "trouble"}},
	{Name: "federation_key", Plain: []string{"name", "certificate", "sealed", "made_at"}},
	{
		Name:    "federation_try",
		Plain:   []string{"relay", "browser", "provider", "request", "verifier", "next", "expires_at"},
		Purpose: personal.Security, Recipients: []personal.Recipient{personal.Nobody},
		Retention: personal.Retention{From: "expires_at"},
	},
	{
		Name:    "federation_seen",
		Plain:   []string{"assertion", "expires_at"},
		Purpose: personal.Security, Recipients: []personal.Recipient{personal.Nobody},
		Retention: personal.Retention{From: "expires_at"},
	},
	{
		Name:     "federation_found",
		Subjects: []string{"person_id"},
		Secret:   []string{"browser"},
		Personal: map[string]personal.Category{"provider": personal.Account, "next": personal.Trace, "back": personal.Trace},
		Plain:    []string{"browser", "person_id", "expires_at"},
		Purpose:  personal.Security, Recipients: []personal.Recipient{personal.Nobody},
		Retention: personal.Retention{From: "expires_at"},
	},
	{
		Name:     "federation_entry",
		Subjects: []string{"person_id"},
		Personal: map[string]personal.Category{"provider": personal.Account, "back": personal.Trace, "entered_at": personal.Trace},
		Plain:    []string{"session_id", "person_id"},
		Purpose:  personal.Security, Recipients: []personal.Recipient{personal.Nobody},
		Retention: personal.Retention{From: "entered_at", Days: int(account.FamilyLife / (24 * time.Hour))},
	},
}

var (
	_ personal.Steward = Holdings
	_ personal.Keeper  = Holdings
)
