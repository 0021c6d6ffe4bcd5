package aaf

// Kind names what is wrong with one record or one attribute. A kind is a
// stable string: journals store it and message catalogues are keyed by it.
type Kind string

// The kinds of troubles that reject the record. The delivery goes on.
const (
	// MissingKey: identifier/id is absent or empty.
	MissingKey Kind = "missing-key"
	// MalformedKey: identifier/id is not a positive decimal integer.
	MalformedKey Kind = "malformed-key"
	// KeyMismatch: ENTPersonJointure or ENTStructureJointure is not the
	// identifier of the record.
	KeyMismatch Kind = "key-mismatch"
	// MissingName: the usual name or the first name is empty (the first name
	// may be for an organisation), or the structure has no name at all. In a
	// modification, only a name that is explicitly erased counts.
	MissingName Kind = "missing-name"
	// MalformedComposite: a value made of fields separated by "$" has not its
	// number of fields, or lacks the ones that make its sense.
	MalformedComposite Kind = "malformed-composite"
	// MalformedReference: a value that must be the key of another record is
	// not a positive decimal integer.
	MalformedReference Kind = "malformed-reference"
)

// The kinds of troubles where the value is ignored, as if the record did not
// carry its attribute, and the rest of the record is kept.
const (
	// MalformedDate: not a day of the calendar written dd/MM/yyyy.
	MalformedDate Kind = "malformed-date"
	// MalformedBoolean: none of O, N, oui, non, true, false, 1 and 0.
	MalformedBoolean Kind = "malformed-boolean"
	// MalformedPhone: not 6 to 15 digits with their usual separators.
	MalformedPhone Kind = "malformed-phone"
	// MalformedMail: not the form of a mail address.
	MalformedMail Kind = "malformed-mail"
	// ExtraValue: a second, different value where one is allowed; the first is
	// kept.
	ExtraValue Kind = "extra-value"
	// UnknownAttribute: not an attribute of the annex for this category.
	// Reported once per file and name, with a count.
	UnknownAttribute Kind = "unknown-attribute"
	// DroppedAttribute: an attribute that RU-003 article 2 does not allow in
	// the register. Reported once per file and name, with a count.
	DroppedAttribute Kind = "dropped-attribute"
)

// The kinds of troubles where everything is kept and somebody should look.
const (
	// DuplicateAttribute: the attribute comes twice with values; those of an
	// attribute that may have several are put together.
	DuplicateAttribute Kind = "duplicate-attribute"
	// MissingAttribute: an addition has no value for an attribute that the
	// annex makes obligatory.
	MissingAttribute Kind = "missing-attribute"
	// MissingUsualName: ENTPersonNom is empty; ENTPersonNomPatro stands for it.
	MissingUsualName Kind = "missing-usual-name"
	// InvalidUAI: wrong form or wrong check letter.
	InvalidUAI Kind = "invalid-uai"
	// InvalidINE: wrong form.
	InvalidINE Kind = "invalid-ine"
)

// Kinds lists every kind, the graver first.
var Kinds = []Kind{
	MissingKey, MalformedKey, KeyMismatch, MissingName, MalformedComposite, MalformedReference,
	MalformedDate, MalformedBoolean, MalformedPhone, MalformedMail, ExtraValue,
	UnknownAttribute, DroppedAttribute,
	DuplicateAttribute, MissingAttribute, MissingUsualName, InvalidUAI, InvalidINE,
}

// Action is what became of the record or the value in trouble.
type Action string

// The actions.
const (
	Rejected Action = "rejected" // the whole record is left out
	Ignored  Action = "ignored"  // the value is left out, the record is kept
	Kept     Action = "kept"     // nothing is left out
)

// Trouble is something wrong that does not stop the delivery. It says where
// and what, never a value, so that it may be journalled and sent to the
// rectorat.
type Trouble struct {
	Kind   Kind
	Action Action

	File      string // name of the file, without its folder
	Record    int    // rank of the record in its file, from 1
	Line      int    // line of the first tag of the record
	Category  Category
	Key       Key    // 0 when the record has none
	Attribute string // official name, or the name found when it is unknown; may be empty

	// Count is how many times this was met: more than 1 only for the kinds
	// reported once per file, whose Record, Line and Key are the first ones.
	Count int
}
