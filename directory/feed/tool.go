package feed

import (
	"slices"

	"preau/directory/aaf"
)

// Tool is the application of the field where a trouble is put right.
type Tool string

// The tools. All but the first are the académie's.
const (
	ONDE       Tool = "onde"       // where schools enrol pupils
	RAMSESE    Tool = "ramsese"    // the register of schools
	AGAPE      Tool = "agape"      // the staff of the premier degré
	Agents     Tool = "agents"     // the directory of the agents' mails
	Extraction Tool = "extraction" // what makes the delivery out of the others
)

// Tools lists the tools, the school's first.
var Tools = []Tool{ONDE, RAMSESE, AGAPE, Agents, Extraction}

// extracted are the kinds that no application of origin could have let in:
// the making of the delivery is at fault.
var extracted = []aaf.Kind{
	aaf.MissingKey, aaf.MalformedKey, aaf.KeyMismatch, aaf.MalformedReference, aaf.ExtraValue, aaf.UnknownAttribute,
	aaf.DuplicateAttribute, DuplicateKey, UnknownModified, UnknownDeleted,
}

// Tool tells where a trouble is put right.
func (l ReportLine) Tool() Tool {
	switch {
	case l.BySchool():
		return ONDE
	case slices.Contains(extracted, l.Kind):
		return Extraction
	case l.Kind == StructureDeleted || l.Kind == ForeignStructure || l.Category == aaf.Structures:
		return RAMSESE
	case l.Kind == DuplicateMail || l.Category == aaf.Staffs && l.Kind == aaf.MalformedMail:
		return Agents
	case l.Category == aaf.Staffs:
		return AGAPE
	}
	return Extraction
}
