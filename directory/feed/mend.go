package feed

import (
	"slices"

	"preau/directory/aaf"
	"preau/directory/onde"
)

// BySchool tells whether a trouble is put right by the school, in ONDE. Those
// of staff and of schools never are; of what a record composes, the places in
// classes and groups are.
func (l ReportLine) BySchool() bool {
	if l.Category == aaf.Staffs || l.Category == aaf.Structures {
		return false
	}
	if l.Kind == aaf.MalformedComposite {
		return l.Attribute == "ENTPersonClasses" || l.Attribute == "ENTPersonGroupes"
	}
	return slices.Contains(schoolKinds, l.Kind)
}

var schoolKinds = []aaf.Kind{
	aaf.MissingName, aaf.MalformedDate, aaf.MalformedBoolean, aaf.MalformedPhone, aaf.MalformedMail, aaf.MissingAttribute,
	aaf.MissingUsualName, aaf.InvalidINE, NoSchool, UnknownStructure, UnknownGuardian, UnknownPupil, DuplicateINE, ClassLabels,
	DuplicatePupil, AmbiguousChild, OtherClass, NoChild,
	aaf.Kind(onde.MissingBirthDate), aaf.Kind(onde.NoClass), aaf.Kind(onde.MissingCivility), aaf.Kind(onde.TooLong), aaf.Kind(onde.NotExtraction),
}
