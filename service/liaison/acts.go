package liaison

import (
	"preau/core/audit"
	"preau/core/web"
)

// What the journal says of the carnet.
const (
	actExportFollow  audit.Action = "liaison.export-follow"  // the follow-up of a word was taken away
	actPrintSlips    audit.Action = "liaison.print-slips"    // its talons were printed
	actEnterPaper    audit.Action = "liaison.enter-paper"    // an answer was entered from paper
	actWithdrawPaper audit.Action = "liaison.withdraw-paper" // and taken back
	actPublish       audit.Action = "liaison.publish"        // a word was published
	actAmend         audit.Action = "liaison.amend"          // it says something else
	actCancel        audit.Action = "liaison.cancel"         // it does not count any more
	actRemind        audit.Action = "liaison.remind"         // those who had still to answer were reminded
	actRestore       audit.Action = "liaison.restore"        // a word counts again, or says again what it said
	actTellNote      audit.Action = "liaison.tell-note"      // a family told the school something about a child
	actWithdrawNote  audit.Action = "liaison.withdraw-note"  // took it back
	actTakeNote      audit.Action = "liaison.take-note"      // and somebody at school took note of it
)

// journal says what was done to a word.
func (s *Service) journal(r *web.Request, act audit.Action, w word) error {
	return s.Audit.Write(r.Tx, audit.Entry{By: r.By(), Action: act, Kind: "word", Object: w.ID, School: w.School})
}
