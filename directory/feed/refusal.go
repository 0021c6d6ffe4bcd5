package feed

import (
	"fmt"

	"preau/directory/aaf"
)

// Refusal is why a delivery was not applied: nothing of it was. Its text is
// for the operator; it names no person.
type Refusal struct {
	Kind   aaf.RefusalKind
	File   string
	Line   int
	Record int
	Reason string
}

// The kinds of refusal that the feed adds to the reader's.
const (
	NoDelivery        aaf.RefusalKind = "no-delivery"         // nothing there is named like a delivery
	Older             aaf.RefusalKind = "older"               // than what was applied
	Future            aaf.RefusalKind = "future"              // dated so late that none could follow
	NoComplete        aaf.RefusalKind = "no-complete"         // a delta without a complete delivery before it
	OtherAcademy      aaf.RefusalKind = "other-academy"       // than the one that is expected
	TwoAcademies      aaf.RefusalKind = "two-academies"       // the files, or their structures, name several
	NoAcademy         aaf.RefusalKind = "no-academy"          // nothing says which académie delivers
	TooManyDepartures aaf.RefusalKind = "too-many-departures" // above the académie's cap
	Busy              aaf.RefusalKind = "busy"                // another feed is under way
	NotLast           aaf.RefusalKind = "not-last"            // only the last applied delivery can be undone
	NothingToUndo     aaf.RefusalKind = "nothing-to-undo"     // it was refused, or is undone already
	NoImages          aaf.RefusalKind = "no-images"           // what the delivery overwrote is past its retention
	FedByAcademy      aaf.RefusalKind = "fed-by-academy"      // a school of the AAF is not fed by ONDE
	NoSchoolName      aaf.RefusalKind = "no-school-name"      // the register does not know the school, and nobody names it
	WrongUAI          aaf.RefusalKind = "wrong-uai"           // of a school that would be created
	Unseen            aaf.RefusalKind = "unseen"              // it would do something else than its preview
)

// Error says where, then what.
func (r *Refusal) Error() string {
	where := ""
	if r.File != "" {
		where = r.File + ": "
		if r.Line > 0 {
			where = fmt.Sprintf("%s, line %d: ", r.File, r.Line)
		}
		if r.Record > 0 {
			where = fmt.Sprintf("%s, line %d, record %d: ", r.File, r.Line, r.Record)
		}
	}
	return fmt.Sprintf("refused (%s): %s%s", r.Kind, where, r.Reason)
}

func tooMany(leaving, population int) string {
	return fmt.Sprintf("%d of %d people would depart; look at the delivery, then feed it again with --accept-departures if they really do",
		leaving, population)
}
