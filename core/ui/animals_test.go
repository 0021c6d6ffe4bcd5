package ui_test

import (
	"slices"
	"testing"

	"preau/core/ui"
)

// No two children of a class share an animal while there are animals left,
// whatever the order of the list, and a newcomer moves nobody.
func TestAnimalsOfAClass(t *testing.T) {
	var ids []uint64
	for i := range uint64(2*len(ui.Animals) + 5) {
		ids = append(ids, 1000+i<<21)
		given := ui.AnimalsIn(ids)
		counts := map[ui.Pictogram]int{}
		for _, animal := range given {
			counts[animal]++
		}
		for animal, n := range counts {
			if most := (len(ids)-1)/len(ui.Animals) + 1; n > most {
				t.Fatalf("of %d children, %d are a %s", len(ids), n, animal)
			}
		}
		if before := ui.AnimalsIn(ids[:i]); !slices.Equal(before, given[:i]) {
			t.Fatalf("the child number %d changes the animals of the others", i)
		}
	}
	given := ui.AnimalsIn(ids)
	slices.Reverse(ids)
	turned := ui.AnimalsIn(ids)
	slices.Reverse(turned)
	if !slices.Equal(given, turned) {
		t.Error("the order of the list changes the animals")
	}
	if alone := ui.AnimalsIn(ids[:1]); alone[0] != ui.AnimalOf(ids[0]) {
		t.Errorf("alone, a child is a %s, and a %s", alone[0], ui.AnimalOf(ids[0]))
	}
}
