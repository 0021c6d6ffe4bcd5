package portal

import (
	"preau/core/school"
	"preau/core/ui"
)

// readerOf tells how well a pupil of a level reads: nobody reads in
// maternelle, one learns in cycle 2, and a level that is not known is taken
// for one of those who read.
func readerOf(levelCode string) ui.Reader {
	switch (school.Level{Code: levelCode}).Cycle() {
	case 1:
		return ui.PreReader
	case 2:
		return ui.EarlyReader
	}
	return ui.Adult
}

// accentOf gives the colour of a child.
func accentOf(pupil school.ID) ui.Accent { return ui.AccentOf(pupil.String()) }
