package liaison

import "preau/core/audit"

// What the journal says of the carnet.
const (
	actExportFollow  audit.Action = "liaison.export-follow"  // the follow-up of a word was taken away
	actPrintSlips    audit.Action = "liaison.print-slips"    // its talons were printed
	actEnterPaper    audit.Action = "liaison.enter-paper"    // an answer was entered from paper
	actWithdrawPaper audit.Action = "liaison.withdraw-paper" // and taken back
	actRestore       audit.Action = "liaison.restore"        // a word counts again, or says again what it said
	actTellNote      audit.Action = "liaison.tell-note"      // a family told the school something about a child
	actWithdrawNote  audit.Action = "liaison.withdraw-note"  // took it back
	actTakeNote      audit.Action = "liaison.take-note"      // and somebody at school took note of it
)
