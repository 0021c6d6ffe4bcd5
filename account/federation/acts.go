package federation

import "preau/core/audit"

// actUnknown is what the journal says of whom a provider vouches for, and whom nothing names
// here.
const actUnknown audit.Action = "federation.unknown"
