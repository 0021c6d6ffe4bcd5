package search

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// slipped is every word that one slip makes of another, of a few letters.
func slipped(word, letters string) map[string]bool {
	all := map[string]bool{}
	for at := range len(word) + 1 {
		for _, letter := range strings.Split(letters, "") {
			all[word[:at]+letter+word[at:]] = true
			if at < len(word) {
				all[word[:at]+letter+word[at+1:]] = true
			}
		}
		if at < len(word) {
			all[word[:at]+word[at+1:]] = true
		}
		if at+1 < len(word) {
			all[word[:at]+word[at+1:at+2]+word[at:at+1]+word[at+2:]] = true
		}
	}
	return all
}

// Slips are those that making every one of them gives.
func TestSlips(t *testing.T) {
	const letters = "abc"
	word := rapid.StringMatching("[" + letters + "]{0,6}")
	rapid.Check(t, func(t *rapid.T) {
		a := word.Draw(t, "a")
		reached := map[string]bool{a: true}
		for most := range 3 {
			if most > 0 {
				for w := range maps.Clone(reached) {
					maps.Copy(reached, slipped(w, letters))
				}
			}
			others := []string{word.Draw(t, "b")}
			for range 5 {
				others = append(others, rapid.SampledFrom(slices.Sorted(maps.Keys(reached))).Draw(t, "near"))
			}
			for _, b := range others {
				if got := within([]rune(a), []rune(b), most); got != reached[b] {
					t.Fatalf("%d slips from %q to %q: %v", most, a, b, got)
				}
			}
		}
	})
}

// What is near is what has the fewest slips, as going through everything finds it.
func TestNear(t *testing.T) {
	const letters = "abé"
	word := rapid.StringMatching("[" + letters + "]{1,10}")
	rapid.Check(t, func(t *rapid.T) {
		typed, last := word.Draw(t, "typed"), rapid.Bool().Draw(t, "last")
		known := rapid.SliceOfNDistinct(word, 1, 12, rapid.ID[string]).Draw(t, "known")
		var want []string
		for most := 1; most <= slips(typed) && want == nil; most++ {
			for _, k := range known {
				for length := range len([]rune(k)) + 1 {
					begins := []rune(k)[:length]
					whole := length == len([]rune(k))
					if (whole || last) && (length >= len([]rune(typed)) || whole) && within([]rune(typed), begins, most) {
						want = append(want, k)
						break
					}
				}
			}
		}
		slices.Sort(want)
		want = want[:min(len(want), mostNear)]
		if got := near(typed, last, known); !slices.Equal(got, want) {
			t.Fatalf("%q, last %v, among %q: %q, want %q", typed, last, known, got, want)
		}
	})
}

// Short words and figures are what they are.
func TestWhatHasNoSlip(t *testing.T) {
	for word, want := range map[string]int{"cp": 0, "bus": 0, "sept": 1, "piscine": 1, "médiathè": 2, "mediatheque": 2, "2026": 0, "salle12": 0, "": 0} {
		if got := slips(word); got != want {
			t.Errorf("%q: %d slips, want %d", word, got, want)
		}
	}
}
