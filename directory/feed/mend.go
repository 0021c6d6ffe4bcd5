package feed

import (
	"slices"

	"preau/directory/aaf"
)

// BySchool tells whether a trouble is put right by the school, in ONDE. Those
// of staff and of schools never are.
func (l ReportLine) BySchool() bool {
	return l.Category != aaf.Staffs && l.Category != aaf.Structures && slices.Contains(schoolKinds, l.Kind)
}

var schoolKinds = []aaf.Kind{
	aaf.MissingName, aaf.MalformedDate, aaf.MalformedBoolean, aaf.MalformedPhone, aaf.MalformedMail, aaf.MissingAttribute,
	aaf.MissingUsualName, aaf.InvalidINE, NoSchool, UnknownStructure, UnknownGuardian, UnknownPupil, DuplicateINE, ClassLabels,
}
