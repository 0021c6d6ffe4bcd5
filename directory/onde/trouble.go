package onde

import "fmt"

// TroubleKind names what is wrong with one row or one column. It is a stable
// string: journals store it and message catalogues are keyed by it. Those that
// the AAF knows too have its names.
type TroubleKind string

// The kinds of troubles.
const (
	// MissingName: no name or no first name; the row is rejected.
	MissingName TroubleKind = "missing-name"
	// TooLong: a cell that no extraction has; the row is rejected.
	TooLong TroubleKind = "too-long"
	// MalformedDate: neither dd/mm/yyyy nor yyyy-mm-dd.
	MalformedDate TroubleKind = "malformed-date"
	// MalformedPhone: not 6 to 15 digits with their usual separators.
	MalformedPhone TroubleKind = "malformed-phone"
	// MalformedMail: not the form of a mail address.
	MalformedMail TroubleKind = "malformed-mail"
	// InvalidINE: wrong form; it is left out.
	InvalidINE TroubleKind = "invalid-ine"
	// MissingBirthDate: the pupil has none.
	MissingBirthDate TroubleKind = "missing-birth-date"
	// MissingCivility: a guardian with a first name is taken for a service.
	MissingCivility TroubleKind = "missing-civility"
	// NoClass: the pupil is in no class.
	NoClass TroubleKind = "no-class"
	// UnknownLevel: a level that is not of the primary school; kept as it is.
	UnknownLevel TroubleKind = "unknown-level"
	// DroppedColumn: what RU-003 article 2 does not allow. Once a file.
	DroppedColumn TroubleKind = "dropped-attribute"
	// UnknownColumn: a column that nobody knows. Once a file.
	UnknownColumn TroubleKind = "unknown-column"
	// NotExtraction: the file lists neither pupils nor guardians.
	NotExtraction TroubleKind = "not-an-extraction"
)

// Kinds lists every kind.
var Kinds = []TroubleKind{
	MissingName, TooLong, MalformedDate, MalformedPhone, MalformedMail, InvalidINE, MissingBirthDate, MissingCivility, NoClass, UnknownLevel,
	DroppedColumn, UnknownColumn, NotExtraction,
}

// Action is what became of the row or the value in trouble.
type Action string

// The actions, by the names of the AAF's.
const (
	Rejected Action = "rejected" // the whole row is left out
	Ignored  Action = "ignored"  // the value is left out, the row is kept
	Kept     Action = "kept"     // nothing is left out
)

// Trouble is something wrong that does not stop the extraction. It says where
// and what, never a value.
type Trouble struct {
	Kind   TroubleKind
	Action Action
	Place         // without a line for what concerns a whole file
	Of     Kind   // what the file lists; empty when it is not known
	Column string // as the file names it
	Count  int    // how many rows; 1 for what concerns one
}

// RefusalKind names why everything is refused. It is a stable string.
type RefusalKind string

// The kinds of refusals.
const (
	NoPupils            RefusalKind = "no-pupils"
	MissingColumn       RefusalKind = "missing-column"
	TooLarge            RefusalKind = "too-large"
	UnsupportedEncoding RefusalKind = "unsupported-encoding"
	Damaged             RefusalKind = "damaged" // the archive
	NoFile              RefusalKind = "no-file"
)

// RefusalKinds lists every kind of refusal.
var RefusalKinds = []RefusalKind{NoPupils, MissingColumn, TooLarge, UnsupportedEncoding, Damaged, NoFile}

// Refusal is why everything is refused, in one English sentence for whoever
// made the files; it quotes no value.
type Refusal struct {
	Kind   RefusalKind
	File   string // empty when it is not about one file
	Reason string
}

// Error says where, then what.
func (r *Refusal) Error() string {
	if r.File == "" {
		return r.Reason
	}
	return fmt.Sprintf("%s: %s", r.File, r.Reason)
}
