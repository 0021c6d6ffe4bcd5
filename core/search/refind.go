package search

import (
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
)

// Refinder is what a room keeps, when its things are found by more than a former version kept.
type Refinder interface {
	// FoundBy names what things are found by: another name, and they are kept again.
	FoundBy() string
	// Reindex has the things after one, most of them at most, be found by that. It gives the
	// last of them; 0: there is none left.
	Reindex(tx *db.Tx, say i18n.Printer, after school.ID, most int) (last school.ID, err error)
}
