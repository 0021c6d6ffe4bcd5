package ui

// Reader is how well the person in front of a page reads; it decides the
// font, the size of targets and whether pictures carry the meaning.
type Reader uint8

// The readers.
const (
	Adult       Reader = iota // and pupils of cycle 3: text, ordinary sizes
	EarlyReader               // 6 to 8: words under pictograms, large type for beginners
	PreReader                 // 2 to 6: pictograms, targets of 88 px and more, spoken labels
)

func (r Reader) class() string {
	switch r {
	case PreReader:
		return "reader-pre"
	case EarlyReader:
		return "reader-early"
	}
	return "reader-adult"
}

// child tells whether the page is for a child who is learning to read.
func (r Reader) child() bool { return r == PreReader || r == EarlyReader }
