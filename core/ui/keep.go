package ui

// Keep is what the device in front of somebody keeps for them.
type Keep struct {
	Who  string // whom it is kept for, without saying who it is; empty: nothing is, since others use the device
	Read string // when the page was read, in words; empty: it is not kept
	Sent string // the mark of the form that the page before took
}
