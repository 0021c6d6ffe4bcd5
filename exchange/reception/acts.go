package reception

import "preau/core/audit"

// What the journal says of the accounts and the arrivals of académies; app extracts.
const (
	actOpen    audit.Action = "reception.open"
	actClose   audit.Action = "reception.close"
	actRelease audit.Action = "reception.release"
	ActExtract audit.Action = "reception.extract"
)
