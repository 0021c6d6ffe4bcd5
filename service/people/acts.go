package people

import "preau/core/audit"

// actExportClass is what the journal says of whoever takes the list of a class away.
const actExportClass audit.Action = "people.export-class"
