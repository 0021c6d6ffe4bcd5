package register

import "preau/core/audit"

// What the journal says of the register.
const (
	actArrive  audit.Action = "register.arrive"
	actCorrect audit.Action = "register.correct"
	actClose   audit.Action = "register.close"
	actReopen  audit.Action = "register.reopen"
	actTie     audit.Action = "register.tie"
	actUntie   audit.Action = "register.untie"

	actRestrict audit.Action = "register.restrict"
	actLift     audit.Action = "register.lift"
	actResume   audit.Action = "register.resume"
	actConfirm  audit.Action = "register.confirm"

	actCustody    audit.Action = "register.custody"
	actEndCustody audit.Action = "register.end-custody"

	actAttach audit.Action = "register.attach"
	actDetach audit.Action = "register.detach"

	actMakeGroup   audit.Action = "register.make-group"
	actFillGroup   audit.Action = "register.fill-group"
	actCloseGroup  audit.Action = "register.close-group"
	actReopenGroup audit.Action = "register.reopen-group"

	actMakeRPI   audit.Action = "register.make-rpi"
	actAskRPI    audit.Action = "register.ask-rpi" // the school that is asked is the subject
	actJoinRPI   audit.Action = "register.join-rpi"
	actRefuseRPI audit.Action = "register.refuse-rpi"
	actLeaveRPI  audit.Action = "register.leave-rpi"

	actMerge   audit.Action = "register.merge"
	actUnmerge audit.Action = "register.unmerge"
	actApart   audit.Action = "register.apart"
	actJoin    audit.Action = "register.join"

	actRecordReferent  audit.Action = "register.record-referent"
	actCorrectReferent audit.Action = "register.correct-referent"
	actEndReferent     audit.Action = "register.end-referent"
	actResumeReferent  audit.Action = "register.resume-referent"
	// By the sheet that an operator reads in.
	actSheetRecords  audit.Action = "directory.record-referent"
	actSheetCorrects audit.Action = "directory.correct-referent"

	actImportOnde       audit.Action = "register.import-onde"
	actExportReport     audit.Action = "register.export-report"
	actAcceptDepartures audit.Action = "register.accept-departures"
)
