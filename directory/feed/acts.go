package feed

import "preau/core/audit"

// What the journal says of deliveries.
const (
	actApply       audit.Action = "feed.apply"
	actUndo        audit.Action = "feed.undo"
	ActInterimOver audit.Action = "feed.end-interim"
)
