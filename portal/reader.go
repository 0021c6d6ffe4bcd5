package portal

import (
	"preau/core/school"
	"preau/core/ui"
)

// ReaderOf tells how well a pupil of a level reads: nobody reads in
// maternelle, one learns in cycle 2, and a level that is not known is taken
// for one of those who read.
func ReaderOf(levelCode string) ui.Reader {
	switch (school.Level{Code: levelCode}).Cycle() {
	case 1:
		return ui.PreReader
	case 2:
		return ui.EarlyReader
	}
	return ui.Adult
}

// AnimalOf gives the animal that a child is known by, always the same one.
// Two children of a class may share one: their first names tell them apart.
func AnimalOf(pupil school.ID) ui.Pictogram {
	return ui.Animals[spread(pupil)%uint64(len(ui.Animals))]
}

// spread scatters identifiers that were made in a row (the finalizer of
// MurmurHash3).
func spread(id school.ID) uint64 {
	h := uint64(id)
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// accentOf gives the colour of a child.
func accentOf(pupil school.ID) ui.Accent { return ui.AccentOf(pupil.String()) }
