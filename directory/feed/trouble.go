package feed

import "preau/directory/aaf"

// The kinds of trouble that only a whole delivery shows, beside the reader's.
const (
	// DuplicateKey: the key came before in the delivery; this record is
	// rejected.
	DuplicateKey aaf.Kind = "duplicate-key"
	// NoSchool: a pupil of no known school; the record is rejected.
	NoSchool aaf.Kind = "no-school"
	// UnknownStructure: neither in the delivery nor in the register; what
	// refers to it is ignored.
	UnknownStructure aaf.Kind = "unknown-structure"
	// NotCirconscription: a school is said to be the circonscription of
	// another; that is ignored.
	NotCirconscription aaf.Kind = "not-circonscription"
	// UnknownGuardian: delivered nowhere; the bond is ignored until they come.
	UnknownGuardian aaf.Kind = "unknown-guardian"
	// UnknownPupil: named by a guardian, delivered nowhere.
	UnknownPupil aaf.Kind = "unknown-pupil"
	// UnknownModified: a modification of what was not known; it is created.
	UnknownModified aaf.Kind = "unknown-modified"
	// UnknownDeleted: a deletion of what was not known; it is ignored.
	UnknownDeleted aaf.Kind = "unknown-deleted"
	// StructureDeleted: structures are closed by hand; it is ignored.
	StructureDeleted aaf.Kind = "structure-deleted"
	// ForeignStructure: another académie delivers the structure; the record is
	// rejected, and what refers to it is ignored.
	ForeignStructure aaf.Kind = "foreign-structure"
	// OutsidePerimeter: a structure that the project did not open, or the
	// people of such structures, counted together; the records are left out.
	OutsidePerimeter aaf.Kind = "outside-perimeter"
	// DuplicateINE: two pupils of the delivery have one INE; two people are
	// kept.
	DuplicateINE aaf.Kind = "duplicate-ine"
	// DuplicateMail: two members of the staff of the delivery have one mail;
	// nobody is recognised by it.
	DuplicateMail aaf.Kind = "duplicate-mail"
	// ClassLabels: one idClasse under several labels; the first in order
	// stands.
	ClassLabels aaf.Kind = "class-labels"

	// DuplicatePupil: a pupil is twice in an extraction; the row is rejected.
	DuplicatePupil aaf.Kind = "duplicate-pupil"
	// DuplicateGuardian: a guardian is twice in an extraction; the rows are put
	// together.
	DuplicateGuardian aaf.Kind = "duplicate-guardian"
	// OwnMail: an extraction has another mail address of whoever drops it, or of
	// their family, whose account it would give them; that is ignored until
	// somebody else drops it.
	OwnMail aaf.Kind = "own-mail"
	// AmbiguousChild: two pupils have the names of a guardian's child; there is
	// no bond until they are told apart.
	AmbiguousChild aaf.Kind = "ambiguous-child"
	// OtherClass: the pupil of these names is in another class; there is no
	// bond until both lists say the same.
	OtherClass aaf.Kind = "other-class"
	// NoChild: no pupil was found for a guardian, who is left out.
	NoChild aaf.Kind = "no-child"
)

// Kinds lists the kinds of trouble that the feed adds to the reader's.
var Kinds = []aaf.Kind{
	DuplicateKey, NoSchool, UnknownStructure, NotCirconscription, UnknownGuardian, UnknownPupil,
	UnknownModified, UnknownDeleted, StructureDeleted, ForeignStructure, DuplicateINE, DuplicateMail, ClassLabels,
	DuplicatePupil, DuplicateGuardian, OwnMail, AmbiguousChild, OtherClass, NoChild,
	OutsidePerimeter,
}
