package file

import "preau/core/audit"

// What the journal says of files. What people read and write of their own is not its business; what leaves
// with many names, what is opened to others, and what is put away is.
const (
	actPut      audit.Action = "file.put"
	actReplace  audit.Action = "file.replace"
	actMove     audit.Action = "file.move"
	actBin      audit.Action = "file.bin"
	actTakeBack audit.Action = "file.take-back"
	actEmpty    audit.Action = "file.empty" // the bin, for good
	actShare    audit.Action = "file.share"
	actUnshare  audit.Action = "file.unshare"
	actHand     audit.Action = "file.hand"  // one copy to each pupil
	actVirus    audit.Action = "file.virus" // one was found in a file
)
