package directory

import (
	"unicode"
)

// CalledIn is what a pupil is called in the class: the first name, and where
// others have it as many letters of the family name as tell them apart, if
// any do.
func CalledIn(pupil InClass, class []InClass) string {
	usual := []rune(pupil.Usual)
	least := 0
	for _, other := range class {
		if other.ID == pupil.ID || other.First != pupil.First {
			continue
		}
		shared := 0
		for _, letter := range other.Usual {
			if shared == len(usual) || usual[shared] != letter {
				break
			}
			shared++
		}
		if other.Usual == pupil.Usual {
			shared = 0
		}
		least = max(least, shared+1)
	}
	for least > 0 && least < len(usual) && !unicode.IsLetter(usual[least-1]) {
		least++ // not between two words
	}
	switch {
	case least == 0:
		return pupil.First
	case least >= len(usual):
		return pupil.First + " " + pupil.Usual
	}
	return pupil.First + " " + string(usual[:least]) + "."
}
