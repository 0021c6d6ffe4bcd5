package liaison

import "preau/core/audit"

// actExportFollow is what the journal says of who takes the follow-up of a word away.
const actExportFollow audit.Action = "liaison.export-follow"

// actPrintSlips is what the journal says of who prints the talons of a word.
const actPrintSlips audit.Action = "liaison.print-slips"
