package accounts

import "preau/core/audit"

// actExportJournal is what the journal says of whoever takes it away.
const actExportJournal audit.Action = "accounts.export-journal"
