package ui

import (
	"cmp"
	"slices"
)

// AnimalOf gives the animal that a child is known by alone, always the same
// one for the same identifier.
func AnimalOf(id uint64) Pictogram { return Animals[animal(id)] }

// AnimalsIn gives each child of a class an animal, in the order of the
// identifiers given: that of [AnimalOf], or the next one that nobody older in
// the register has taken. Two share one only where the class has more
// children than there are animals. Newcomers, whose identifiers are greater,
// take nothing from the others.
func AnimalsIn(ids []uint64) []Pictogram {
	order := make([]int, len(ids))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(ids[a], ids[b]) })
	given := make([]Pictogram, len(ids))
	taken := make([]int, len(Animals)) // by how many children
	for rank, i := range order {
		at := animal(ids[i])
		for taken[at] > rank/len(Animals) {
			at = (at + 1) % len(Animals)
		}
		given[i] = Animals[at]
		taken[at]++
	}
	return given
}

// animal is the rank of a child's animal.
func animal(id uint64) int { return int(spread(id) % uint64(len(Animals))) }

// spread scatters identifiers that were made in a row (the finalizer of
// MurmurHash3).
func spread(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
