package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// slips is how many letters of a word may be wrong: one from four letters on,
// two from eight on, none where there are figures.
func slips(word string) int {
	if strings.ContainsAny(word, "0123456789") {
		return 0
	}
	switch letters := utf8.RuneCountInString(word); {
	case letters >= 8:
		return 2
	case letters >= 4:
		return 1
	}
	return 0
}

// mostNear is how many words are tried in place of one.
const mostNear = 10

// near lists the words of a vocabulary that somebody may have meant by another:
// those with the fewest slips, in the order of the alphabet. Of the last word, which may be
// the beginning of one, as many letters at least as were typed are compared.
func near(typed string, last bool, vocabulary []string) (found []string) {
	wanted := []rune(typed)
	for most := range slips(typed) {
		for _, known := range vocabulary {
			if means(wanted, []rune(known), most+1, last) {
				found = append(found, known)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	slices.Sort(found)
	return found[:min(len(found), mostNear)]
}

// means tells whether a word may be what was typed, or begin with it.
func means(typed, known []rune, most int, last bool) bool {
	if !last {
		return within(typed, known, most)
	}
	for length := min(len(typed), len(known)); length <= min(len(typed)+most, len(known)); length++ {
		if within(typed, known[:length], most) {
			return true
		}
	}
	return false
}

// within tells whether so many slips at most make one word of another: a letter
// too many, too few, another one, or two that changed places (the distance of
// Damerau and Levenshtein, up to two).
func within(a, b []rune, most int) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	if most == 0 || len(a) == 0 || len(b) == 0 {
		return len(a)+len(b) <= most
	}
	if len(a) > len(b)+most || len(b) > len(a)+most {
		return false
	}
	if within(a[1:], b, most-1) || within(a, b[1:], most-1) || within(a[1:], b[1:], most-1) {
		return true
	}
	return turns(a, b, most, 1) || turns(a, b, most, 2)
}

// turns tells the same where the first letter goes after another, those between
// the two being too many.
func turns(a, b []rune, most, other int) bool {
	if len(a) <= other || most < other {
		return false
	}
	turned := append([]rune{a[other], a[0]}, a[other+1:]...)
	return within(turned, b, most-other)
}
