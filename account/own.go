package account

import (
	"slices"

	"preau/core/audit"
)

// What rooms above write of somebody for their own journal, which nobody else reads.
const (
	ActSilence      audit.Action = "message.silence" // they want no message of somebody any more
	ActHear         audit.Action = "message.hear"
	ActReport       audit.Action = "message.report"
	ActReportAnswer audit.Action = "message.report-answer"
)

// OwnActs are the actions of every kind, and those that one reads of oneself alone.
func OwnActs() []audit.Action {
	return slices.Concat(Acts(""), []audit.Action{ActSilence, ActHear, ActReport, ActReportAnswer})
}
