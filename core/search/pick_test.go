package search

import (
	"slices"
	"testing"
)

// Texts at hand are picked by their words as things are found: whatever the accents, the
// plurals and a slip of the finger, which counts only where nothing is written so.
func TestPick(t *testing.T) {
	texts := []string{"Sortie à la piscine", "L’école est fermée : les piscines aussi", "Payez sur http://arnaque.example", ""}
	for typed, want := range map[string][]int{
		"":               {0, 1, 2, 3},
		"piscine":        {0, 1},
		"PISCINES":       {0, 1},
		"sortie piscine": {0},
		"ecole":          {1},
		"pisine":         {0, 1}, // a slip
		"arnaqe":         {2},
		"girafe":         nil,
		"piscine girafe": nil,
	} {
		if got := Read(typed).Pick(texts); !slices.Equal(got, want) {
			t.Errorf("%q picks %v, want %v", typed, got, want)
		}
	}
	if got := Read("mot").Pick(nil); len(got) != 0 {
		t.Errorf("of nothing, %v", got)
	}
}
